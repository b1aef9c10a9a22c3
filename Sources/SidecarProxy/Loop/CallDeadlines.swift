/// Looks after the time-outs of a loop's open calls: each is checked when it may have run out, and not before.

import NIOCore

/// One per loop.
final class CallDeadlines {
  private unowned let loop: LoopState
  private var calls = OpenCalls()
  /// When calls will be checked next.
  private var sweepAt = Int64.max
  /// How exact time-outs are.
  private static let interval: Int64 = 20_000_000
  /// A sweep that comes so late was held up by a process that stood still: what came in the meantime lies in the sockets, and
  /// is read first.
  private static let standstill: Int64 = 250_000_000
  private static let grace: Int64 = 100_000_000
  private var isPostponed = false

  init(loop: LoopState) { self.loop = loop }

  var all: [UpstreamCall] { calls.all }

  /// - Parameter deadline: before it the call cannot time out.
  func register(_ call: UpstreamCall, deadline: Int64) {
    calls.add(call, deadline: deadline)
    planSweep(deadline)
  }

  func unregister(_ call: UpstreamCall) { calls.remove(call) }

  /// The call's new wait may take less time than the one before.
  func move(_ call: UpstreamCall, to deadline: Int64) {
    calls.setDeadline(deadline, of: call)
    planSweep(deadline)
  }

  private func planSweep(_ deadline: Int64) {
    let at = max(deadline, loop.time + Self.interval)
    guard at < sweepAt else { return }
    sweepAt = at
    // A loop's state under a former playbook is kept by what it still has to do.
    loop.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(at - loop.time)) { [loop] in
      loop.deadlines.sweep(plannedFor: at)
    }
  }

  private func sweep(plannedFor at: Int64) {
    // A sooner one was planned after it.
    guard at == sweepAt else { return }
    loop.tick()
    sweepAt = .max
    isPostponed = !isPostponed && loop.time - at > Self.standstill
    guard !isPostponed else { return planSweep(loop.time + Self.grace) }
    // A call that times out takes itself off the list, and its receiver may put another one on.
    for call in calls.due(at: loop.time) where call.slot >= 0 {
      calls.setDeadline(call.checkDeadline(at: loop.time), of: call)
    }
    if let next = calls.nextDeadline { planSweep(next) }
  }
}
