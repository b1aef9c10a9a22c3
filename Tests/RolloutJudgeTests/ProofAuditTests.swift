/// An advance by proof records what it rests on, and the audit computes it again.

import Dialects
import Foundation
import RolloutJudge
import Testing
import TrafficSplit

@Suite("ProofAudit")
struct ProofAuditTests {
  /// Proven in shadow by pairs, then at two shares by attempts.
  static let playbook = Plans.playbook(
    [
      Plans.stage("shadow", shadow: 1, hold: .seconds(1), advance: .proven),
      Plans.stage("canary", weight: 0.2, hold: .seconds(1), advance: .proven),
      Plans.stage("full", weight: 0.5, hold: .seconds(100_000)),
    ],
    rollback: [
      Condition(metric: .errorRate, ratioAbove: 1.5), Condition(metric: .latencyP95, above: 5000, ratioAbove: 2),
      Condition(metric: .incompleteRate, above: 0.05),
    ], sticky: true)

  static func journal() -> [Decision] {
    var rig = Rig(playbook)
    var random = SeededGenerator(seed: 7)
    for _ in 0..<4000 where rig.judge.directive.stage == "shadow" {
      rig.pair(random.chance(0.1) ? .failed : .ok, random.chance(0.01) ? .failed : .ok)
    }
    for _ in 0..<4000 where rig.judge.directive.stage == "canary" {
      let isCandidate = random.chance(0.2)
      rig.attempt(isCandidate ? .litellm : .baseline, random.chance(isCandidate ? 0.01 : 0.1) ? .failed : .ok)
    }
    return rig.decisions
  }

  @Test("every condition is proven, by one of its tests, and its counts give the e-value")
  func recorded() throws {
    let journal = Self.journal()
    let advances = journal.filter { $0.decision == .advance }
    #expect(advances.map(\.stage) == ["canary", "full"])
    for (decision, population) in zip(advances, ["shadow", "live"]) {
      let proofs = try #require(decision.proofs)
      #expect(proofs.map(\.metric) == [.errorRate, .latencyP95, .incompleteRate])
      #expect(proofs.map(\.test) == ["ratio", "absolute", "absolute"])
      #expect(proofs.map(\.threshold) == [100, 200, 100])
      #expect(proofs.allSatisfy { $0.population == population && $0.candidate == "litellm" })
      #expect(proofs.allSatisfy { $0.eValue >= $0.threshold && $0.basis.starts.count == 1 })
      #expect(DecisionAudit.isComplete(decision))
    }
    #expect(DecisionAudit.faults(in: journal) == [])
    #expect(DecisionAudit.faults(in: journal, playbooks: [Self.playbook]) == [])
    let again = try JSONDecoder().decode([Decision].self, from: JSONEncoder().encode(journal))
    #expect(DecisionAudit.faults(in: again, playbooks: [Self.playbook]) == [])
  }

  @Test("a person needs no proof, and a stage that is held records none")
  func commanded() throws {
    var rig = Rig(Self.playbook)
    try rig.command(.promote)
    #expect(rig.last?.proofs == nil)
    #expect(DecisionAudit.faults(in: rig.decisions, playbooks: [Self.playbook]) == [])
    #expect(try DecisionAuditTests.journal().allSatisfy { $0.proofs == nil })
  }

  @Test("what was changed afterwards is found, the rest of the journal left as it was", arguments: Tampering.allCases)
  func tampered(_ tampering: Tampering) throws {
    var journal = Self.journal()
    let index = try #require(journal.firstIndex { $0.decision == .advance })
    var proofs = try #require(journal[index].proofs)
    tampering.apply(&proofs[0])
    journal[index].proofs = tampering == .all ? nil : proofs
    let faults = DecisionAudit.faults(in: journal, playbooks: [Self.playbook])
    #expect(!faults.isEmpty && faults.allSatisfy { $0.seq == journal[index].seq })
  }

  enum Tampering: CaseIterable, Sendable {
    case all, candidate, metric, condition, test, eValue, threshold, r0, shareCandidate, shareBaseline, start

    func apply(_ proof: inout Proof) {
      switch self {
      case .all: break
      case .candidate: proof.candidate = "other"
      case .metric: proof.metric = .retryRate
      case .condition: proof.condition.ratioAbove = 2
      case .test: proof.test = "absolute"
      case .eValue: proof.eValue *= 1.5
      case .threshold: proof.threshold = 50
      case .r0: proof.basis.r0 = 2
      case .shareCandidate: proof.basis.starts[0].shares?[0].candidate += 1
      case .shareBaseline: proof.basis.starts[0].shares?[0].baseline -= 1
      case .start: proof.basis.starts.append(proof.basis.starts[0])
      }
    }
  }
}
