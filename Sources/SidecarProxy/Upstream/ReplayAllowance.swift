/// How often an arm may close a kept connection under a request before that is called a failure.

/// One per loop and arm, a pure value: a replay in a hundred attempts is the network's; more are the arm's.
struct ReplayAllowance {
  private var attempts = 0
  private var replays = 0
  private var givenUp = 0
  private static let share = 100
  /// However few attempts there have been.
  private static let free = 5
  /// An arm that closes its idle connections meets a request with that now and then: one in so many of them.
  private static let crossing = 8
  /// Old attempts fade: both counts are halved here.
  private static let memory = 10_000

  mutating func attemptBegan() {
    attempts += 1
    guard attempts >= Self.memory else { return }
    (attempts, replays, givenUp) = (attempts / 2, replays / 2, givenUp / 2)
  }

  /// The arm has closed a connection that was idle.
  mutating func idleClosed() { givenUp += 1 }

  /// - Returns: whether one more is within it; it is counted either way.
  mutating func take() -> Bool {
    replays += 1
    return replays <= max(Self.free, attempts / Self.share, givenUp / Self.crossing)
  }
}
