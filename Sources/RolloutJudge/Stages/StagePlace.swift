/// A place in the playbook's stages: which one, since when, and how much of its hold has been served.

struct StagePlace: Sendable, Equatable {
  var stageIndex: Int
  /// As the journal has it: a changed playbook may have it at another index.
  var stage: String
  /// As journaled.
  var enteredAt: Instant
  /// The decision that led here; 0: none has.
  var enteredBy = 0
  var clock = HoldClock()
  /// Why the last hold of this stage holds, and since when.
  var heldFor: String?
  var heldForSince: Instant?
}

/// The time served in a stage: only while the process runs and nobody has paused the rollout.
///
/// Instants are of the process that asks, never the journal's: another clock may have stamped those.
struct HoldClock: Sendable, Equatable {
  private(set) var served = Duration.zero
  /// What had been served when a person last resumed: `max_hold` is counted from there.
  private(set) var resumedAfter = Duration.zero
  /// Nil: it stands still.
  private var since: Instant?

  func held(at now: Instant) -> Duration { served + (since.map { max(.zero, now - $0) } ?? .zero) }

  /// Time served since the stage was entered or last resumed.
  func heldSinceResume(at now: Instant) -> Duration { held(at: now) - resumedAfter }

  mutating func run(from now: Instant) { since = since ?? now }

  mutating func stop(at now: Instant) {
    served = held(at: now)
    since = nil
  }

  mutating func resume(at now: Instant) {
    resumedAfter = served
    run(from: now)
  }
}

extension HoldClock {
  /// In nanoseconds.
  struct Saved: Sendable, Equatable, Codable {
    var served: Int64
    var resumedAfter: Int64
  }

  func saved(at now: Instant) -> Saved {
    Saved(served: held(at: now).nanoseconds, resumedAfter: resumedAfter.nanoseconds)
  }

  /// - Parameter now: Where it goes on; nil: it stands still.
  init(_ saved: Saved, from now: Instant?) {
    served = .nanoseconds(max(0, saved.served))
    resumedAfter = .nanoseconds(min(max(0, saved.resumedAfter), max(0, saved.served)))
    since = now
  }
}
