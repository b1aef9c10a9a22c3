/// An answer that the client has nothing of yet: its head and the body's bytes, in the order and the form in which they came.

import HTTPFraming
import NIOCore

struct HeldAnswer {
  let head: ResponseHead
  let headBytes: ByteBuffer
  private(set) var body = ByteBuffer()
  /// The body's last byte is among them.
  var isComplete = false

  init(head: ResponseHead, headBytes: ByteBuffer) {
    self.head = head
    self.headBytes = headBytes
  }

  mutating func append(_ bytes: ByteBuffer) {
    // A single piece stays the buffer that it came in; of several, each a few bytes in a buffer of its own, one is made.
    if body.readableBytes == 0 { body = bytes } else { body.writeImmutableBuffer(bytes) }
  }
}
