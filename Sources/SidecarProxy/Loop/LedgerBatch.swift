/// The batch from a loop to the control plane: ledger entries and counters, a few times a second, never per request.

package import Guards
package import Listening
package import RolloutJudge
package import TrafficSplit

package struct LedgerBatch: Sendable {
  package var entries: [LedgerEntry] = []
  package var counters = ProxyCounters()
  package var turnedAway = TurnedAway()

  package init() {}

  package var isEmpty: Bool { entries.isEmpty && turnedAway.isEmpty && counters == ProxyCounters() }
}

/// Counts since the last batch; whoever receives batches adds them up.
package struct ProxyCounters: Sendable, Equatable {
  package var connectionsAccepted = 0
  package var connectionsRefused = 0
  package var requests = 0
  /// Requests refused because their framing was malformed or ambiguous.
  package var requestsRefused = 0
  /// Answers that Crossfade itself had to give.
  package var localAnswers = 0
  package var clientsGone = 0
  /// Requests larger than `max_body`, passed through to the baseline unshadowed.
  package var bodiesTooLarge = 0
  /// Requests whose body there was no room to keep, passed through to the baseline likewise.
  package var bodiesNotKept = 0
  /// The times by arm that a kept-alive connection closed under a request, which was sent again where its arm was still
  /// allowed that. Arms without any may be missing at the end.
  package var replaysByArm: [Int] = []
  /// Canaries' answers passed on without a token, since their time to be held back was over, or what may be held was full.
  package var holdsOutlasted = 0
  package var holdsOutgrown = 0
  package var upstreamConnections = 0
  /// Attempts that found all connections in use that may be open to their arm.
  package var upstreamConnectionsRefused = 0
  /// Connections to one address of an arm that another address had overtaken.
  package var upstreamConnectionsUnused = 0
  /// Connections that could not be opened or accepted because the process had nothing left to do it with.
  package var shortages = 0
  /// Client connections closed between requests because others waited to be accepted.
  package var idleClientsClosed = 0
  /// Answers whose content the tap could not read (unknown or broken content coding).
  package var unreadableAnswers = 0
  /// Those of them that would have unpacked into more than is looked at.
  package var answersNotUnpacked = 0
  /// Exchanges chosen for comparison whose answers there was no room for.
  package var comparisonsDropped = 0

  /// Values of `x-crossfade-outcome-of` that say nothing.
  package var outcomesMalformed = 0

  package var guards = GuardCounts()

  package init() {}

  mutating func noteReplays(_ count: Int, onArm arm: Int) {
    while replaysByArm.count <= arm { replaysByArm.append(0) }
    replaysByArm[arm] += count
  }

  package static func += (a: inout ProxyCounters, b: ProxyCounters) {
    a.connectionsAccepted += b.connectionsAccepted
    a.connectionsRefused += b.connectionsRefused
    a.requests += b.requests
    a.requestsRefused += b.requestsRefused
    a.localAnswers += b.localAnswers
    a.clientsGone += b.clientsGone
    a.bodiesTooLarge += b.bodiesTooLarge
    a.bodiesNotKept += b.bodiesNotKept
    for (arm, count) in b.replaysByArm.enumerated() { a.noteReplays(count, onArm: arm) }
    a.holdsOutlasted += b.holdsOutlasted
    a.holdsOutgrown += b.holdsOutgrown
    a.upstreamConnections += b.upstreamConnections
    a.upstreamConnectionsRefused += b.upstreamConnectionsRefused
    a.upstreamConnectionsUnused += b.upstreamConnectionsUnused
    a.shortages += b.shortages
    a.idleClientsClosed += b.idleClientsClosed
    a.unreadableAnswers += b.unreadableAnswers
    a.answersNotUnpacked += b.answersNotUnpacked
    a.outcomesMalformed += b.outcomesMalformed
    a.comparisonsDropped += b.comparisonsDropped
    a.guards += b.guards
  }
}

/// Something an operator should read about, as it happens.
package enum ProxyEvent: Sendable {
  case listening(host: String, port: Int)
  case draining(open: Int, limit: Duration)
  /// - Parameter failures: connects in a row that failed.
  case upstreamDown(arm: ArmIndex, reason: String, failures: Int)
  case upstreamUp(arm: ArmIndex)
  /// A live answer of the baseline was given up.
  /// - Parameter after: how long it had been silent.
  case answerCut(arm: ArmIndex, after: Duration)
  /// The process's descriptors that traffic may have, once, at the start.
  case descriptors(DescriptorBudget)
  /// All places for client connections are taken: no more are accepted until one is free.
  case clientsFull(limit: Int)
  case ranShort(of: Shortage)
}

/// What has to be remembered of a job beyond this process: it may be on the bill.
package enum JobEvent: Sendable, Equatable {
  /// It exists, and has not been asked after.
  case began(OpenJob)
  case ended(arm: ArmIndex, id: String)
  /// One that an earlier process had left.
  /// - Parameter how: what became of it, in words that go on from "it".
  case settled(arm: ArmIndex, id: String, String)
}

/// A job at a vendor that is not known to have ended.
package struct OpenJob: Sendable, Equatable {
  package var arm: ArmIndex
  /// The vendor's own id.
  package var id: String
  package var at: Instant
  /// Where it is asked after and called off, where the vendor said so.
  package var pollPath: String?
  package var resultPath: String?
  package var cancelPath: String?
  /// USD that a copy's can cost at most: the budget is charged with it from now on, until it is known what it did cost.
  package var reserved = 0.0

  package init(
    arm: ArmIndex, id: String, at: Instant, pollPath: String? = nil, resultPath: String? = nil,
    cancelPath: String? = nil, reserved: Double = 0
  ) {
    self.reserved = reserved
    self.pollPath = pollPath
    self.resultPath = resultPath
    self.cancelPath = cancelPath
    self.arm = arm
    self.id = id
    self.at = at
  }
}

/// Where the proxy reports; every closure returns at once.
package struct ProxyObserver: Sendable {
  package var batch: @Sendable (LedgerBatch) -> Void
  package var event: @Sendable (ProxyEvent) -> Void
  /// An exchange to be compared; what happens to it is no longer the loop's affair.
  package var captured: @Sendable (CapturedExchange) -> Void
  /// Written down in the order of the calls, `began` before the first poll.
  package var job: @Sendable (JobEvent) -> Void

  package init(
    batch: @escaping @Sendable (LedgerBatch) -> Void, event: @escaping @Sendable (ProxyEvent) -> Void,
    captured: @escaping @Sendable (CapturedExchange) -> Void = { _ in },
    job: @escaping @Sendable (JobEvent) -> Void = { _ in }
  ) {
    self.batch = batch
    self.event = event
    self.captured = captured
    self.job = job
  }
}
