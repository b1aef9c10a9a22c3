/// The copies of a loop: those still owed, what all of them may hold, and those that wait to read on.

import NIOCore
import RolloutJudge

/// One per loop.
final class CopyQueue {
  private unowned let loop: LoopState
  private var budget: ShadowBudget
  private var pace = ShadowPace()
  private var owing: [Exchange] = []
  private var resting = CircularBuffer<ShadowCall>()

  init(loop: LoopState) {
    self.loop = loop
    budget = ShadowBudget(inFlightLimit: loop.shared.shadowInFlight, byteLimit: loop.shared.limits.shadowBytes)
  }

  /// Copies leave once all that was ready with their request has been handled: no live request waits for them, and many that
  /// leave together cost the kernel, and whoever wakes up for them, less.
  func owe(_ exchange: Exchange) {
    owing.append(exchange)
    guard owing.count == 1 else { return }
    loop.eventLoop.assumeIsolated().execute { [loop] in loop.copies.sendOwed() }
  }

  func sendOwed() {
    loop.tick()
    for exchange in owing { exchange.sendCopies(of: loop) }
    owing.removeAll(keepingCapacity: true)
  }

  // MARK: what they may hold

  /// - Returns: why the copy is dropped, or nil where it has been admitted.
  func admit(bytes: Int) -> ShadowDrop? { loop.isDraining ? .draining : budget.admit(bytes: bytes) }

  func release(bytes: Int) { budget.release(bytes: bytes) }

  // MARK: those that must wait

  /// - Parameters:
  ///   - bytes: what it has read since the loop's last tick.
  ///   - mustRest: whatever there is room for, it goes on in another turn.
  /// - Returns: whether the shadow may read on; if not, it is told when it may.
  func mayReadOn(_ shadow: ShadowCall, after bytes: Int, mustRest: Bool = false) -> Bool {
    let mayReadOn = noteRead(bytes: bytes)
    guard mustRest || !mayReadOn else { return true }
    resting.append(shadow)
    if resting.count == 1 { scheduleWaking() }
    return false
  }

  /// - Parameter bytes: what a copy has read since the loop's last tick.
  /// - Returns: whether there is room for more.
  @discardableResult
  func noteRead(bytes: Int) -> Bool { pace.take(bytes: bytes, since: loop.time, at: loop.clock) }

  private func scheduleWaking() {
    loop.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(pace.rest)) { [loop] in loop.copies.wake() }
  }

  private func wake() {
    loop.tick()
    for _ in 0..<pace.readers(at: loop.time) {
      resting.popFirst()?.readOn()
      loop.tick()
    }
    if !resting.isEmpty { scheduleWaking() }
  }
}
