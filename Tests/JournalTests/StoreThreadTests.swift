/// Nobody waits longer for the disk than they can.

import Dispatch
import RolloutJudge
import Testing

@testable import Journal

@Suite("StoreThread")
struct StoreThreadTests {
  private let thread = StoreThread(path: "p")

  @Test("gives what a call gives, and throws what it throws")
  func results() async throws {
    #expect(try await thread.perform(within: .seconds(60)) { () throws(JournalError) in 7 } == 7)
    let full = JournalError(path: "p", problem: .full)
    await #expect(throws: full) {
      try await thread.perform(within: .seconds(60)) { () throws(JournalError) in throw full }
    }
    #expect(try await thread.perform { () throws(JournalError) in 8 } == 8)
  }

  @Test(
    "leaves a call that outlasts its caller's patience, refuses others until it has ended, and skips what had not begun"
  )
  func stall() async throws {
    let (gate, other) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    await withCheckedContinuation { begun in
      thread.enqueue {
        begun.resume()
        gate.wait()
      }
    }
    // Behind the first: never begun, so nothing is under way.
    await #expect(throws: stalled) {
      try await thread.perform(within: .zero) { () throws(JournalError) in _ = Issue.record("was done") }
    }
    #expect(!thread.isStalled)
    gate.signal()
    await #expect(throws: stalled) {
      try await thread.perform(within: .milliseconds(500)) { () throws(JournalError) in other.wait() }
    }
    #expect(thread.isStalled)
    await #expect(throws: stalled) { try await thread.perform(within: .seconds(60)) { () throws(JournalError) in } }
    other.signal()
    // Whatever is asked without a word of failure comes behind it.
    await thread.perform { () -> Void in }
    #expect(!thread.isStalled)
    #expect(try await thread.perform(within: .seconds(60)) { () throws(JournalError) in 9 } == 9)
  }

  private let stalled = JournalError(path: "p", problem: .stalled)
}
