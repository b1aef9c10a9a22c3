/// The queue before one arm on one loop: who waits, and the timer that ends the waiting.

import Guards
import NIOCore
import RolloutJudge

final class ArmQueue {
  private var queue: FairQueue
  private var adaptive: AdaptiveLimit?
  private var waiting: [FairQueue.Waiter: Waiting] = [:]
  private let atMost: Duration
  private var isTimerSet = false

  private struct Waiting {
    unowned let loop: LoopState
    let since: Int64
    let go: (Slot) -> Void
    let refuse: () -> Void
  }

  /// A place that waits for its turn.
  struct Turn {
    fileprivate let queue: ArmQueue
    fileprivate let waiter: FairQueue.Waiter

    func giveUp() {
      queue.queue.gaveUp(waiter)
      queue.waiting[waiter] = nil
    }
  }

  /// A place among those under way; given back once.
  final class Slot {
    private var queue: ArmQueue?

    fileprivate init(_ queue: ArmQueue) { self.queue = queue }

    /// - Parameters:
    ///   - ttft: nanoseconds; nil where no answer came.
    ///   - isRefused: the arm said that it is too much.
    func leave(ttft: Int64?, isRefused: Bool) {
      guard let queue else { return }
      self.queue = nil
      queue.left(ttft: ttft, isRefused: isRefused)
    }
  }

  init(_ policy: GuardPolicy.QueuePolicy, loops: Int) {
    let limit: Int
    switch policy.inFlight {
    case .fixed(let count): limit = max(1, count / loops)
    case .automatic:
      let adaptive = AdaptiveLimit()
      (self.adaptive, limit) = (adaptive, adaptive.limit)
    }
    queue = FairQueue(limit: limit, waiting: max(1, policy.waiting / loops), atMost: policy.atMost)
    if policy.waiting == 0 { queue = FairQueue(limit: limit, waiting: 0, atMost: policy.atMost) }
    atMost = policy.atMost
  }

  enum Entry {
    case go(Slot)
    case wait(Turn)
    case refused
  }

  /// - Parameters:
  ///   - go: called when its turn comes, later.
  ///   - refuse: called where it has waited for as long as one may, or has to make room.
  func enter(
    _ group: UInt64, loop: LoopState, go: @escaping (Slot) -> Void, refuse: @escaping () -> Void
  ) -> Entry {
    switch queue.arrived(group, at: loop.time) {
    case .go: return .go(Slot(self))
    case .refuse:
      loop.noteGuard { $0.queueFull += 1 }
      return .refused
    case .wait(let waiter, let displaced):
      loop.noteGuard { $0.queued += 1 }
      waiting[waiter] = Waiting(loop: loop, since: loop.time, go: go, refuse: refuse)
      setTimer(loop)
      if let displaced, let other = waiting.removeValue(forKey: displaced) {
        loop.noteGuard { $0.queueFull += 1 }
        other.refuse()
      }
      return .wait(Turn(queue: self, waiter: waiter))
    }
  }

  /// Whole seconds after which there may be room.
  var retryAfter: Int { max(1, Int(atMost.nanoseconds / 2_000_000_000)) }

  private func left(ttft: Int64?, isRefused: Bool) {
    if var limit = adaptive {
      if let ttft { limit.answered(ttft: ttft, inFlight: queue.inFlight) } else if isRefused { limit.refused() }
      adaptive = limit
      queue.limit = limit.limit
    }
    for waiter in queue.left() {
      guard let next = waiting.removeValue(forKey: waiter) else {
        assertionFailure("whose turn comes has waited")
        continue
      }
      let waited = next.loop.time - next.since
      next.loop.noteGuard { $0.queueNanoseconds += Int(waited) }
      next.go(Slot(self))
    }
  }

  private func setTimer(_ loop: LoopState) {
    guard !isTimerSet, let deadline = queue.nextDeadline else { return }
    isTimerSet = true
    // The loop's state under a former playbook is kept by what still waits there.
    loop.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(max(0, deadline - loop.time))) { [self, loop] in
      isTimerSet = false
      loop.tick()
      for waiter in queue.overdue(at: loop.time) {
        guard let late = waiting.removeValue(forKey: waiter) else { continue }
        let waited = loop.time - late.since
        late.loop.noteGuard {
          $0.queueOverdue += 1
          $0.queueNanoseconds += Int(waited)
        }
        late.refuse()
      }
      setTimer(loop)
    }
  }
}
