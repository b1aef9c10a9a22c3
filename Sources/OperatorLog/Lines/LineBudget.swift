/// How many lines of a kind a second may hold: a storm of failures must not become a storm of lines.

import RolloutJudge

/// Counts by kind within windows of one second; what is left out is said on the next line of its kind.
struct LineBudget {
  enum Verdict: Equatable {
    case suppressed
    /// - Parameter suppressed: lines left out since the last one that was written.
    case allowed(suppressed: Int)
  }

  private struct Window {
    var start: Instant
    var lines = 0
    var suppressed = 0
  }

  private var windows: [EventKind: Window] = [:]

  mutating func lineArrived(_ kind: EventKind, allowed: Int?, at: Instant) -> Verdict {
    guard let allowed else { return .allowed(suppressed: 0) }
    var window = windows[kind] ?? Window(start: at)
    if at - window.start >= .seconds(1) {
      window.start = at
      window.lines = 0
    }
    defer { windows[kind] = window }
    guard window.lines < allowed else {
      window.suppressed += 1
      return .suppressed
    }
    window.lines += 1
    defer { window.suppressed = 0 }
    return .allowed(suppressed: window.suppressed)
  }
}
