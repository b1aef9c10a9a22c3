/// A rollback that the journal goes on without, under the journal's own numbers.

import RolloutJudge

extension Decision {
  /// The same rollback with the next number, from the weights that were left. Where it follows that decision already, it stays as it is.
  func following(_ last: Decision) -> Decision {
    guard seq != last.seq + 1 || weightsBefore != last.weightsAfter else { return self }
    var moved = self
    moved.seq = last.seq + 1
    moved.at = max(at, last.at)
    (moved.stage, moved.stageIndex) = (last.stage, last.stageIndex)
    moved.weightsBefore = last.weightsAfter
    moved.weightsAfter = last.weightsAfter
    // A candidate that loses one model keeps its weight for the others.
    guard model == nil else { return moved }
    for name in candidate.map({ [$0] }) ?? Array(last.weightsAfter.keys) { moved.weightsAfter[name] = 0 }
    return moved
  }
}
