/// What the requests of a rehearsal look like to the split and its rules.

import RolloutJudge
import TrafficSplit

/// Every request of a rehearsal looks like this one: to a chat endpoint, for a model that the candidates serve.
struct ImaginedRequest: RequestAttributes {
  let path = "/v1/chat/completions"
  let model: String?

  /// The model of the playbook that most candidates serve, one without a rule before one with.
  init(_ playbook: Playbook) {
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
    self.init(model: best?.id)
  }

  private init(model: String?) { self.model = model }

  func header(_ lowercasedName: String) -> String? { nil }
  func bodyValue(_ path: String) -> String? { nil }
}
