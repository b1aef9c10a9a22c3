/// What the proxy tells the judge: an attempt started, an attempt ended. One ledger per event loop, drained each tick.

package import Dialects
package import TrafficSplit

/// Why an attempt was made. Populations are never mixed in a figure or a test.
package enum Population: UInt8, Sendable, Codable {
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

  /// As machines read it.
  package var name: String {
    switch self {
    case .live: "live"
    case .shadow: "shadow"
    case .noise: "noise"
    case .rescue: "rescue"
    case .override: "override"
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

  package init(
    attempt: UInt64, exchange: UInt64, arm: ArmIndex, population: Population, unit: UInt64, shares: [Double],
    at: Instant, model: String? = nil
  ) {
    self.model = model
    self.attempt = attempt
    self.exchange = exchange
    self.arm = arm
    self.population = population
    self.unit = unit
    self.shares = shares
    self.at = at
  }
}

package struct AttemptEnd: Sendable {
  package var attempt: UInt64
  package var exchange: UInt64
  package var arm: ArmIndex
  package var population: Population
  package var outcome: Outcome
  /// The instant of the last answer byte, or of the failure.
  package var at: Instant
  /// Nanoseconds from the last request byte read to the last answer byte.
  package var latency: Int64
  /// Nanoseconds from the last request byte read to the first event with content; nil where none came.
  package var ttft: Int64?
  /// USD; nil where unknown, which is never zero.
  package var cost: Double?
  /// Whether the request was a client's repetition of one that failed.
  package var isRetry: Bool
  /// Ended `ok` with a normal finish reason.
  package var isNormalFinish: Bool
  package var costSource: CostSource
  /// Nil where the arm said none, or the answer was cut.
  package var usage: TokenUsage?
  /// Nil where the answer named none.
  package var finish: FinishKind?
  /// Nanoseconds from the last request byte read to the answer's first byte; nil where none came.
  package var firstByte: Int64?
  /// Nanoseconds from the last request byte read to the first event with content or a tool call, reasoning apart; nil where
  /// none came.
  package var firstVisible: Int64?
  /// Nanoseconds that the arm asked to wait before the next request; nil where it did not, or named a date.
  package var retryAfter: Int64?
  /// Nanoseconds: the longest wait between two reads of a stream after its first content; nil without one.
  package var longestGap: Int64?
  /// Nil where nothing is broken down, such as in rehearsals.
  package var labels: ExchangeLabels?
  /// The model that the arm was asked for, and the one that it says has answered; nil where that is not known.
  package var askedModel: String?
  package var servedModel: String?
  /// USD that the attempt can have cost at most, where its cost is unknown and it may have cost something: what budgets
  /// are charged, and nothing else.
  package var costAtMost: Double?
  /// Of the answer's head; nil where none was read.
  package var status: Int?
  /// A mistake of whoever set the arm up, and what the arm names of it: a field of the request.
  package var mistake: OwnMistake?
  package var mistaken: String?

  package init(
    attempt: UInt64, exchange: UInt64, arm: ArmIndex, population: Population, outcome: Outcome, at: Instant,
    latency: Int64, ttft: Int64?, cost: Double?, isRetry: Bool, isNormalFinish: Bool,
    costSource: CostSource? = nil, usage: TokenUsage? = nil, finish: FinishKind? = nil, firstByte: Int64? = nil,
    firstVisible: Int64? = nil, retryAfter: Int64? = nil, longestGap: Int64? = nil, labels: ExchangeLabels? = nil,
    askedModel: String? = nil, servedModel: String? = nil, costAtMost: Double? = nil
  ) {
    self.attempt = attempt
    self.exchange = exchange
    self.arm = arm
    self.population = population
    self.outcome = outcome
    self.at = at
    self.latency = latency
    self.ttft = ttft
    self.cost = cost
    self.isRetry = isRetry
    self.isNormalFinish = isNormalFinish
    self.costSource = costSource ?? (cost == nil ? .unknown : .reported)
    self.usage = usage
    self.finish = finish
    self.firstByte = firstByte
    self.firstVisible = firstVisible
    self.retryAfter = retryAfter
    self.longestGap = longestGap
    self.labels = labels
    self.askedModel = askedModel
    self.servedModel = servedModel
    self.costAtMost = costAtMost
    mistake = OwnMistake(outcome, status: nil, nil)
  }
}

extension AttemptEnd {
  /// Nanoseconds for each token after the first, of streams that ended `ok`; nil where there is no such time.
  package var perToken: Int64? {
    guard outcome == .ok, labels?.isStream ?? true, let ttft, let tokens = usage?.completion, tokens > 1, latency > ttft
    else { return nil }
    return (latency - ttft) / Int64(tokens - 1)
  }

  /// Cached input over input, of answers within a conversation that has gone on for some turns; nil for others.
  var cachedShare: Double? {
    guard outcome == .ok, labels?.isSteady ?? false, let usage, usage.prompt > 0 else { return nil }
    return min(1, max(0, Double(usage.cached) / Double(usage.prompt)))
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
  /// A copy's answer was held against the baseline's.
  case compared(PairComparison)
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
