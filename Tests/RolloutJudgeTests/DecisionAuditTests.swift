/// The audit finds nothing wrong with what the judge decides, and finds what was tampered with.

import Dialects
import RolloutJudge
import Testing
import TrafficSplit

@Suite("DecisionAudit")
struct DecisionAuditTests {
  static let playbook = Plans.playbook(
    [Plans.stage("shadow", shadow: 1), Plans.stage("canary", weight: 0.1)],
    rollback: [Condition(metric: .errorRate, above: 0.02, ratioAbove: 1.5)])

  static func journal() throws -> [Decision] {
    var rig = Rig(playbook)
    try rig.command(.promote)
    for index in 0..<200 where rig.state == .running {
      rig.attempt(index % 10 == 0 ? .litellm : .baseline, index % 10 == 0 ? .failed : .ok)
    }
    try rig.command(.rearm(stage: "canary"))
    return rig.decisions
  }

  @Test("what the judge decides follows")
  func follows() throws {
    let journal = try Self.journal()
    #expect(journal.map(\.decision) == [.start, .advance, .rollback, .rearm])
    #expect(DecisionAudit.faults(in: journal, playbook: Self.playbook) == [])
    #expect(DecisionAudit.faults(in: journal) == [])
    var late = Rig(Plans.canary(0.5, Condition(metric: .latencyP95, above: 100)))
    for _ in 0..<30 where late.state == .running { late.attempt(.litellm, after: .seconds(1)) }
    #expect(late.state == .rolledBack)
    #expect(
      DecisionAudit.faults(
        in: late.decisions, playbook: Plans.canary(0.5, Condition(metric: .latencyP95, above: 100))) == [])
  }

  @Test("what was changed afterwards does not follow")
  func tampered() throws {
    func faults(_ change: (inout [Decision]) -> Void) throws -> [String] {
      var journal = try Self.journal()
      change(&journal)
      return DecisionAudit.faults(in: journal, playbook: Self.playbook).map(\.description)
    }
    #expect(try faults { $0.remove(at: 1) }.first == "decision 3: does not follow decision 1")
    #expect(try faults { $0[2].evidence?.candidate.bad = 1 }.first?.hasPrefix("decision 3: 1 bad of ") == true)
    #expect(try faults { $0[2].evidence?.threshold = 10 }.first?.hasPrefix("decision 3: the bar was 10.0") == true)
    #expect(try faults { $0[2].evidence?.eValue = 50 }.count == 2)
    #expect(
      try faults { $0[2].weightsAfter = ["litellm": 0.1] }.first
        == "decision 3: gives weight to litellm, which is rolled back")
    #expect(try faults { $0[0].weightsAfter = ["litellm": 1] }.first?.contains("decision 2") == true)
    #expect(try faults { $0[2].evidence = nil } == ["decision 3: names a metric but records no evidence"])
  }
}
