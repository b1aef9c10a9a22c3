/// The attempts that an absolute test leaves out because the baseline was not within bounds itself.

import Testing

@testable import RolloutJudge

@Suite("NeighbourhoodGate")
struct NeighbourhoodGateTests {
  /// One exchange of each arm in turn; what is bad where.
  static func counted(
    _ count: Int, candidateBad: (Int) -> Bool, baselineBad: (Int) -> Bool
  ) -> (n: Int, bad: Int) {
    var gate = NeighbourhoodGate(allowed: 0.02 / 1.5)
    var (n, bad, ordinal) = (0, 0, 0)
    func take(_ changes: [NeighbourhoodGate.Change]) {
      for change in changes {
        n += change.n
        bad += change.bad
      }
    }
    for index in 0..<count {
      let isCandidate = index % 2 == 1
      let (changes, counts) = gate.began(index, ordinal: ordinal, isCandidate: isCandidate, cuts: false)
      take(changes)
      if isCandidate {
        ordinal += 1
        if counts { n += 1 }
        if candidateBad(index), gate.candidateTurnedBad(index) { bad += 1 }
      } else if baselineBad(index) {
        take(gate.baselineTurnedBad(index))
      }
    }
    return (n, bad)
  }

  @Test("a bad candidate beside a good baseline counts whole")
  func open() {
    #expect(Self.counted(4000, candidateBad: { _ in true }, baselineBad: { $0 % 400 == 0 }) == (2000, 2000))
  }

  @Test("in an outage of both arms hardly anything counts, and what is around it does")
  func outage() {
    let isOn: (Int) -> Bool = { (2000..<2200).contains($0) && $0 % 4 < 2 }
    let (n, bad) = Self.counted(4000, candidateBad: isOn, baselineBad: isOn)
    #expect(bad == 0 && n > 1500)
  }

  @Test("few exchanges of the baseline are enough where they are all bad")
  func start() {
    #expect(Self.counted(12, candidateBad: { _ in true }, baselineBad: { _ in true }).bad == 0)
  }

  @Test("goes on after a restart where it was")
  func saving() {
    var gate = NeighbourhoodGate(allowed: 0.01)
    for index in 0..<1000 {
      _ = gate.began(index, ordinal: index / 2, isCandidate: index % 2 == 1, cuts: false)
      if index % 2 == 0, index % 50 == 0 { _ = gate.baselineTurnedBad(index) }
    }
    var again = NeighbourhoodGate(allowed: 0.01)
    again.restore(gate.saved(next: 1000))
    for index in 0..<500 {
      let before = gate.began(1000 + index, ordinal: 500, isCandidate: index % 2 == 1, cuts: false)
      let after = again.began(index, ordinal: 500, isCandidate: index % 2 == 1, cuts: false)
      #expect(before.counts == after.counts && before.changes == after.changes)
    }
  }
}
