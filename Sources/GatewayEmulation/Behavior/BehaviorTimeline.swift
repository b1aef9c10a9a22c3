/// Which behavior holds for the next request: the one set last, moved along its schedule by requests and time.
struct BehaviorTimeline: Sendable {
  private(set) var behavior: GatewayBehavior
  private var pending: ArraySlice<BehaviorChange>
  /// Since the schedule began.
  private var drawn = 0
  /// `drawn` when `behavior` took effect, so that its script starts at its own first request.
  private var base = 0

  init(_ behavior: GatewayBehavior) {
    self.behavior = behavior
    pending = behavior.changes[...]
  }

  /// - Parameter elapsed: since the schedule began.
  mutating func next(elapsed: Duration) -> RequestPlan {
    advance(elapsed: elapsed)
    drawn += 1
    return RequestPlan(behavior: behavior, number: drawn - base)
  }

  /// The plan that `next` would give; draws nothing.
  func peek(elapsed: Duration) -> RequestPlan {
    var copy = self
    return copy.next(elapsed: elapsed)
  }

  private mutating func advance(elapsed: Duration) {
    while let change = pending.first {
      let isDue =
        switch change.after {
        case .elapsed(let duration): elapsed >= duration
        case .requests(let count): drawn >= count
        }
      guard isDue else { return }
      behavior = change.behavior
      base = drawn
      pending = pending.dropFirst()
    }
  }
}
