/// A store that several processes share: what a replica tells the others through it, and hears of them.

package import RolloutJudge

/// Every call is one short transaction that leaves nothing behind in its session. Instants within are by the store's own clock, which
/// is the fleet's; the clocks of replicas do not matter.
package protocol FleetStore: RolloutStore {
  /// Once a second: the replica lives, and learns what has happened.
  func meet(_ pulse: ReplicaPulse) throws(StoreFault) -> FleetNews

  /// It stops in good order: its intervals are closed, and nobody waits for it.
  func leave(_ replica: ReplicaID, of rollout: String) throws(StoreFault)

  /// Evidence that no other batch holds. Entering a batch again is nothing.
  func enter(_ batch: EvidenceBatch) throws(StoreFault)

  /// Batches with greater numbers than are known of each replica, by replica and number.
  ///
  /// - Parameter known: The last number that was read of each; those that are not in it are read from the first on.
  /// - Parameter bytes: About so many at most, and one batch at least.
  func batches(
    of rollout: String, beyond known: [ReplicaID: Int], bytes: Int
  ) throws(StoreFault) -> [EvidenceBatch]

  /// Deletes what the rollout's checkpoint covers, a small number of rows at a time.
  func prune(_ rollout: String, upTo known: [ReplicaID: Int]) throws(StoreFault)

  /// A slice of a budget for one day, so that all replicas together cannot spend more than it and what is lost with a replica.
  ///
  /// - Returns: USD that the replica may spend from now on; at most what was asked for, 0 where none is left.
  func takeSlice(_ slice: BudgetSlice) throws(StoreFault) -> Double
}

/// One run of one process: a process that starts again is another replica.
package struct ReplicaID: Sendable, Hashable, Codable, CustomStringConvertible {
  /// As people know it, such as a pod's name; at most 63 characters.
  package var name: String
  /// Drawn at the start.
  package var run: UInt64

  package init(name: String, run: UInt64) {
    self.name = String(name.prefix(63))
    self.run = run
  }

  /// `pod-7/3fa91c00d2e8b641`
  package var description: String {
    let digits = String(run, radix: 16)
    return "\(name)/\(String(repeating: "0", count: 16 - digits.count))\(digits)"
  }
}

package struct ReplicaPulse: Sendable, Equatable {
  package var rollout: String
  package var replica: ReplicaID
  package var version: String
  package var playbookSHA256: String
  /// The last decision that is in force on all of its loops.
  package var seq: Int
  /// Live requests since its start.
  package var requests: Int
  /// The number of its last batch that the store has taken; 0: none.
  package var batch: Int
  /// Whether it would decide, where nobody does.
  package var offersToDecide: Bool

  package init(
    rollout: String, replica: ReplicaID, version: String, playbookSHA256: String, seq: Int = 0, requests: Int = 0,
    batch: Int = 0, offersToDecide: Bool = true
  ) {
    self.rollout = rollout
    self.replica = replica
    self.version = version
    self.playbookSHA256 = playbookSHA256
    self.seq = seq
    self.requests = requests
    self.batch = batch
    self.offersToDecide = offersToDecide
  }
}

package struct FleetNews: Sendable, Equatable {
  /// By the store's clock.
  package var now: Instant
  /// Those after the pulse's, oldest first.
  package var decisions: [Decision]
  /// Nil while another replica decides.
  package var lease: DeciderLease?
  /// Every replica whose heartbeat is not long over, by name; the one that asks is among them.
  package var replicas: [ReplicaStanding]

  package init(now: Instant, decisions: [Decision], lease: DeciderLease?, replicas: [ReplicaStanding]) {
    self.now = now
    self.decisions = decisions
    self.lease = lease
    self.replicas = replicas
  }
}

/// The right to decide by evidence. It only saves work: two deciders are one too many, and no danger.
package struct DeciderLease: Sendable, Equatable {
  /// Greater with every holder; an append under an older one is refused.
  package var epoch: Int
  /// By the store's clock; renewed with each pulse of its holder.
  package var until: Instant

  package init(epoch: Int, until: Instant) {
    self.epoch = epoch
    self.until = until
  }

  /// A holder that is silent for so long is followed by another.
  package static let term = Duration.seconds(5)
}

package struct ReplicaStanding: Sendable, Equatable {
  package var replica: ReplicaID
  package var version: String
  package var playbookSHA256: String
  package var seq: Int
  package var requests: Int
  package var batch: Int
  /// By the store's clock.
  package var lastSeen: Instant
  package var isDecider: Bool
  /// It has left in good order.
  package var hasLeft: Bool

  package init(
    replica: ReplicaID, version: String, playbookSHA256: String, seq: Int, requests: Int, batch: Int,
    lastSeen: Instant, isDecider: Bool, hasLeft: Bool
  ) {
    self.replica = replica
    self.version = version
    self.playbookSHA256 = playbookSHA256
    self.seq = seq
    self.requests = requests
    self.batch = batch
    self.lastSeen = lastSeen
    self.isDecider = isDecider
    self.hasLeft = hasLeft
  }

  /// A heartbeat that is older has expired: nobody waits for the replica's evidence any more.
  package static let expiry = Duration.seconds(5)
}

/// What one replica has seen in an interval.
package struct EvidenceBatch: Sendable, Equatable {
  package static let maxBytes = 1 << 20

  package var rollout: String
  package var replica: ReplicaID
  /// 1, 2, 3… of each replica.
  package var number: Int
  /// Everything that the replica saw before is in this batch or an earlier one; by the store's clock.
  package var closedAt: Instant
  /// In the evidence's own encoding; at most `maxBytes`.
  package var body: [UInt8]

  package init(rollout: String, replica: ReplicaID, number: Int, closedAt: Instant, body: [UInt8]) {
    self.rollout = rollout
    self.replica = replica
    self.number = number
    self.closedAt = closedAt
    self.body = body
  }
}

package struct BudgetSlice: Sendable, Equatable {
  package var rollout: String
  package var replica: ReplicaID
  /// Names the budget within the rollout, such as `shadow` or `litellm team=search`.
  package var budget: String
  /// Days since 1970, UTC.
  package var day: Int
  /// USD: what is asked for, and what all replicas together may spend on that day.
  package var dollars: Double
  package var limit: Double

  package init(rollout: String, replica: ReplicaID, budget: String, day: Int, dollars: Double, limit: Double) {
    self.rollout = rollout
    self.replica = replica
    self.budget = budget
    self.day = day
    self.dollars = dollars
    self.limit = limit
  }
}
