/// How fast copies' answers may be read: freely while they are small, at a fixed pace when they flood.

import Testing

@testable import SidecarProxy

@Suite struct ShadowPaceTests {
  private static let millisecond: Int64 = 1_000_000

  @Test("answers of ordinary length never wait")
  func ordinary() {
    var pace = ShadowPace()
    // 4,000 answers of 4 KiB a second, each read within 20 microseconds.
    let waits = (0..<4_000).count {
      let now = Int64($0) * Self.millisecond / 4
      return !pace.take(bytes: 4 << 10, since: now - 20_000, at: now)
    }
    #expect(waits == 0)
  }

  @Test("a flood is read at 32 KiB a millisecond, after what was saved up")
  func flood() {
    var pace = ShadowPace()
    var read = 0
    var now: Int64 = 0
    while now < 1_000 * Self.millisecond {
      read += 64 << 10
      if pace.take(bytes: 64 << 10, since: now, at: now) { continue }
      repeat { now += pace.rest } while pace.readers(at: now) == 0
    }
    let kilobytes = read >> 10
    #expect((32_000...32_000 + 256 + 128).contains(kilobytes))
  }

  @Test("answers that are dear to read take a quarter of the time, however short they are")
  func dear() {
    var pace = ShadowPace()
    var busy: Int64 = 0
    var now: Int64 = 0
    while now < 1_000 * Self.millisecond {
      let began = now
      now += Self.millisecond
      busy += Self.millisecond
      if pace.take(bytes: 64, since: began, at: now) { continue }
      repeat { now += pace.rest } while pace.readers(at: now) == 0
    }
    #expect((250 * Self.millisecond...256 * Self.millisecond).contains(busy))
  }

  @Test("a read that was interrupted is not held against those that wait")
  func interrupted() {
    var pace = ShadowPace()
    let mayReadOn = pace.take(bytes: 64, since: 0, at: 1_000 * Self.millisecond)
    let readers = pace.readers(at: 1_004 * Self.millisecond)
    #expect(!mayReadOn)
    #expect(readers == 1)
  }

  @Test("of many that wait only as many read on as there is room for")
  func readers() {
    var pace = ShadowPace()
    while pace.take(bytes: 64 << 10, since: 0, at: 0) {}
    _ = pace.take(bytes: 1 << 20, since: 0, at: 0)
    // 1 MiB is owed: 32 ms.
    let early = pace.readers(at: 30 * Self.millisecond)
    let one = pace.readers(at: 33 * Self.millisecond)
    let later = pace.readers(at: 10_000 * Self.millisecond)
    #expect(early == 0)
    #expect(one == 1)
    #expect(later == 4, "no more is saved up than a few reads")
  }

  @Test("a clock that stands still gives nothing")
  func stillClock() {
    var pace = ShadowPace()
    let granted = (0..<100).count { _ in pace.take(bytes: 64 << 10, since: 5, at: 5) }
    #expect(granted == 3)
  }
}
