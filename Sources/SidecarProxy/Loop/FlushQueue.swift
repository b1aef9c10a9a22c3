/// When written bytes are handed to the kernel: at once while a loop has little to do; where it has much, together with what
/// else it writes in the same turn, which costs the kernel, and whoever wakes up to read, a good deal less.

import NIOCore

/// One per loop. Its contents are to be flushed before the turn is over.
struct FlushQueue {
  private var waiting: [ChannelHandlerContext] = []
  private var load = LoadGauge()

  /// No connection waits for more than this many others.
  static let limit = 32

  enum Step {
    case flushNow
    /// Others wait already.
    case wait
    case flushAtEndOfTurn
    case flushAllNow
  }

  var isEmpty: Bool { waiting.isEmpty }

  /// Something from outside entered the loop's code.
  mutating func noteEntry(at now: Int64) { load.noteEntry(at: now) }

  /// - Returns: what the caller is to do; `context` waits unless that is `flushNow`.
  mutating func add(_ context: ChannelHandlerContext) -> Step {
    guard load.isBusy else { return .flushNow }
    waiting.append(context)
    return switch waiting.count {
    case 1: .flushAtEndOfTurn
    case Self.limit: .flushAllNow
    default: .wait
    }
  }

  func holds(_ context: ChannelHandlerContext) -> Bool { waiting.contains { $0 === context } }

  /// - Returns: all that wait; none does afterwards.
  mutating func take() -> [ChannelHandlerContext] {
    defer { waiting = [] }
    return waiting
  }
}

/// Whether events come to a loop in crowds; a pure value.
struct LoadGauge {
  private var entries = 0
  private var began: Int64?
  private(set) var isBusy = false

  /// Nanoseconds.
  static let window: Int64 = 200_000
  static let crowd = 8

  /// - Parameter now: of a monotonic clock, in nanoseconds.
  mutating func noteEntry(at now: Int64) {
    let since = began ?? now
    if now - since >= Self.window {
      // A window without a crowd may be long over.
      isBusy = entries >= Self.crowd && now - since < 2 * Self.window
      (entries, began) = (0, now)
    } else {
      began = since
    }
    entries += 1
  }
}
