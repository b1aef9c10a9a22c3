/// An answer as the connection performs it: bytes and pauses in order, and how it ends.
import NIOCore

struct WireScript: Sendable, Equatable {
  enum Step: Sendable, Equatable {
    case wait(Duration)
    case send(ByteBuffer)
    /// One byte, a pause, one byte.
    case drip(ByteBuffer, interval: Duration)
    /// So many spaces.
    case flood(Int)
  }

  enum Ending: Sendable, Equatable {
    case keepAlive
    case close
    /// RST.
    case reset
    /// Nothing more, until the peer leaves.
    case hang
    /// Closes its own half and swallows what the peer still sends, so that the answer is not lost to a RST.
    case linger
  }

  private(set) var steps: [Step] = []
  var ending: Ending
  /// The peer gets an answer that is complete by HTTP's rules.
  var isWhole = true

  init(ending: Ending, isWhole: Bool = true) {
    self.ending = ending
    self.isWhole = isWhole
  }

  mutating func wait(_ duration: Duration) {
    if duration > .zero { steps.append(.wait(duration)) }
  }

  /// Bytes without a pause between them go out as one write.
  mutating func send(_ bytes: ByteBuffer) {
    guard bytes.readableBytes > 0 else { return }
    guard case .send(var last) = steps.last else {
      steps.append(.send(bytes))
      return
    }
    steps.removeLast()
    last.writeImmutableBuffer(bytes)
    steps.append(.send(last))
  }

  mutating func flood(_ count: Int) {
    if count > 0 { steps.append(.flood(count)) }
  }

  func dripping(interval: Duration) -> WireScript {
    var copy = self
    copy.steps = steps.map { step in
      if case .send(let bytes) = step { .drip(bytes, interval: interval) } else { step }
    }
    return copy
  }
}
