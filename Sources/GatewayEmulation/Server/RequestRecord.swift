/// The latest requests, bounded by number and by body bytes.
import NIOCore

struct RequestRecord: Sendable {
  static let bodyByteLimit = 256 << 20

  private let limit: Int
  private var requests = CircularBuffer<ReceivedRequest>()
  private var bodyBytes = 0

  init(limit: Int) {
    self.limit = limit
  }

  var all: [ReceivedRequest] { Array(requests) }

  /// - Returns: how many old requests had to go.
  mutating func append(_ request: ReceivedRequest) -> Int {
    requests.append(request)
    bodyBytes += request.body.readableBytes
    var forgotten = 0
    while requests.count > limit || bodyBytes > Self.bodyByteLimit, let oldest = requests.popFirst() {
      bodyBytes -= oldest.body.readableBytes
      forgotten += 1
    }
    return forgotten
  }

  /// Does nothing for a request already forgotten.
  mutating func settle(_ serial: Int, _ state: ReceivedRequest.AnswerState) {
    // The newest are settled first as a rule, so the search goes backwards.
    guard let index = requests.lastIndex(where: { $0.serial == serial }) else { return }
    requests[index].state = state
  }
}
