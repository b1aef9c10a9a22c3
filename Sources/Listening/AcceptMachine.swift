/// Whether a listener may accept: not while all places are taken, nor right after the process ran out of something.

/// A pure value. Legal transitions: accepting → full (placesTaken) → accepting (placeFreed); accepting → resting (failed) →
/// accepting (rested), or → full where the places were taken meanwhile.
struct AcceptMachine {
  enum Action: Equatable {
    case nothing
    case pause
    /// `rested` is to be called after so many milliseconds.
    case pauseFor(milliseconds: Int)
    case resume
  }

  private var isFull = false
  private var isResting = false
  /// Failures in a row.
  private var failures = 0

  /// However long the shortage lasts.
  static let longestRest = 1000
  private static let firstRest = 50

  var isAccepting: Bool { !isFull && !isResting }

  mutating func accepted() { failures = 0 }

  mutating func placesTaken() -> Action {
    defer { isFull = true }
    return isAccepting ? .pause : .nothing
  }

  mutating func placeFreed() -> Action {
    guard isFull else { return .nothing }
    isFull = false
    return isResting ? .nothing : .resume
  }

  /// No descriptor, or no memory, for the connection that waits to be accepted.
  mutating func failed() -> Action {
    guard !isResting else { return .nothing }
    isResting = true
    defer { failures += 1 }
    return .pauseFor(milliseconds: min(Self.longestRest, Self.firstRest << min(failures, 8)))
  }

  mutating func rested() -> Action {
    guard isResting else { return .nothing }
    isResting = false
    return isFull ? .nothing : .resume
  }
}
