/// The relative test: whose bad attempts they are, against how many exchanges each arm was given.

import Testing

@testable import RolloutJudge

@Suite("RelativeTest")
struct RelativeTestTests {
  struct Scene {
    var r0 = 1.5
    var weight = 0.05
    var baseline = 0.01
    var candidate = 0.01
    var late = 0.10
    var healthyFirst = 0
    var most = 40_000
    var alpha = 0.01
  }

  /// Requests of both arms, and of the candidate, from the regression to the crossing.
  static func requests(_ scene: Scene, _ random: inout SeededGenerator) -> (all: Int, candidate: Int)? {
    var test = RelativeTest(r0: scene.r0, against: .worse, remembersUnits: false, since: Plans.epoch)
    var candidates = 0
    for request in 0..<(scene.healthyFirst + scene.most) {
      let isCandidate = random.chance(scene.weight)
      let isLate = request >= scene.healthyFirst
      if isCandidate && isLate { candidates += 1 }
      let share = isCandidate ? (isLate ? scene.late : scene.candidate) : scene.baseline
      guard random.chance(share) else { continue }
      test.weigh(
        isCandidate ? .candidate : .baseline, share: scene.weight, unit: 0, at: Plans.epoch, reference: SignalTally())
      if isLate && test.value >= 1 / scene.alpha { return (request + 1 - scene.healthyFirst, candidates) }
    }
    return nil
  }

  static func medians(_ scene: Scene, runs: Int) -> (all: Int, candidate: Int) {
    var random = SeededGenerator(seed: 5)
    let found = (0..<runs).map { _ in requests(scene, &random) ?? (scene.most, scene.most) }
    return (found.map(\.all).sorted()[runs / 2], found.map(\.candidate).sorted()[runs / 2])
  }

  @Test("catches 1% to 10% at a weight of 5% within so many candidate requests")
  func fresh() {
    #expect(Self.medians(Scene(), runs: 200).candidate <= 85)
    #expect(Self.medians(Scene(r0: 1), runs: 200).candidate <= 60)
  }

  @Test("catches it as soon, nearly, after 60,000 good requests")
  func late() {
    #expect(Self.medians(Scene(healthyFirst: 60_000), runs: 31).all <= 3500)
    #expect(Self.medians(Scene(r0: 1, healthyFirst: 60_000), runs: 31).all <= 2600)
  }

  @Test("at the limit, at most one run in a hundred crosses")
  func promise() {
    var random = SeededGenerator(seed: 9)
    let runs = 500
    let scene = Scene(r0: 1.5, weight: 0.2, baseline: 0.04, candidate: 0.06, late: 0.06, most: 6000)
    let crossed = (0..<runs).filter { _ in Self.requests(scene, &random) != nil }
    #expect(Double(crossed.count) <= 0.01 * Double(runs) + 3 * (0.01 * 0.99 * Double(runs)).squareRoot())
  }

  @Test("only a unit's first bad attempt counts, for each start anew")
  func units() {
    var test = RelativeTest(r0: 1, against: .worse, remembersUnits: true, since: Plans.epoch)
    func weigh(_ unit: UInt32) {
      test.weigh(.candidate, share: 0.5, unit: unit, at: Plans.epoch, reference: SignalTally())
    }
    weigh(1)
    let once = test.value
    for _ in 0..<5 { weigh(1) }
    #expect(test.value == once)
    #expect(test.starts.count == 1)
    // The seventh bad attempt begins the second start, which hears the unit for the first time.
    weigh(1)
    #expect(test.starts.count == 2)
    #expect(test.starts[1].values.sum() > 1)
    let twice = test.value
    weigh(1)
    #expect(test.value == twice)
  }

  @Test("a start older than a forgotten unit counts unknown units no more")
  func forgetting() {
    var test = RelativeTest(r0: 1, against: .better, remembersUnits: true, since: Plans.epoch)
    for unit in 0..<UInt32(UnitMemory.capacity + 10) {
      test.weigh(.baseline, share: 0.5, unit: unit, at: Plans.epoch, reference: SignalTally())
    }
    let before = test.value
    test.weigh(.baseline, share: 0.5, unit: 900_000, at: Plans.epoch, reference: SignalTally())
    #expect(test.value == before)
    #expect(test.units.forgottenThrough == 11)
  }

  @Test("a preview weighs as the test would, and leaves the test alone")
  func preview() {
    var test = RelativeTest(r0: 1.5, against: .worse, remembersUnits: true, since: Plans.epoch)
    let before = test.value
    var preview = RelativeTest.Preview(test)
    for unit in 1...6 as ClosedRange<UInt32> { preview.weigh(.candidate, share: 0.05, unit: unit, memory: test.units) }
    #expect(test.value == before)
    #expect(preview.best <= test.bound(after: 6))
    for unit in 1...6 as ClosedRange<UInt32> {
      test.weigh(.candidate, share: 0.05, unit: unit, at: Plans.epoch, reference: SignalTally())
    }
    #expect(preview.best == test.value)
  }

  @Test("is the same after being saved")
  func saving() {
    var random = SeededGenerator(seed: 2)
    var test = RelativeTest(r0: 1.2, against: .worse, remembersUnits: true, since: Plans.epoch)
    func step(_ test: inout RelativeTest, _ unit: UInt32, _ isCandidate: Bool) {
      test.weigh(
        isCandidate ? .candidate : .baseline, share: 0.1, unit: unit, at: Plans.epoch, reference: SignalTally())
    }
    for _ in 0..<2000 { step(&test, UInt32.random(in: 0..<9000, using: &random), random.chance(0.1)) }
    var restored = RelativeTest(r0: 1.2, against: .worse, remembersUnits: true, since: Plans.epoch)
    restored.restore(test.saved)
    for _ in 0..<500 {
      let (unit, isCandidate) = (UInt32.random(in: 0..<9000, using: &random), random.chance(0.1))
      step(&test, unit, isCandidate)
      step(&restored, unit, isCandidate)
    }
    #expect(restored.value == test.value)
    #expect(restored.saved == test.saved)
  }
}
