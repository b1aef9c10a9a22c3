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
    #expect(try thread.run(within: .seconds(60)) { () throws(JournalError) in 7 } == 7)
    let full = JournalError(path: "p", problem: .full)
    #expect(throws: full) { try thread.run(within: .seconds(60)) { () throws(JournalError) in throw full } }
    #expect(try await thread.perform { () throws(JournalError) in 8 } == 8)
  }

  @Test(
    "leaves a call that outlasts its caller's patience, refuses others until it has ended, and skips what had not begun"
  )
  func stall() throws {
    let (begun, gate, ended) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    thread.enqueue {
      begun.signal()
      gate.wait()
    }
    begun.wait()
    // Behind the first: never begun, so nothing is under way.
    #expect(
      problem { try thread.run(within: .zero) { () throws(JournalError) in _ = Issue.record("was done") } } == .stalled)
    #expect(!thread.isStalled)
    gate.signal()
    #expect(
      problem {
        try thread.run(within: .milliseconds(500)) { () throws(JournalError) in
          gate.wait()
          ended.signal()
        }
      } == .stalled)
    #expect(thread.isStalled)
    #expect(problem { try thread.run(within: .seconds(60)) { () throws(JournalError) in } } == .stalled)
    gate.signal()
    ended.wait()
    while thread.isStalled {}
    #expect(try thread.run(within: .seconds(60)) { () throws(JournalError) in 9 } == 9)
  }
}
