/// The split table that a directive asks for: one for the proxy and for rehearsals.

package import TrafficSplit

extension SplitTable {
  /// A rolled-back candidate keeps its place in the layout, so that nobody else's units move, and so does one that is behind the
  /// others, which uses the lower part of it; one that merely must not serve now (no journal, not started, aborted) has none.
  package convenience init(_ playbook: Playbook, following directive: Directive) {
    let keepsPlace = directive.weights.indices.map {
      directive.isClosed[$0] || directive.isBehind[$0] || directive.weights[$0] > 0
    }
    var stages = playbook.stages.prefix(directive.stageIndex + 1).map { stage in
      stage.weights.indices.map { keepsPlace[$0] ? stage.weights[$0] : 0 }
    }
    var stage = directive.stageIndex
    if directive.isBehind.contains(true), let last = stages.last {
      stages.append(last.indices.map { directive.isBehind[$0] ? directive.weights[$0] : last[$0] })
      stage += 1
    }
    self.init(
      salt: SplitTable.salt(rollout: playbook.name), stages: stages, stage: stage,
      closed: directive.isClosed, rules: playbook.traffic.rules, shadow: directive.shadow,
      models: playbook.candidates.map(\.models), withheld: directive.withheld,
      policies: playbook.candidates.map(\.outgoing.eligibility), copied: playbook.shadow.endpoints,
      sticky: playbook.traffic.sticky)
  }
}
