/// A thread of its own for what blocks on the disk, so that a disk that does not answer holds up nobody who cannot wait.

import Dispatch
import RolloutJudge
import Synchronization

/// Calls take turns. Once one has outlasted its caller's patience, later ones are refused at once until it has ended.
package final class StoreThread: Sendable {
  private let queue: DispatchQueue
  private let overdue = Mutex(0)
  private let path: String

  package init(path: String, label: String = "crossfade.store") {
    self.path = path
    queue = DispatchQueue(label: label)
  }

  /// Whether a call that nobody waits for any more is still under way.
  package var isStalled: Bool { overdue.withLock { $0 > 0 } }

  /// - Throws: `stalled` where it did not end in time. What had not begun by then is not done; what had may still be.
  package func run<Value: Sendable>(
    within limit: Duration, _ body: @escaping @Sendable () throws(JournalError) -> Value
  ) throws(JournalError) -> Value {
    guard !isStalled else { throw JournalError(path: path, problem: .stalled) }
    let call = Call<Value>()
    queue.async { [self] in
      guard call.begin() else { return }
      let result = Result(catching: body)
      if call.end(result) { overdue.withLock { $0 -= 1 } }
    }
    if call.wait(limit, leaving: { overdue.withLock { $0 += 1 } }), let result = call.result { return try result.get() }
    throw JournalError(path: path, problem: .stalled)
  }

  /// Without a limit, for those that hold up nothing while they wait.
  ///
  /// - Throws: `stalled` where an earlier call has not ended; what the body throws.
  package func perform<Value: Sendable>(
    _ body: @escaping @Sendable () throws(JournalError) -> Value
  ) async throws(JournalError) -> Value {
    guard !isStalled else { throw JournalError(path: path, problem: .stalled) }
    let result: Result<Value, JournalError> = await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: Result(catching: body)) }
    }
    return try result.get()
  }

  /// For what does not fail, and is waited for without a limit.
  package func perform(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
      queue.async {
        body()
        continuation.resume()
      }
    }
  }

  /// For what nobody waits for.
  package func enqueue(_ body: @escaping @Sendable () -> Void) { queue.async(execute: body) }

  /// One call and the one who waits for it: whoever comes first decides.
  private final class Call<Value: Sendable>: Sendable {
    private enum State {
      case waiting
      case running
      case left(hasBegun: Bool)
      case ended(Result<Value, JournalError>)
    }

    private let state = Mutex(State.waiting)
    private let done = DispatchSemaphore(value: 0)

    /// - Returns: false where nobody waits any more.
    func begin() -> Bool {
      state.withLock { state in
        guard case .waiting = state else { return false }
        state = .running
        return true
      }
    }

    /// - Returns: whether whoever waited has left meanwhile.
    func end(_ result: Result<Value, JournalError>) -> Bool {
      let isLate = state.withLock { state in
        if case .left = state { return true }
        state = .ended(result)
        return false
      }
      done.signal()
      return isLate
    }

    /// - Parameter leaving: called where the call has begun and goes on alone.
    /// - Returns: whether it ended in time.
    func wait(_ limit: Duration, leaving: () -> Void) -> Bool {
      if done.wait(timeout: .now() + .nanoseconds(Int(limit.nanoseconds))) == .success { return true }
      return state.withLock { state in
        switch state {
        case .ended: return true
        case .running:
          leaving()
          state = .left(hasBegun: true)
        case .waiting, .left: state = .left(hasBegun: false)
        }
        return false
      }
    }

    var result: Result<Value, JournalError>? {
      state.withLock { if case .ended(let result) = $0 { result } else { nil } }
    }
  }
}
