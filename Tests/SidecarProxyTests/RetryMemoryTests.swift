/// Half a minute of failures, in bounded room.

import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite struct RetryMemoryTests {
  private let second: Int64 = 1_000_000_000

  private func failure(_ at: Int64) -> RetryMemory.Failure { RetryMemory.Failure(at: at, exchange: 1, arm: .baseline) }

  @Test("remembers a failure for thirty seconds")
  func lifetime() {
    var memory = RetryMemory()
    #expect(memory.isEmpty)
    memory.remember(7, failure(0))
    #expect(memory.knows(7, at: 30 * second))
    #expect(!memory.knows(7, at: 30 * second + 1))
    #expect(!memory.knows(8, at: 0))
  }

  @Test("a second failure starts the thirty seconds anew")
  func renewed() {
    var memory = RetryMemory()
    memory.remember(7, failure(0))
    memory.remember(7, failure(20 * second))
    #expect(memory.knows(7, at: 50 * second))
  }

  @Test("forgets what is too old, and only that")
  func forgets() {
    var memory = RetryMemory()
    memory.remember(1, failure(0))
    memory.remember(2, failure(10 * second))
    memory.forget(before: 35 * second)
    #expect(!memory.knows(1, at: 0))
    #expect(memory.knows(2, at: 35 * second))
    memory.forget(before: 60 * second)
    #expect(memory.isEmpty)
  }

  @Test("a flood of failures costs the oldest their place, never the newest")
  func bounded() {
    var memory = RetryMemory()
    for fingerprint in UInt64(0)..<10_000 { memory.remember(fingerprint, failure(Int64(fingerprint))) }
    let remembered = (UInt64(0)..<10_000).count { memory.knows($0, at: 10_000) }
    #expect((3_000...4_096).contains(remembered))
    #expect(memory.knows(9_999, at: 10_000))
    #expect(!memory.knows(0, at: 10_000))
  }

  @Test("a failure that keeps coming back is not forgotten as old")
  func keepsTheBusy() {
    var memory = RetryMemory()
    memory.remember(99_999, failure(0))
    for fingerprint in UInt64(0)..<4_095 { memory.remember(fingerprint, failure(1)) }
    memory.remember(99_999, failure(2))
    memory.remember(50_000, failure(2))
    #expect(memory.knows(99_999, at: 3))
  }

  @Test("what is retried is the exchange that failed, and its arm is blamed once")
  func blame() {
    var memory = RetryMemory()
    memory.remember(7, RetryMemory.Failure(at: 0, exchange: 12, arm: .candidate(0)))
    #expect(memory.failure(of: 7, at: 1) == RetryMemory.Failure(at: 0, exchange: 12, arm: .candidate(0)))
    memory.blamed(7)
    #expect(memory.failure(of: 7, at: 1)?.arm == nil && memory.knows(7, at: 1))
    memory.remember(7, RetryMemory.Failure(at: 2, exchange: 13, arm: .baseline))
    #expect(memory.failure(of: 7, at: 3)?.exchange == 13 && memory.failure(of: 7, at: 3)?.arm == .baseline)
  }
}

extension RetryMemory {
  fileprivate func knows(_ fingerprint: UInt64, at now: Int64) -> Bool { failure(of: fingerprint, at: now) != nil }
}
