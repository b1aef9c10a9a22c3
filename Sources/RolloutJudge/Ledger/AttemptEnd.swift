/// How an attempt ended: what all that is counted and judged is made of.

package import Dialects
package import TrafficSplit

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
  @Compact package var ttft: Int64?
  /// USD; nil where unknown, which is never zero.
  @Compact package var cost: Double?
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
  @Compact package var firstByte: Int64?
  /// Nanoseconds from the last request byte read to the first event with content or a tool call, reasoning apart; nil where
  /// none came.
  @Compact package var firstVisible: Int64?
  /// Nanoseconds that the arm asked to wait before the next request; nil where it did not, or named a date.
  @Compact package var retryAfter: Int64?
  /// Nanoseconds: the longest wait between two reads of a stream after its first content; nil without one.
  @Compact package var longestGap: Int64?
  /// Nil where nothing is broken down, such as in rehearsals.
  package var labels: ExchangeLabels?
  /// USD that the attempt can have cost at most, where its cost is unknown and it may have cost something: what budgets
  /// are charged, and nothing else.
  @Compact package var costAtMost: Double?
  /// Of the answer's head; nil where none was read.
  @Compact package var status: Int?
  /// Whole pictures that the answer brought.
  package var pictures: Int32 = 0
  /// A mistake of whoever set the arm up.
  package var mistake: OwnMistake?
  /// Nil for most.
  private var names: AnswerNames?
  /// Of an attempt that was a job.
  package var jobNote: JobNote?
  package var job: JobFigures? { jobNote?.figures }

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
    names = askedModel.flatMap { $0 == servedModel ? nil : AnswerNames(asked: $0, served: servedModel) }
    self.costAtMost = costAtMost
    mistake = OwnMistake(outcome, status: nil, nil)
  }
}

extension AttemptEnd {
  /// The model that the arm was asked for, and the one that it says has answered, where it does not say the same: nil
  /// where it does, and where that is not known.
  package var askedModel: String? { names?.asked }
  package var servedModel: String? { names?.served }

  /// What the arm names of a mistake: a field of the request.
  package var mistaken: String? {
    get { names?.mistaken }
    set { names = AnswerNames(asked: askedModel, served: servedModel, mistaken: newValue, billID: billID) }
  }

  /// The arm's own id of the answer, where what was billed for it is to be asked for; nil for most.
  package var billID: String? {
    get { names?.billID }
    set { names = AnswerNames(asked: askedModel, served: servedModel, mistaken: mistaken, billID: newValue) }
  }

  /// What figures count as one: each picture of the images endpoint, else the answer.
  package var assets: Int { labels?.endpoint == .images ? max(1, Int(pictures)) : 1 }

  /// Whether it took on a video's job.
  package var isVideo: Bool { outcome.isOk && labels?.endpoint == .videos }

  /// Nanoseconds for each token after the first, of streams that ended `ok`; nil where there is no such time.
  package var perToken: Int64? {
    guard outcome.isOk, labels?.isStream ?? true, let ttft, let tokens = usage?.completion, tokens > 1, latency > ttft
    else { return nil }
    return (latency - ttft) / Int64(tokens - 1)
  }

  /// Cached input over input, of answers within a conversation that has gone on for some turns; nil for others.
  var cachedShare: Double? {
    guard outcome.isOk, labels?.isSteady ?? false, let usage, usage.prompt > 0 else { return nil }
    return min(1, max(0, Double(usage.cached) / Double(usage.prompt)))
  }
}

/// What few attempts say, and what would make all of them larger.
private final class AnswerNames: Sendable {
  let asked: String?
  let served: String?
  let mistaken: String?
  let billID: String?

  init(asked: String?, served: String?, mistaken: String? = nil, billID: String? = nil) {
    self.asked = asked
    self.served = served
    self.mistaken = mistaken
    self.billID = billID
  }
}
