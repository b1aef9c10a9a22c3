/// Keys go to the arm and nowhere else.

import Foundation
import GatewayEmulation
import RolloutJudge
import Testing

@testable import ArmProbe

@Suite(.timeLimit(.minutes(1)))
struct SecretsTests {
  @Test("a text loses every secret, the longer ones first")
  func blotted() {
    #expect("a sk-12345 b sk-1234 c".withoutSecrets(["sk-12345", "sk-1234"]) == "a **** b **** c")
  }

  @Test(
    "whatever goes wrong, no finding and no verdict holds the key",
    arguments: [
      Fault.none, .garbage, .resetBeforeHead, .cutMidBody(afterBytes: 5), .status(401, retryAfterSeconds: nil),
      .status(500, retryAfterSeconds: nil),
    ])
  func neverShown(_ fault: Fault) async throws {
    let (findings, received) = try await Probed.findings(
      GatewayBehavior(fault: fault), settings: Probed.settings { $0.maySpend = true })
    #expect(received.contains { $0.values("authorization") == ["Bearer \(Probed.key.exposed)"] } || received.isEmpty)
    let shown = String(reflecting: findings) + String(reflecting: ArmVerdict(findings, now: Probed.now))
    #expect(!shown.contains(Probed.key.exposed))
  }
}
