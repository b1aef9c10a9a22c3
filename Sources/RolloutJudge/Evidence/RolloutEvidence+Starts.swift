/// Which attempts concern a candidate, when they begin.

import TrafficSplit

extension RolloutEvidence {
  mutating func started(_ start: AttemptStart) {
    guard concerns(start) else { return }
    if isSomeWithheld { began(withoutWithheld(start)) } else { began(start) }
  }

  private func concerns(_ start: AttemptStart) -> Bool {
    guard start.population == .live || start.population == .shadow else { return false }
    if start.arm.isBaseline { return start.population == .live && (isCopying || start.shares.contains { $0 > 0 }) }
    guard start.arm.candidate < live.count, !isClosed[start.arm.candidate] else { return false }
    // One that was on its way when its model was taken back.
    guard isSomeWithheld, let model = start.model else { return true }
    return !withheld[start.arm.candidate].contains(model)
  }

  /// Who lacks the model could not have been given the request.
  private func withoutWithheld(_ start: AttemptStart) -> AttemptStart {
    guard let model = start.model else { return start }
    var start = start
    for candidate in start.shares.indices
    where candidate < withheld.count && withheld[candidate].contains(model) {
      start.shares[candidate] = 0
    }
    return start
  }
}
