/// An answer that the client has nothing of yet: its head and the body's bytes, in the order and the form in which they came.

import HTTPFraming
import NIOCore

struct HeldAnswer {
  let head: ResponseHead
  let headBytes: ByteBuffer
  private(set) var body = ByteBuffer()
  /// The body's last byte is among them.
  var isComplete = false

  /// Every byte that its head promises is here, whether that has been said or not.
  var isWhole: Bool {
    switch head.framing {
    case .length(let length): body.readableBytes >= length
    case .chunked: isComplete || body.readableBytesView.suffix(5).elementsEqual("0\r\n\r\n".utf8)
    case .none: true
    case .untilClose: isComplete
    }
  }

  init(head: ResponseHead, headBytes: ByteBuffer) {
    self.head = head
    self.headBytes = headBytes
  }

  mutating func append(_ bytes: ByteBuffer) {
    // A single piece stays the buffer that it came in; of several, each a few bytes in a buffer of its own, one is made.
    if body.readableBytes == 0 { body = bytes } else { body.writeImmutableBuffer(bytes) }
  }
}
