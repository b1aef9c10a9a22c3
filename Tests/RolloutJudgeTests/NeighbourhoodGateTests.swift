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

  @Test("a block is open where each of its surroundings is within bounds, summed up by hand", arguments: 1...20)
  func surroundings(seed: UInt64) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15
    func draw(_ below: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % below
    }
    var gate = NeighbourhoodGate(allowed: 0.02)
    for index in 0..<2000 {
      let isCandidate = draw(4) == 0
      _ = gate.began(index, ordinal: index, isCandidate: isCandidate, cuts: draw(60) == 0)
      if !isCandidate, draw(index % 700 < 100 ? 4 : 50) == 0 { _ = gate.baselineTurnedBad(index) }
      if !isCandidate, draw(200) == 0 { gate.baselineExcluded(index) }
    }
    _ = gate.began(2000, ordinal: 2000, isCandidate: false, cuts: true)
    // All but the newest block have just been looked through; of the oldest ones what lies before is not saved.
    let blocks = gate.saved(next: 0).dropLast().map { (n: $0[3], bad: $0[4], isOpen: $0[7] == 1) }
    for place in 12..<blocks.count {
      let isWithin = [1, 3, 12].allSatisfy { reach in
        let around = blocks[(place - reach)...min(blocks.count - 1, place + reach)]
        let expected = Double(around.reduce(0) { $0 + $1.n }) * 0.02
        return Double(around.reduce(0) { $0 + $1.bad }) <= expected + 2 * expected.squareRoot()
      }
      #expect(blocks[place].isOpen == isWithin)
    }
  }
}
