/// The audit finds nothing wrong with what the judge decides, and finds what was tampered with.

import Dialects
import Foundation
import Testing
import TrafficSplit

@testable import RolloutJudge

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
    #expect(DecisionAudit.faults(in: journal, playbooks: [Self.playbook]) == [])
    #expect(DecisionAudit.faults(in: journal) == [])
    var late = Rig(Plans.canary(0.5, Condition(metric: .latencyP95, above: 100)))
    for _ in 0..<30 where late.state == .running { late.attempt(.litellm, after: .seconds(1)) }
    #expect(late.state == .rolledBack)
    #expect(
      DecisionAudit.faults(
        in: late.decisions, playbooks: [Plans.canary(0.5, Condition(metric: .latencyP95, above: 100))]) == [])
  }

  @Test("what was changed afterwards does not follow")
  func tampered() throws {
    func faults(_ change: (inout [Decision]) -> Void) throws -> [String] {
      var journal = try Self.journal()
      change(&journal)
      return DecisionAudit.faults(in: journal, playbooks: [Self.playbook]).map(\.description)
    }
    #expect(try faults { $0.remove(at: 1) }.first == "decision 3: does not follow decision 1")
    #expect(try faults { $0[2].evidence?.candidate.bad = 1 }.first?.hasPrefix("decision 3: 1 bad of ") == true)
    #expect(try faults { $0[2].evidence?.threshold = 10 }.contains { $0.hasPrefix("decision 3: the bar was 10.0") })
    #expect(try faults { $0[2].evidence?.eValue = 50 }.count == 2)
    #expect(
      try faults { $0[2].weightsAfter = ["litellm": 0.1] }.first
        == "decision 3: gives weight to litellm, which is rolled back")
    #expect(try faults { $0[0].weightsAfter = ["litellm": 1] }.contains { $0.hasPrefix("decision 2") })
    #expect(
      try faults { $0[0].weightsAfter = ["litellm": 1] }.first == "decision 1: gives litellm 100.0%, stage shadow 0.0%")
    #expect(try faults { $0[2].evidence = nil } == ["decision 3: names a metric but records no evidence"])
  }

  @Test("older journals, without the counts of every start, are held against their bar, and said not to be recomputed")
  func older() throws {
    var journal = try Self.journal()
    journal[2].evidence?.basis = nil
    journal[2].evidence?.alpha = nil
    journal[2].evidence?.budget = nil
    journal[2].evidence?.population = nil
    #expect(DecisionAudit.faults(in: journal, playbooks: [Self.playbook]) == [])
    #expect(!DecisionAudit.isComplete(journal[2]) && DecisionAudit.isComplete(journal[1]))
    journal[2].evidence?.candidate.bad = 1
    #expect(DecisionAudit.faults(in: journal).count == 1)
  }

  /// A decision whose tests have begun anew several times, at several shares, with sticky units.
  static func long() -> (journal: [Decision], playbook: Playbook) {
    let stages = [
      Plans.stage("a", weight: 0.1, hold: .seconds(100), minSamples: 50),
      Plans.stage("b", weight: 0.3, hold: .seconds(100_000)),
    ]
    let playbook = Plans.playbook(
      stages, rollback: [Condition(metric: .errorRate, above: 0.02, ratioAbove: 1.5)], sticky: true)
    var rig = Rig(playbook)
    var random = SeededGenerator(seed: 21)
    for index in 0..<8000 where rig.state == .running {
      let isCandidate = random.chance(rig.judge.directive.weights[0])
      let isBad = random.chance(isCandidate && index > 5000 ? 0.3 : 0.02)
      let user = UInt64(random.uniform() * 3000) &* 0x9E37_79B9_7F4A_7C15
      rig.attempt(isCandidate ? .litellm : .baseline, isBad ? .failed : .ok, unit: user)
    }
    return (rig.decisions, playbook)
  }

  @Test("after many starts, two shares and repeated users the counts still give the e-values")
  func many() throws {
    let (journal, playbook) = Self.long()
    let decision = try #require(journal.last)
    let basis = try #require(decision.evidence?.basis)
    #expect(decision.decision == .rollback && DecisionAudit.isComplete(decision))
    #expect(basis["absolute"].map { $0.starts.count > 3 } == true)
    #expect(basis["ratio"]?.starts.contains { $0.shares?.count == 2 } == true)
    #expect(DecisionAudit.faults(in: journal, playbooks: [playbook]) == [])
    // Nor does anything get lost in the journal's own form.
    let data = try JSONEncoder().encode(journal)
    let again = try JSONDecoder().decode([Decision].self, from: data)
    #expect(DecisionAudit.faults(in: again, playbooks: [playbook]) == [])
  }

  @Test("every number that the e-value is made of is held against it", arguments: Tampering.allCases)
  func everyField(_ tampering: Tampering) throws {
    var (journal, _) = Self.long()
    let last = journal.count - 1
    var evidence = try #require(journal[last].evidence)
    tampering.apply(&evidence, &journal[last])
    journal[last].evidence = evidence
    #expect(!DecisionAudit.faults(in: journal).isEmpty)
  }

  enum Tampering: CaseIterable, Sendable {
    case eValue, threshold, alpha, budget, population, part, candidateN, candidateBad, p0, r0, startNumber
    case startN, startBad
    case shareCandidate, shareBaseline, share, missingStart, missingPart, condition, metric

    func apply(_ evidence: inout Evidence, _ decision: inout Decision) {
      switch self {
      case .eValue: evidence.eValue = evidence.eValue.map { $0 * 1.5 }
      case .threshold: evidence.threshold = 1
      case .alpha: evidence.alpha = 0.5
      case .budget: evidence.budget = 0.5
      case .population: evidence.population = "shadow"
      case .part: evidence.parts?["absolute"]? *= 1.01
      case .candidateN: evidence.candidate.n += 1
      case .candidateBad: evidence.candidate.bad -= 1
      case .p0: evidence.basis?["absolute"]?.p0 = 0.01
      case .r0: evidence.basis?["ratio"]?.r0 = 1
      case .startNumber: shift(&evidence, "ratio") { $0.start += 40 }
      case .startN: shift(&evidence, "absolute") { $0.n? += 3 }
      case .startBad: shift(&evidence, "absolute") { $0.bad? -= 1 }
      case .shareCandidate: shift(&evidence, "ratio") { $0.shares?[0].candidate += 1 }
      case .shareBaseline: shift(&evidence, "ratio") { $0.shares?[0].baseline += 1 }
      case .share: shift(&evidence, "ratio") { $0.shares?[0].share = 0.2 }
      case .missingStart:
        let leading = Self.leading(evidence, "absolute")
        evidence.basis?["absolute"]?.starts.removeAll { $0.start == leading }
      case .missingPart: evidence.basis?["ratio"] = nil
      case .condition: decision.condition?.above = 0.01
      case .metric: decision.metric = .latencyP95
      }
    }

    /// The start that says most: one that says nothing may as well be missing.
    private static func leading(_ evidence: Evidence, _ name: String) -> Int? {
      guard let basis = evidence.basis?[name], let p0 = basis.p0 else { return nil }
      func value(_ start: EvidenceBasis.Start) -> Double {
        (start.weight ?? 0) * AbsoluteTest.eValue(p0: p0, n: start.n ?? 0, bad: start.bad ?? 0)
      }
      return basis.starts.max { value($0) < value($1) }?.start
    }

    private func shift(_ evidence: inout Evidence, _ name: String, _ change: (inout EvidenceBasis.Start) -> Void) {
      guard var basis = evidence.basis?[name] else { return }
      for index in basis.starts.indices { change(&basis.starts[index]) }
      evidence.basis?[name] = basis
    }
  }
}
