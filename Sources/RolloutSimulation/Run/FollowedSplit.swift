/// The split table that a directive asks for: a rehearsal shares requests out with the very table that the proxy uses.

import RolloutJudge
import TrafficSplit

extension SplitTable {
  /// A rolled-back candidate keeps its place in the layout, so that nobody else's units move.
  init(_ playbook: Playbook, following directive: Directive) {
    let stages = playbook.stages.prefix(directive.stageIndex + 1).map { stage in
      stage.weights.indices.map { directive.isClosed[$0] || directive.weights[$0] > 0 ? stage.weights[$0] : 0 }
    }
    self.init(
      salt: SplitTable.salt(rollout: playbook.name), stages: stages, stage: directive.stageIndex,
      closed: directive.isClosed, rules: playbook.traffic.rules, shadow: directive.shadow,
      models: playbook.candidates.map(\.models), sticky: playbook.traffic.sticky)
  }
}

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
