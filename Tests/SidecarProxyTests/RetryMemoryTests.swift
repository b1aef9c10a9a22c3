/// Half a minute of failures, in bounded room.

import Testing

@testable import SidecarProxy

@Suite struct RetryMemoryTests {
  private let second: Int64 = 1_000_000_000

  @Test("remembers a failure for thirty seconds")
  func lifetime() {
    var memory = RetryMemory()
    #expect(memory.isEmpty)
    memory.remember(7, at: 0)
    #expect(memory.remembers(7, at: 30 * second))
    #expect(!memory.remembers(7, at: 30 * second + 1))
    #expect(!memory.remembers(8, at: 0))
  }

  @Test("a second failure starts the thirty seconds anew")
  func renewed() {
    var memory = RetryMemory()
    memory.remember(7, at: 0)
    memory.remember(7, at: 20 * second)
    #expect(memory.remembers(7, at: 50 * second))
  }

  @Test("forgets what is too old, and only that")
  func forgets() {
    var memory = RetryMemory()
    memory.remember(1, at: 0)
    memory.remember(2, at: 10 * second)
    memory.forget(before: 35 * second)
    #expect(!memory.remembers(1, at: 0))
    #expect(memory.remembers(2, at: 35 * second))
    memory.forget(before: 60 * second)
    #expect(memory.isEmpty)
  }

  @Test("a flood of failures costs the oldest their place, never the newest")
  func bounded() {
    var memory = RetryMemory()
    for fingerprint in UInt64(0)..<10_000 { memory.remember(fingerprint, at: Int64(fingerprint)) }
    let remembered = (UInt64(0)..<10_000).count { memory.remembers($0, at: 10_000) }
    #expect((3_000...4_096).contains(remembered))
    #expect(memory.remembers(9_999, at: 10_000))
    #expect(!memory.remembers(0, at: 10_000))
  }

  @Test("a failure that keeps coming back is not forgotten as old")
  func keepsTheBusy() {
    var memory = RetryMemory()
    memory.remember(99_999, at: 0)
    for fingerprint in UInt64(0)..<4_095 { memory.remember(fingerprint, at: 1) }
    memory.remember(99_999, at: 2)
    memory.remember(50_000, at: 2)
    #expect(memory.remembers(99_999, at: 3))
  }
}
