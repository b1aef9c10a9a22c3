/// Between the loops and the comparing: what finds no room is dropped and counted.

import Logging
import OperatorLog
import RolloutJudge
import SidecarProxy
import Synchronization
import Testing

@testable import crossfade

@Suite("ComparisonQueue")
struct ComparisonQueueTests {
  private final class Lines: LineSink {
    let isTerminal = false
    let lines = Mutex([String]())

    func write(_ line: [UInt8]) -> Bool {
      lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
      return true
    }
  }

  private final class Clock: Sendable {
    private let instant = Mutex(Instant(nanoseconds: 0))
    var now: Instant { instant.withLock { $0 } }
    func advance(_ duration: Duration) { instant.withLock { $0 = $0 + duration } }
  }

  private let lines = Lines()

  private func exchange(bytes: Int = 10) -> CapturedExchange {
    Captured.exchange(Captured.answer(.live, String(repeating: "x", count: bytes)), [])
  }

  @Test("what finds no room is dropped and counted, and logged once a minute")
  func limit() async {
    let clock = Clock()
    let log = EventLog(sink: lines, level: .info, now: { clock.now })
    let queue = ComparisonQueue(log: log, now: { clock.now })
    for _ in 0..<ComparisonQueue.limit { queue.offer(exchange()) }
    #expect(queue.dropped == 0)
    for _ in 0..<3 { queue.offer(exchange()) }
    #expect(queue.dropped == 3)
    #expect(lines.lines.withLock(\.count) == 1)
    clock.advance(.seconds(60))
    queue.offer(exchange())
    let written = lines.lines.withLock { $0 }
    #expect(written.count == 2)
    #expect(written[1].contains(#""limit":"comparisons""#) && written[1].contains(#""count":3"#))
    var taken = 0
    for await exchange in queue.exchanges {
      queue.taken(exchange)
      taken += 1
      if taken == 1 { queue.offer(self.exchange()) }
      if taken == ComparisonQueue.limit { queue.close() }
    }
    #expect(taken == ComparisonQueue.limit + 1)
    #expect(queue.dropped == 4)
  }

  @Test("a few exchanges of many bytes are too much as well")
  func bytes() {
    let log = EventLog(sink: lines, level: .info, now: { Instant(nanoseconds: 0) })
    let queue = ComparisonQueue(log: log, now: { Instant(nanoseconds: 0) })
    let large = exchange(bytes: ComparisonQueue.byteLimit / 2 - 10)
    for _ in 0..<3 { queue.offer(large) }
    #expect(queue.dropped == 1)
  }
}
