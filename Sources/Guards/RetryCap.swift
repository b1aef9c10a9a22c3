/// Keeps a caller's storm of repeats away from the arms: beyond a share of its requests they are answered here.

/// A value: instants come with the events, in nanoseconds of a monotonic clock.
package struct RetryCap: Sendable {
  private struct Caller {
    /// `all`: what passed; `some`: the repeats among it.
    var passed = SlidingCounts(window: RetryCap.window)
    var refused = SlidingCounts(window: RetryCap.window)
    var seen: Int64 = 0
  }

  package enum Verdict: Equatable, Sendable {
    case pass
    /// - Parameter retryAfter: whole seconds, another number for each.
    case refuse(retryAfter: Int)
  }

  private let share: Double
  private var callers: [UInt64: Caller] = [:]
  package static let window = Duration.seconds(30)
  /// Callers that are told apart; the one heard least recently is forgotten.
  package static let limit = 4096
  /// One request that failed may be repeated, whatever the share says.
  package static let least = 3
  package static let longestWait = 60

  package init(share: Double) { self.share = share }

  package var count: Int { callers.count }

  /// - Parameter chance: uniform in 0..<1.
  package mutating func requestCame(of caller: UInt64, isRepeat: Bool, at now: Int64, chance: Double) -> Verdict {
    var state = callers[caller] ?? Caller()
    if callers[caller] == nil, callers.count >= Self.limit { forgetOldest() }
    state.seen = now
    state.passed.move(to: now)
    state.refused.move(to: now)
    defer { callers[caller] = state }
    guard isRepeat else {
      state.passed.add(all: 1, at: now)
      return .pass
    }
    let allowed = max(Self.least, Int(share * Double(state.passed.all)))
    guard state.passed.some >= allowed else {
      state.passed.add(all: 1, some: 1, at: now)
      return .pass
    }
    state.refused.add(all: 1, at: now)
    // So many are waiting, and so many may pass in a window: they are told to come one after another.
    let crowd = Double(state.refused.all) / Double(allowed) * (Double(Self.window.nanoseconds) / 1e9)
    let spread = min(Double(Self.longestWait - 1), max(4, crowd))
    return .refuse(retryAfter: 1 + Int(spread * chance))
  }

  private mutating func forgetOldest() {
    // A quarter at once, so that it is seldom looked for.
    let oldest = callers.sorted { $0.value.seen < $1.value.seen }.prefix(Self.limit / 4)
    for (caller, _) in oldest { callers[caller] = nil }
  }
}
