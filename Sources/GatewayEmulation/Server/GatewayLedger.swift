/// The state shared by all connections of a gateway: behavior, record of requests, counts and who waits for them.
import NIOCore
import Synchronization

final class GatewayLedger: Sendable {
  private struct Waiter {
    let condition: @Sendable (GatewayCounts) -> Bool
    let continuation: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var timeline: BehaviorTimeline
    var timelineStart: NIODeadline
    var serial = 0
    var record: RequestRecord
    var counts = GatewayCounts()
    var jobs = JobBoard()
    var generations = GenerationBook()
    var connections: [Int: any Channel] = [:]
    var waiters: [Int: Waiter] = [:]
    var lastWaiter = 0
    var isStopped = false
    var listenerIsClosed = false
    var isGone: Bool { isStopped && listenerIsClosed && counts.openConnections == 0 }
  }

  private let state: Mutex<State>
  private let start: NIODeadline
  /// Of the addresses it gives out.
  let scheme: String

  init(behavior: GatewayBehavior, recordLimit: Int, scheme: String = "http", now: NIODeadline) {
    self.scheme = scheme
    start = now
    state = Mutex(
      State(
        timeline: BehaviorTimeline(behavior), timelineStart: now, record: RequestRecord(limit: max(0, recordLimit))))
  }

  // MARK: Behavior

  var behavior: GatewayBehavior { state.withLock { $0.timeline.behavior } }

  func set(_ behavior: GatewayBehavior, now: NIODeadline) {
    state.withLock {
      $0.timeline = BehaviorTimeline(behavior)
      $0.timelineStart = now
    }
  }

  /// Called once per request, when its head has arrived.
  func plan(now: NIODeadline) -> (serial: Int, plan: RequestPlan) {
    state.withLock {
      $0.serial += 1
      return ($0.serial, $0.timeline.next(elapsed: Duration(now - $0.timelineStart)))
    }
  }

  // MARK: Connections

  /// The gateway's choice on a new connection; `refused` has used up the fault that the next request would have met.
  enum Admission {
    case admitted(Int)
    case refused, stopped
  }

  func admit(_ channel: any Channel, now: NIODeadline) -> Admission {
    update { state in
      if state.isStopped { return .stopped }
      let elapsed = Duration(now - state.timelineStart)
      if state.timeline.peek(elapsed: elapsed).fault == .refuse {
        _ = state.timeline.next(elapsed: elapsed)
        state.counts.refusedConnections += 1
        return .refused
      }
      state.counts.connections += 1
      state.counts.openConnections += 1
      state.connections[state.counts.connections] = channel
      return .admitted(state.counts.connections)
    }
  }

  func connectionClosed(_ connection: Int) {
    update {
      $0.connections[connection] = nil
      $0.counts.openConnections -= 1
    }
  }

  func connectionMalformed() {
    update { $0.counts.malformedConnections += 1 }
  }

  // MARK: Requests

  var received: [ReceivedRequest] { state.withLock { $0.record.all } }
  var counts: GatewayCounts { state.withLock { $0.counts } }

  func requestReceived(_ request: ReceivedRequest) {
    update {
      $0.counts.requests += 1
      $0.counts.forgotten += $0.record.append(request)
    }
  }

  func answerEnded(_ serial: Int, _ answer: ReceivedRequest.AnswerState) {
    update {
      $0.record.settle(serial, answer)
      switch answer {
      case .pending: break
      case .complete: $0.counts.complete += 1
      case .cut: $0.counts.cut += 1
      case .abandoned:
        $0.counts.abandoned += 1
        $0.generations.cancel(serial)
      }
    }
  }

  // MARK: Jobs

  /// - Parameter look: gets the jobs and the time since the start.
  func jobs<Result: Sendable>(at now: NIODeadline, _ look: (inout JobBoard, Duration) -> Result) -> Result {
    update { state in
      defer { state.counts.jobs = state.jobs.counts }
      return look(&state.jobs, Duration(now - start))
    }
  }

  /// - Parameter look: gets what is remembered of answers, and the time since the start.
  func generations<Result: Sendable>(
    at now: NIODeadline, _ look: (inout GenerationBook, Duration) -> Result
  ) -> Result {
    state.withLock { look(&$0.generations, Duration(now - start)) }
  }

  // MARK: Stopping

  /// - Returns: the connections to hang up.
  func stop() -> [any Channel] {
    update {
      $0.isStopped = true
      return Array($0.connections.values)
    }
  }

  func listenerClosed() {
    update { $0.listenerIsClosed = true }
  }

  // MARK: Waiting

  /// - Returns: true once the condition holds; false when the task is cancelled or the gateway is gone before that.
  func wait(until condition: @escaping @Sendable (GatewayCounts) -> Bool) async -> Bool {
    let id = state.withLock {
      $0.lastWaiter += 1
      return $0.lastWaiter
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.withLock {
          if condition($0.counts) { return true }
          // A cancellation before this point found nobody to wake.
          if $0.isGone || Task.isCancelled { return false }
          $0.waiters[id] = Waiter(condition: condition, continuation: continuation)
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume(returning: false)
    }
  }

  /// Waits until listener and connections are closed.
  /// - Returns: false where they are not when the time is over.
  func isGone(within patience: Duration) async -> Bool {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { _ = await self.wait { _ in false } }
      // A sleep that is cancelled has no time left to wait for.
      group.addTask { try? await Task.sleep(for: patience) }
      await group.next()
      group.cancelAll()
    }
    return state.withLock { $0.isGone }
  }

  /// Changes the state, then wakes those whose condition came true, outside the lock.
  private func update<Result: Sendable>(_ change: (inout State) -> Result) -> Result {
    let (result, woken) = state.withLock { state in
      let result = change(&state)
      return (result, Self.takeWoken(&state))
    }
    for (continuation, answer) in woken { continuation.resume(returning: answer) }
    return result
  }

  private static func takeWoken(_ state: inout State) -> [(CheckedContinuation<Bool, Never>, Bool)] {
    guard !state.waiters.isEmpty else { return [] }
    var woken: [(CheckedContinuation<Bool, Never>, Bool)] = []
    for (id, waiter) in state.waiters {
      let holds = waiter.condition(state.counts)
      guard holds || state.isGone else { continue }
      woken.append((waiter.continuation, holds))
      state.waiters[id] = nil
    }
    return woken
  }
}

extension Duration {
  init(_ amount: TimeAmount) { self = .nanoseconds(amount.nanoseconds) }
}

extension TimeAmount {
  /// Rounded down to nanoseconds, never negative.
  init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self = .nanoseconds(max(0, seconds * 1_000_000_000 + attoseconds / 1_000_000_000))
  }
}
