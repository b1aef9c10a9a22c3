/// What the proxy tells the judge: an attempt started, an attempt ended. One ledger per event loop, drained each tick.

package import Dialects
package import TrafficSplit

/// Why an attempt was made. Populations are never mixed in a figure or a test.
package enum Population: UInt8, Sendable, Codable, CaseIterable {
  /// A live exchange's first attempt: what it was assigned to.
  case live
  /// A copy sent to a candidate; its answer is never returned.
  case shadow
  /// A copy sent to the baseline again, to learn its own variation.
  case noise
  /// The baseline's rescue of a failed canary; counts for nobody.
  case rescue
  /// A request that named its arm; counts for nobody.
  case override
  /// A further attempt of the same exchange, since the one before had failed; counts for nobody, and is waste.
  case retry
  /// A candidate's answer in place of the failed baseline's; counts for nobody.
  case failover

  /// As machines read it.
  package var name: String {
    switch self {
    case .live: "live"
    case .shadow: "shadow"
    case .noise: "noise"
    case .rescue: "rescue"
    case .override: "override"
    case .retry: "retry"
    case .failover: "failover"
    }
  }
}

package struct AttemptStart: Sendable {
  /// Unique within a run of the process, never reused.
  package var attempt: UInt64
  /// The exchange it belongs to; a shadow and the live attempt it copies share it.
  package var exchange: UInt64
  package var arm: ArmIndex
  package var population: Population
  /// Hash of the unit that was assigned.
  package var unit: UInt64
  /// Share of each candidate at the moment of assignment, for exchanges like this one (0 where the candidate could not
  /// have been given it). Empty where no candidate could.
  package var shares: [Double]
  /// The instant of the last request byte read.
  package var at: Instant
  /// The application's model id; nil where the request names none, or nobody asks.
  package var model: String?
  /// Of the request's body; 0 where nobody counts.
  package var bytes: Int

  @inlinable
  package init(
    attempt: UInt64, exchange: UInt64, arm: ArmIndex, population: Population, unit: UInt64, shares: [Double],
    at: Instant, model: String? = nil, bytes: Int = 0
  ) {
    self.model = model
    self.bytes = bytes
    self.attempt = attempt
    self.exchange = exchange
    self.arm = arm
    self.population = population
    self.unit = unit
    self.shares = shares
    self.at = at
  }
}

package enum LedgerEntry: Sendable {
  case started(AttemptStart)
  case ended(AttemptEnd)
  /// An attempt that began and was none, for want of something of Crossfade's own: in no figure, and no evidence about
  /// any arm.
  case withdrawn(AttemptEnd)
  /// A copy that was not sent.
  case shadowDropped(ArmIndex, ShadowDrop, at: Instant)
  /// A live exchange on a candidate was answered by the baseline instead.
  case fellBack(ArmIndex, Outcome, exchange: UInt64, at: Instant)
  /// The client has sent a request again that had failed: the exchange that had, and the arm that it was assigned to.
  case retried(ArmIndex, exchange: UInt64, at: Instant)
  /// A copy's answer was held against the baseline's.
  case compared(PairComparison)
  /// A video that this arm had promised to a live exchange has been made, or has failed.
  case videoSettled(ArmIndex, JobNote)
  /// How long Crossfade itself held up a live exchange: from the last request byte read to the request sent, a connection
  /// opened where none was free, and from the last answer byte read to the answer sent. Only of some.
  case overhead(ArmIndex, nanoseconds: Int64)
  /// The application said in a later request what became of an exchange.
  case outcomeReported(exchange: UInt64, isSuccess: Bool)
}

/// Where an attempt's cost comes from.
package enum CostSource: String, Sendable, CaseIterable, Codable {
  /// The arm said so.
  case reported
  /// From its tokens and the playbook's prices.
  case derived
  /// Never zero.
  case unknown
}

/// What came of comparing one copy's answer with the baseline's. Which exchanges are compared does not depend on their
/// answers.
package struct PairComparison: Sendable, Equatable {
  package var exchange: UInt64
  package var candidate: ArmIndex
  package var isMismatch: Bool
  /// Whether the baseline's own second answer is a mismatch too; nil where it was not asked again.
  package var noiseMismatch: Bool?
  /// The instant of the baseline attempt's start.
  package var at: Instant

  package init(exchange: UInt64, candidate: ArmIndex, isMismatch: Bool, noiseMismatch: Bool?, at: Instant) {
    self.exchange = exchange
    self.candidate = candidate
    self.isMismatch = isMismatch
    self.noiseMismatch = noiseMismatch
    self.at = at
  }
}

/// Why a copy was not sent.
package enum ShadowDrop: String, Sendable, CaseIterable, Codable {
  case inFlight = "in_flight"
  case bytes
  case budget
  case unreachable
  case draining
  /// No longer given: such requests are not eligible. Stores that were written before may hold it.
  case unsuitable
}
