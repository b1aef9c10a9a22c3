/// Where a request meets what the gateway remembers: its jobs, and the answers that it is asked about afterwards.
import NIOCore

struct MediaDesk: Sendable {
  let ledger: GatewayLedger
  let now: NIODeadline

  func answer(_ choice: MediaChoice) -> MediaChoice.Outcome {
    ledger.jobs(at: now) { choice.answer(&$0, at: $1) }
  }

  func write(_ draft: AnswerDraft, streamed: Bool, serial: Int) {
    ledger.generations(at: now) { $0.write(Generation(draft, streamed: streamed, at: $1), serial: serial) }
  }

  func find(_ id: String, _ manners: BillManners) -> GenerationBook.Finding {
    ledger.generations(at: now) { $0.find(id, manners, at: $1) }
  }

  var scheme: String { ledger.scheme }
}
