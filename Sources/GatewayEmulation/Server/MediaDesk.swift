/// Where a request for media meets the gateway's jobs.
import NIOCore

struct MediaDesk: Sendable {
  let ledger: GatewayLedger
  let now: NIODeadline

  func answer(_ choice: MediaChoice) -> MediaChoice.Outcome {
    ledger.jobs(at: now) { choice.answer(&$0, at: $1) }
  }

  var scheme: String { ledger.scheme }
}
