/// A thread of its own for what blocks on the disk, so that a disk that does not answer holds up nobody who cannot wait.

import Dispatch
import RolloutJudge
package import RolloutSteering
import Synchronization

/// A failure of a store that can say of itself that it came of not answering in time.
package protocol StoreFailure: Error {
  static func stalled(at path: String) -> Self
}

extension JournalError: StoreFailure {
  package static func stalled(at path: String) -> JournalError { JournalError(path: path, problem: .stalled) }
}

extension StoreFault: StoreFailure {
  package static func stalled(at path: String) -> StoreFault { StoreFault(JournalError.stalled(at: path)) }
}

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

  /// - Parameter limit: nil: for those that hold up nothing while they wait.
  /// - Throws: `stalled` where it did not end in time, or an earlier call has not ended; what the body throws. What had not begun by
  ///   then is not done; what had may still be.
  package func perform<Value: Sendable, Failure: StoreFailure>(
    within limit: Duration? = nil, _ body: @escaping @Sendable () throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    guard !isStalled else { throw .stalled(at: path) }
    let result: Result<Value, Failure>? = await withCheckedContinuation { continuation in
      let call = Call(continuation)
      queue.async { [self] in
        guard call.begin() else { return }
        if !call.end(Result(catching: body)) { overdue.withLock { $0 -= 1 } }
      }
      guard let limit else { return }
      DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(Int(limit.nanoseconds))) { [self] in
        call.leave { overdue.withLock { $0 += 1 } }
      }
    }
    guard let result else { throw .stalled(at: path) }
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
  private final class Call<Value: Sendable, Failure: Error>: Sendable {
    typealias Waiting = CheckedContinuation<Result<Value, Failure>?, Never>

    private enum State {
      case waiting(Waiting)
      case running(Waiting)
      /// Whoever waited has left, or has been answered.
      case over
    }

    private let state: Mutex<State>

    init(_ continuation: Waiting) { state = Mutex(.waiting(continuation)) }

    /// - Returns: false where nobody waits any more.
    func begin() -> Bool {
      state.withLock { state in
        guard case .waiting(let continuation) = state else { return false }
        state = .running(continuation)
        return true
      }
    }

    /// - Returns: whether anybody still waited for it.
    func end(_ result: Result<Value, Failure>) -> Bool {
      guard let continuation = close(ifRunning: {}) else { return false }
      continuation.resume(returning: result)
      return true
    }

    /// - Parameter going: called where the call has begun and goes on alone, before it can end.
    func leave(going: () -> Void) { close(ifRunning: going)?.resume(returning: nil) }

    private func close(ifRunning note: () -> Void) -> Waiting? {
      state.withLock { state in
        defer { state = .over }
        switch state {
        case .waiting(let continuation): return continuation
        case .running(let continuation):
          note()
          return continuation
        case .over: return nil
        }
      }
    }
  }
}
