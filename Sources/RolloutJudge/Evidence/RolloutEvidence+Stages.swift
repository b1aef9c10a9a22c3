/// Stages that are entered and candidates that come and go, on their way to the tests.

import TrafficSplit

extension RolloutEvidence {
  /// Stages that show the candidate, after the first that does.
  static func entries(_ playbook: Playbook, _ candidate: Int, _ population: Population) -> Int {
    max(0, playbook.stages.count { isShown(candidate, population, in: $0) } - 1)
  }

  static func isShown(_ candidate: Int, _ population: Population, in stage: Stage) -> Bool {
    let shares = population == .live ? stage.weights : stage.shadow
    return shares.indices.contains(candidate) && shares[candidate] > 0
  }

  /// By all candidates together.
  mutating func stageEntered() {
    splits = splits.map { _ in SplitWatch() }
    costs.stageEntered()
    let changed = limits.stageEntered()
    if changed != 0 { limitsChanged(changed) }
  }

  /// By one candidate, alone or with others: its proofs are about this stage, and its tests begin anew beside what they know.
  mutating func stageEntered(by candidate: Int, _ stage: Stage) {
    splits[candidate] = SplitWatch()
    guard !isClosed[candidate] else { return }
    for population in [Population.live, .shadow] {
      let isShown = Self.isShown(candidate, population, in: stage)
      self[candidate, population].stageEntered(from: ring.tail, isShown: isShown, at: latest)
      // Where no live request had a control yet, the originals of copies are one.
      if population == .live { live[candidate].adoptControls(of: shadow[candidate]) }
      for stratum in 0..<strata.count {
        strata[candidate, population, stratum].stageEntered(from: ring.tail, isShown: isShown, at: latest)
      }
    }
  }

  mutating func close(_ candidate: Int) { isClosed[candidate] = true }

  /// The candidate begins anew: a person has said that it is another one now.
  mutating func reopen(_ candidate: Int, at: Instant) {
    isClosed[candidate] = false
    suspects[candidate] = false
    for stratum in 0..<strata.count {
      strata.live[candidate][stratum] = freshStratum(candidate, .live, stratum, at: at)
      strata.shadow[candidate][stratum] = freshStratum(candidate, .shadow, stratum, at: at)
    }
    let (arm, first, before) = (ArmIndex.candidate(candidate), ring.tail, live[candidate])
    live[candidate] = TestSet(
      plan, candidate: arm, .live, remembersUnits: remembersUnits, entries: entries.live[candidate],
      firstIndex: first, since: at)
    // What the baseline was does not depend on who comes after.
    live[candidate].adoptControls(of: before)
    shadow[candidate] = TestSet(
      plan, candidate: arm, .shadow, remembersUnits: remembersUnits, entries: entries.shadow[candidate],
      firstIndex: first, since: at)
  }
}
