/// An event that an operator is told. None has a field for a body, a header or a URL: prompts and keys have no way in.

package import Dialects
package import RolloutJudge

package enum OperatorEvent: Sendable {
  case decision(Decision)
  /// - Parameter refusal: why it was refused; nil where it was done.
  case command(String, actor: String, reason: String?, refusal: String?)
  /// The journal's last decision is in force again.
  case restored(RestoredRollout)
  /// - Parameter changes: one for each setting, in words.
  case configChanged(playbook: String, sha256: String, before: String?, changes: [String] = [])
  /// - Parameter problems: all of them, as `crossfade check` says them.
  case configRefused(playbook: String, problems: [String])

  case exchange(LoggedExchange)
  case fallback(id: String, candidate: String, outcome: Outcome, status: Int?)
  /// - Parameter count: copies not sent since the last such event.
  case shadowDropped(candidate: String, reason: ShadowDrop, count: Int)
  /// No line of the candidate's `models` matches this one; told once.
  case modelUnmapped(candidate: String, model: String)
  /// - Parameter estimated: USD of `spent` that is an upper estimate, since nobody says what it was.
  case budgetSpent(candidate: String?, spent: Double, budget: Double, estimated: Double = 0, resumesAt: Instant)
  /// An arm may cost no more today; with a tag, such as `team=search`, only the exchanges that have it.
  case armBudgetSpent(
    candidate: String, tag: String?, spent: Double, budget: Double, estimated: Double = 0, resumesAt: Instant)
  case upstreamDown(arm: String, host: String, port: Int, cause: UpstreamCause, failures: Int)
  case upstreamUp(arm: String, host: String, port: Int, downFor: Duration)
  /// An arm's answer to the first, free question.
  ///
  /// - Parameter result: one of `armResults`.
  case armAsked(arm: String, host: String, port: Int, result: String, message: String)
  /// - Parameter count: how often it bit since the last such event.
  case limitReached(name: String, allowed: Int, count: Int)
  /// The process's descriptors that traffic may have, at the start.
  case limitsFitted(FittedLimits)

  case journalFailed(error: String)
  case journalRecovered(after: Duration)
  case webhookFailed(to: String, seq: Int, attempts: Int, status: Int?, error: String?)

  case listening(ListeningService, host: String, port: Int)
  case draining(open: Int, limit: Duration)
  case stopped(cutOff: Int)
}

package enum ListeningService: String, Sendable, CaseIterable { case proxy, admin }

/// The words for what an arm's catalogue told at the start.
package let armResults = ["ok", "wrong_key", "no_key", "wrong_path", "unreachable", "untrusted", "unclear"]

/// Why an arm cannot be reached.
package enum UpstreamCause: String, Sendable, CaseIterable {
  case dns, connect, tls, timeout, reset, closed
  case protocolError = "protocol"
}

/// How many connections there may be, beside how many were asked for.
package struct FittedLimits: Sendable {
  package struct Share: Sendable {
    package var allowed: Int
    package var asked: Int

    package init(allowed: Int, asked: Int) {
      self.allowed = allowed
      self.asked = asked
    }
  }

  /// That the process may have, and of these what traffic may not.
  package var descriptors: Int
  package var reserve: Int
  package var clients: Share
  package var upstreams: Share
  package var copies: Share

  package init(descriptors: Int, reserve: Int, clients: Share, upstreams: Share, copies: Share) {
    self.descriptors = descriptors
    self.reserve = reserve
    self.clients = clients
    self.upstreams = upstreams
    self.copies = copies
  }
}

package struct RestoredRollout: Sendable {
  package var rollout: String
  package var state: RolloutState
  package var stage: String
  package var weights: [String: Double]
  /// The last decision in the journal.
  package var seq: Int

  package init(rollout: String, state: RolloutState, stage: String, weights: [String: Double], seq: Int) {
    self.rollout = rollout
    self.state = state
    self.stage = stage
    self.weights = weights
    self.seq = seq
  }
}

/// One attempt on an arm, for the sampled `exchange` lines.
package struct LoggedExchange: Sendable {
  /// `x-crossfade-id`.
  package var id: String
  package var arm: String
  package var population: Population
  package var outcome: Outcome
  /// Without its query.
  package var path: String?
  package var model: String?
  package var status: Int?
  package var latency: Duration?
  package var ttft: Duration?
  /// USD; nil where unknown.
  package var cost: Double?

  package init(
    id: String, arm: String, population: Population, outcome: Outcome, path: String? = nil, model: String? = nil,
    status: Int? = nil, latency: Duration? = nil, ttft: Duration? = nil, cost: Double? = nil
  ) {
    self.id = id
    self.arm = arm
    self.population = population
    self.outcome = outcome
    self.path = path
    self.model = model
    self.status = status
    self.latency = latency
    self.ttft = ttft
    self.cost = cost
  }
}
