/// Whether and when a failed attempt is repeated: what the arm asks for comes first, and all retries together are a share of
/// the requests.

/// Of all requests of a loop: a storm cannot feed itself.
package struct RetryBudget: Sendable {
  private let share: Double
  private var counts = SlidingCounts(window: .seconds(10))
  /// Where there is little traffic a share of it would be less than one.
  package static let least = 3

  package init(share: Double) { self.share = share }

  package mutating func requestCame(at now: Int64) { counts.add(all: 1, at: now) }

  /// - Returns: whether one more retry fits.
  package mutating func take(at now: Int64) -> Bool {
    counts.move(to: now)
    guard counts.some < max(Self.least, Int(share * Double(counts.all))) else { return false }
    counts.add(some: 1, at: now)
    return true
  }
}

package struct RetryPlan: Sendable {
  private let policy: GuardPolicy.Retries
  /// An arm that asks for more is not waited for: its answer goes to the client, who may wait or not.
  package static let longestWait = Duration.seconds(30)

  package init(_ policy: GuardPolicy.Retries) { self.policy = policy }

  package enum Decision: Equatable, Sendable {
    case retry(after: Duration)
    case giveUp(Reason)
  }

  package enum Reason: Equatable, Sendable {
    case notAsked, exhausted, hasEffect, toldNotTo, tooLong
  }

  package struct Failure: Equatable, Sendable {
    package var trigger: GuardTrigger
    /// What the arm asked to be given.
    package var retryAfter: Duration?
    /// `x-should-retry`, where the arm says it.
    package var shouldRetry: Bool?

    package init(_ trigger: GuardTrigger, retryAfter: Duration? = nil, shouldRetry: Bool? = nil) {
      self.trigger = trigger
      self.retryAfter = retryAfter
      self.shouldRetry = shouldRetry
    }
  }

  /// - Parameters:
  ///   - done: retries of this exchange so far.
  ///   - hasEffect: the request may have done more than to be answered.
  ///   - chance: uniform in 0..<1.
  package func decide(_ failure: Failure, done: Int, hasEffect: Bool, chance: Double) -> Decision {
    guard policy.on.contains(failure.trigger) else { return .giveUp(.notAsked) }
    if hasEffect { return .giveUp(.hasEffect) }
    guard done < policy.max else { return .giveUp(.exhausted) }
    if failure.shouldRetry == false { return .giveUp(.toldNotTo) }
    let ceiling = min(policy.backoff * (1 << min(done, 20)), Self.longestWait)
    guard let asked = failure.retryAfter else { return .retry(after: ceiling * chance) }
    guard asked <= Self.longestWait else { return .giveUp(.tooLong) }
    // Everyone was told the same instant.
    return .retry(after: asked + min(ceiling, asked / 4) * chance)
  }
}
