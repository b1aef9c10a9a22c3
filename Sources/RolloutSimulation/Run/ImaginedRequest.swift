/// What the requests of a rehearsal look like to the split and its rules.

import RolloutJudge
import TrafficSplit

/// Every request of a kind looks like this one: to a chat endpoint, for a model that the candidates serve, unless it is said
/// otherwise.
struct ImaginedRequest: RequestAttributes {
  let path: String
  let model: String?
  private let headers: [String: String]
  private let body: [String: String]

  init(_ playbook: Playbook, _ kind: RequestKind) {
    self.init(
      model: kind.model ?? Self.mostServed(playbook), path: kind.path, headers: kind.headers, body: kind.body)
  }

  /// The model of the playbook that most candidates serve, one without a rule before one with.
  private static func mostServed(_ playbook: Playbook) -> String? {
    let ids = playbook.candidates.flatMap(\.models.lines).map { line in
      line.from.pattern.split(separator: "*", omittingEmptySubsequences: false).joined(separator: "any")
    }
    var best: (id: String, score: Int)?
    for id in ids {
      let served = playbook.candidates.count { $0.models.candidateModel(for: id) != nil }
      let isRuled = playbook.traffic.rules.contains { $0.matches(ImaginedRequest(model: id)) }
      let score = served * 2 - (isRuled ? 1 : 0)
      if score > best?.score ?? 0 { best = (id, score) }
    }
    return best?.id
  }

  private init(
    model: String?, path: String? = nil, headers: [String: String] = [:], body: [String: String] = [:]
  ) {
    self.model = model
    self.path = path ?? "/v1/chat/completions"
    self.headers = headers
    self.body = body
  }

  func header(_ lowercasedName: String) -> String? { headers[lowercasedName] }
  func bodyValue(_ path: String) -> String? { body[path] }
}
