/// Where event loops leave exchanges to be compared: bounded, and never a reason to wait.

import NIOCore
import OperatorLog
import RolloutJudge
import SidecarProxy
import Synchronization

final class ComparisonQueue: Sendable {
  /// Exchanges that wait.
  static let limit = 256
  /// Bytes of all requests and answers that wait.
  static let byteLimit = 64 << 20

  let exchanges: AsyncStream<Waiting>
  private let inbox: AsyncStream<Waiting>.Continuation
  private let log: EventLog
  private let now: @Sendable () -> Instant
  private let state = Mutex(State())

  struct Waiting: Sendable {
    var exchange: CapturedExchange
    /// The generation of the playbook that its arms are numbered by.
    var generation: Int
  }

  private struct State {
    var waiting = 0
    var bytes = 0
    var dropped = 0
    var unlogged = 0
    var loggedAt: Instant?

    /// How many drops to tell of now; 0 where that is for later.
    mutating func takeUnlogged(at now: Instant) -> Int {
      if let loggedAt, now - loggedAt < .seconds(60) { return 0 }
      loggedAt = now
      defer { unlogged = 0 }
      return unlogged
    }
  }

  init(log: EventLog, now: @escaping @Sendable () -> Instant) {
    self.log = log
    self.now = now
    (exchanges, inbox) = AsyncStream.makeStream()
  }

  /// Exchanges that found no room since the start.
  var dropped: Int { state.withLock(\.dropped) }

  /// Returns at once; where there is no room the exchange is dropped and counted, and at most once a minute logged.
  func offer(_ exchange: CapturedExchange, generation: Int = 0) {
    let bytes = exchange.byteCount
    let (isTaken, count) = state.withLock { state -> (Bool, Int) in
      if state.waiting < Self.limit, state.bytes + bytes <= Self.byteLimit {
        state.waiting += 1
        state.bytes += bytes
        return (true, 0)
      }
      state.dropped += 1
      state.unlogged += 1
      return (false, state.takeUnlogged(at: now()))
    }
    if isTaken {
      inbox.yield(Waiting(exchange: exchange, generation: generation))
    } else if count > 0 {
      log.emit(.limitReached(name: "comparisons", allowed: Self.limit, count: count))
    }
  }

  /// It no longer waits, and its bytes are no longer held here.
  func taken(_ waiting: Waiting) {
    let bytes = waiting.exchange.byteCount
    state.withLock { state in
      state.waiting -= 1
      state.bytes -= bytes
    }
  }

  /// Exchanges that wait are still handed out; nothing more is taken.
  func close() { inbox.finish() }
}

extension CapturedExchange {
  var byteCount: Int {
    let answers = ([baseline] + copies).reduce(0) { $0 + $1.body.reduce(0) { $0 + $1.readableBytes } }
    return request.readableBytes + answers
  }
}
