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
    for stratum in 0..<strata.count { beginStratum(candidate, stratum, at: at) }
    beginWhole(candidate, at: at)
  }

  private mutating func beginStratum(_ candidate: Int, _ stratum: Int, at: Instant) {
    strata.live[candidate][stratum] = freshStratum(candidate, .live, stratum, at: at)
    strata.shadow[candidate][stratum] = freshStratum(candidate, .shadow, stratum, at: at)
  }

  /// A model was taken back: the tests of all requests begin anew without it, those of the models that are left go on.
  mutating func beginRest(_ candidate: Int, at: Instant) {
    suspects[candidate] = false
    for stratum in 0..<strata.count {
      if isWithheld(stratum, from: candidate) {
        beginStratum(candidate, stratum, at: at)
      } else {
        // What had crossed beside it has been forgotten with it, and is looked for again.
        (strata.live[candidate][stratum].isStale, strata.shadow[candidate][stratum].isStale) = (true, true)
      }
    }
    beginWhole(candidate, at: at)
  }

  private func isWithheld(_ stratum: Int, from candidate: Int) -> Bool {
    stratum < strata.models.count
      ? withheld[candidate].contains(strata.models[stratum]) : withheld[candidate].othersThan != nil
  }

  private mutating func beginWhole(_ candidate: Int, at: Instant) {
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
