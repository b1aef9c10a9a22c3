/// Walks a script one action at a time, so that the connection can stop for pauses and for a slow peer.
import NIOCore

struct ScriptPlayer {
  enum Action: Equatable {
    case write(ByteBuffer)
    case wait(Duration)
    case end(WireScript.Ending)
  }

  static let floodChunk = ByteBuffer(repeating: UInt8(ascii: " "), count: 64 * 1024)

  private var steps: ArraySlice<WireScript.Step>
  private let ending: WireScript.Ending
  private var pauseIsDue: Duration?
  /// The rest of a step begun.
  private var rest: WireScript.Step?

  init(_ script: WireScript) {
    steps = script.steps[...]
    ending = script.ending
  }

  mutating func next() -> Action {
    if let pause = pauseIsDue {
      pauseIsDue = nil
      return .wait(pause)
    }
    let step = rest ?? steps.popFirst()
    rest = nil
    switch step {
    case nil:
      return .end(ending)
    case .wait(let duration):
      return .wait(duration)
    case .send(let bytes):
      return .write(bytes)
    case .flood(let count):
      if count > Self.floodChunk.readableBytes {
        rest = .flood(count - Self.floodChunk.readableBytes)
        return .write(Self.floodChunk)
      }
      return .write(ByteBuffer(repeating: UInt8(ascii: " "), count: count))
    case .drip(var bytes, let interval):
      guard let byte = bytes.readSlice(length: 1) else { return next() }
      if bytes.readableBytes > 0 { rest = .drip(bytes, interval: interval) }
      pauseIsDue = interval
      return .write(byte)
    }
  }
}
