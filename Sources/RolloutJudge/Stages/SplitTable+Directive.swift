/// The split table that a directive asks for: one for the proxy and for rehearsals.

package import TrafficSplit

extension SplitTable {
  /// A rolled-back candidate keeps its place in the layout, so that nobody else's units move; one that merely must not serve now (no
  /// journal, not started, aborted) has none at all.
  package init(_ playbook: Playbook, following directive: Directive) {
    let stages = playbook.stages.prefix(directive.stageIndex + 1).map { stage in
      stage.weights.indices.map { directive.isClosed[$0] || directive.weights[$0] > 0 ? stage.weights[$0] : 0 }
    }
    self.init(
      salt: SplitTable.salt(rollout: playbook.name), stages: stages, stage: directive.stageIndex,
      closed: directive.isClosed, rules: playbook.traffic.rules, shadow: directive.shadow,
      models: playbook.candidates.map(\.models), policies: playbook.candidates.map(\.outgoing.eligibility),
      sticky: playbook.traffic.sticky)
  }
}
