/// A request of one connection while it is read and answered; one at a time.
import NIOCore

struct OpenExchange {
  let serial: Int
  let plan: RequestPlan
  let request: RequestFacts
  var body = ByteBuffer()
  var bodyIsWhole = false
  var isRecorded = false
  var answerIsWhole = true
}

/// Tells a connection that the answer under way, if there is one, is its last.
struct DrainEvent: Sendable {}
