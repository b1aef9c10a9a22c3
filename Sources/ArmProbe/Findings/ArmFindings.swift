/// The findings about one arm: measurements and answers, no judgement yet.

package struct ArmFindings: Sendable, Equatable {
  package var name: String
  package var role: ProbeTarget.Role
  package var url: String
  /// Whether its key is sent to another machine in the clear.
  package var exposesKey: Bool
  package var remoteAddress: String?
  /// The version that the sidecar would use, such as `1.1`.
  package var httpVersion: String?
  package var offersHTTP2 = false
  package var certificate: Certificate?
  /// Why it could not be reached at all.
  package var unreachable: TransferFailure?
  /// `GET models`, each on a new connection.
  package var fresh: PhaseTimes?
  /// `GET models` on a connection that is open.
  package var kept: PhaseTimes?
  /// Small streamed questions on a connection that is open; nil where none was asked.
  package var asked: PhaseTimes?
  /// Nil where that was not seen.
  package var keepsConnections: Bool?
  package var authentication = AuthenticationFinding.notAsked
  package var listing = ModelListing.unknown
  package var models: [ModelFinding] = []
  package var question: QuestionFinding?
  /// Nil of an arm that makes nothing by jobs.
  package var media: MediaFindings?
  /// It answers no text.
  package var isOfJobsAlone = false
  /// Requests that failed among others that did not.
  package var stumbles: [TransferFailure] = []
  package var freeRequests = 0
  package var billedRequests = 0

  package init(name: String, role: ProbeTarget.Role, url: String, exposesKey: Bool = false) {
    self.name = name
    self.role = role
    self.url = url
    self.exposesKey = exposesKey
  }
}

/// Whether the arm takes its key.
package enum AuthenticationFinding: Sendable, Equatable {
  /// Nothing was asked, because it cannot be reached.
  case notAsked
  /// The application's own key is passed through, and none was given to probe with.
  case passedThrough
  /// It answers without a key, and none is configured.
  case notNeeded
  /// It answered with the key what it does not answer without, or a question with it.
  case accepted
  /// 401 or 403.
  case refused(status: Int, hasKey: Bool)
  /// 402: the key is known, its account is empty.
  case unpaid
  /// It answers whoever asks, so the key has not been tried.
  case unproven
  /// It answered neither yes nor no.
  case unclear(status: Int)
}

/// Whether the arm says which models it has.
package enum ModelListing: Sendable, Equatable {
  case unknown
  case listed(count: Int, isComplete: Bool)
  /// It has no such list, or keeps it to itself.
  case refused(status: Int)
  /// Its answer is no list of models.
  case unreadable
}

/// The finding about one model that the playbook maps.
package struct ModelFinding: Sendable, Equatable {
  package enum State: Sendable, Equatable {
    /// How many ids match; 1 for an id without a pattern.
    case listed(matches: Int)
    /// It is in no list, but a question to it was answered.
    case answered
    case missing(nearest: String?)
    /// A question to it was refused.
    case refused(status: Int)
    case unknown
  }

  /// The arm's own id.
  package var model: String
  package var state: State

  package init(model: String, state: State) {
    self.model = model
    self.state = state
  }
}

/// How small questions were answered.
package enum QuestionFinding: Sendable, Equatable {
  case answered(model: String)
  /// Under a good status, but without a token.
  case silent(model: String)
  /// An error under a good status.
  case errorInBody(model: String, kind: String)
  case refused(model: String, status: Int)
  case failed(model: String, TransferFailure)
  /// No id is known to ask.
  case noModel
}
