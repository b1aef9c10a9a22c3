/// A webhook's address is a secret: whoever prints the service must not tell it.

import Logging
import OperatorLog
import RolloutJudge
import Testing

@testable import crossfade

@Suite struct WebhookTests {
  private struct NoLines: LineSink {
    let isTerminal = false
    func write(_ line: [UInt8]) -> Bool { true }
  }

  @Test("its description, its dump and its mirror hold no address, with a decision on its way to one")
  func description() {
    let log = EventLog(sink: NoLines(), level: .info, now: { Instant(nanoseconds: 0) })
    let webhook = Webhook(log: log)
    let decision = Decision(
      seq: 1, at: Instant(nanoseconds: 0), decision: .start, rollout: "move", stage: "shadow", stageIndex: 0,
      weightsBefore: [:], weightsAfter: [:], message: "started", actor: "crossfade", playbookSHA256: "")
    webhook.enqueue(decision, to: [DecisionHook(.webhook, address: Secret("https://hooks.example/x?token=s3cr3t"))])
    var dumped = ""
    dump(webhook, to: &dumped)
    for text in ["\(webhook)", String(reflecting: webhook), dumped] { #expect(!text.contains("s3cr3t")) }
  }
}
