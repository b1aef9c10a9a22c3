/// `min_rate`: a stage that only saw a quiet night does not end.

import RolloutJudge
import Testing

@Suite("PeakWatch")
struct PeakWatchTests {
  static func minute(_ rig: inout Rig, requests: Int) {
    for _ in 0..<requests {
      let start = rig.start(.litellm, shares: [])
      rig.end(start, after: .milliseconds(10))
    }
    rig.pass(.seconds(60))
  }

  @Test("a stage waits until it has been as busy as that share of the busiest minute")
  func peak() {
    var stages = [
      Plans.stage("one", weight: 0.5, hold: .seconds(120)), Plans.stage("two", weight: 0.6, hold: .seconds(120)),
    ]
    stages[1].minRate = 0.8
    stages.append(Plans.stage("three", weight: 0.7))
    var rig = Rig(Plans.playbook(stages))
    Self.minute(&rig, requests: 100)
    Self.minute(&rig, requests: 20)
    Self.minute(&rig, requests: 20)
    #expect(rig.last?.stage == "two")
    for _ in 0..<4 { Self.minute(&rig, requests: 60) }
    #expect(rig.waitingFor == "min_rate" && rig.last?.reason == "min_rate")
    #expect(rig.last?.message == "holding in two: not as busy as it has been")
    Self.minute(&rig, requests: 80)
    #expect(rig.last?.decision == .advance && rig.last?.stage == "three")
  }
}
