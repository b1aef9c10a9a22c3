/// Runs of fixed seeds, decision by decision: whatever makes rehearsals quicker must not change one of them.

import RolloutJudge
import Testing

@testable import RolloutSimulation

@Suite struct FixedSeedTests {
  /// FNV-1a of every decision with its instant, words and evidence; e-values to the whole.
  private func digest(_ run: SimulatedRun) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ text: String) { for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 } }
    for decision in run.decisions {
      add("\(decision.at.rfc3339) \(decision.decision.rawValue) \(decision.stage) \(decision.message)")
      guard let evidence = decision.evidence else { continue }
      for part in (evidence.parts ?? [:]).sorted(by: { $0.key < $1.key }) {
        add(" \(part.key) \(part.value.rounded())")
      }
      add(" \(evidence.candidate.n) \(evidence.candidate.bad) \(evidence.baseline.n) \(evidence.baseline.bad)")
    }
    return "\(run.ending.rawValue) \(run.exchanges) \(run.candidateRequests) \(String(hash, radix: 16))"
  }

  private static let known: [Imagined: String] = [
    .plain: "rolled_back 1915 305 c1fe8b3e0b7ae86a",
    .relative: "rolled_back 1490 218 bf0225d061b4cac",
    .slow: "rolled_back 2586 411 5df3dd5bada5eef4",
    .slowRelative: "rolled_back 1188 240 e130f1951e92aea6",
    .users: "completed 4856 0 146e18cb45683390",
    .shadow: "completed 7181 0 40299465de76c3f4",
    .proof: "completed 6653 0 6d64edc7861e3265",
    .outages: "completed 5067 0 26914a1602ba5915",
    .gate: "rolled_back 1057 65 a2dbc106ab8b4b83",
    .several: "completed 4974 0 3c0a2fc0536e6446",
    .drift: "rolled_back 4240 109 2e69ae8dcb7abbbd",
    .mismatch: "rolled_back 415 415 d74e00ce425336d0",
    .cost: "rolled_back 836 53 dd120a645d561d6c",
  ]

  @Test("A run of a seed decides what it has always decided", arguments: Imagined.allCases)
  func decides(_ imagined: Imagined) {
    #expect(digest(imagined.simulation.run(1, keepsDecisions: true)) == Self.known[imagined])
  }
}
