/// What the baseline's answers cost in the past: the cap on costs, about what one of its outcomes costs, and what kind of request costs how much.

/// From the previous stage; before there is one, from the first 500 known costs. An exchange is judged by what was known when it began.
struct BaselineCosts: Sendable {
  static let minSamples = 500

  struct Past: Sendable, Equatable, Codable {
    /// USD: the largest of them.
    var cap: Double
    /// USD for a successful outcome: within a factor of 1.5 of what it was.
    var perOutcome: Interval
    /// USD for an answered request, alike; nil in older checkpoints.
    var perAnswer: Interval?
    /// The same, with what the application said became of its exchanges; nil until enough is known of that.
    var perReportedOutcome: Interval?

    /// By kind of request (`CostKinds`): how many times as much as one of any kind it costs; nil where nobody asks.
    var kinds: [Double]?

    /// For exchanges whose outcome was waited for.
    var reported: Past? {
      perReportedOutcome.map { Past(cap: cap, perOutcome: $0, perAnswer: perAnswer, perReportedOutcome: $0) }
    }

    /// How many times as much as a request of any kind one of this kind costs.
    func factor(_ kind: Int) -> Double { kinds.map { $0.indices.contains(kind) ? $0[kind] : 1 } ?? 1 }

    /// The largest of these.
    var largestFactor: Double { max(1, kinds?.max() ?? 1) }

    struct Interval: Sendable, Equatable, Codable {
      var low: Double
      var high: Double
    }
  }

  /// Within the factor of a value.
  private static func interval(about value: Double) -> Past.Interval {
    Past.Interval(low: value / 1.5, high: value * 1.5)
  }

  /// By generation; an attempt refers to the one that was known when it began.
  private(set) var known: [Past] = []
  private let isAsked: Bool
  private let asksForKinds: Bool
  private var kinds = CostKinds()
  private var count = 0
  private var successes = 0
  private var sum = 0.0
  private var answers = (count: 0, sum: 0.0)
  private var largest = 0.0
  /// Of exchanges whose outcome was waited for, in this stage.
  private var reported = (count: 0, successes: 0, sum: 0.0)

  init(_ bets: [BettingSpec]) {
    isAsked = bets.contains(where: \.isOfCost)
    asksForKinds = bets.contains(where: \.asksForKinds)
  }

  /// -1: nobody asks.
  mutating func kind(of start: borrowing AttemptStart) -> Int { asksForKinds ? kinds.kind(of: start) : -1 }

  /// -1: nothing is known yet.
  var generation: Int { known.count - 1 }

  subscript(generation: Int) -> Past? { known.indices.contains(generation) ? known[generation] : nil }

  /// A live attempt on the baseline ended.
  mutating func record(_ cost: AttemptCost, kind: Int) {
    guard isAsked, cost.isKnown else { return }
    count += 1
    sum += cost.dollars
    largest = max(largest, cost.dollars)
    if cost.isSuccess { successes += 1 }
    if cost.isAnswered {
      answers = (answers.count + 1, answers.sum + cost.dollars)
      if kind >= 0 { kinds.record(cost.dollars, kind) }
    }
    if known.isEmpty && count >= Self.minSamples { learn() }
  }

  /// One was waited for, and is known as well as it will be.
  mutating func recordOutcome(_ cost: AttemptCost) {
    guard isAsked, cost.isKnown else { return }
    reported.count += 1
    reported.sum += cost.dollars
    if cost.isSuccess { reported.successes += 1 }
    guard reported.count >= Self.minSamples, var past = known.last, past.perReportedOutcome == nil else { return }
    past.perReportedOutcome = perReportedOutcome
    known.append(past)
  }

  mutating func stageEntered() {
    if count >= Self.minSamples { learn() }
    (count, successes, sum, largest) = (0, 0, 0, 0)
    answers = (0, 0)
    reported = (0, 0, 0)
    kinds.stageEntered()
  }

  private mutating func learn() {
    guard largest > 0 else { return }
    known.append(
      Past(
        cap: largest, perOutcome: Self.interval(about: sum / Double(max(1, successes))),
        perAnswer: answers.count > 0 ? Self.interval(about: answers.sum / Double(answers.count)) : nil,
        perReportedOutcome: perReportedOutcome ?? known.last?.perReportedOutcome,
        kinds: kinds.factors(of: answers.sum / Double(max(1, answers.count)), before: known.last?.kinds)))
  }

  private var perReportedOutcome: Past.Interval? {
    guard reported.count >= Self.minSamples else { return nil }
    return Self.interval(about: reported.sum / Double(max(1, reported.successes)))
  }

  struct Saved: Sendable, Equatable, Codable {
    var past: Past?
    var count: Int
    var successes: Int
    var sum: Double
    var largest: Double
    /// The models that kinds of requests are told apart by; nil where nobody asks.
    var models: [String]?
  }

  var saved: Saved? {
    guard isAsked else { return nil }
    return Saved(
      past: known.last, count: count, successes: successes, sum: sum, largest: largest,
      models: asksForKinds ? kinds.names : nil)
  }

  mutating func restore(_ saved: Saved) {
    known = saved.past.map { [$0] } ?? []
    kinds = CostKinds(names: saved.models ?? [])
    (count, successes, sum, largest) = (saved.count, saved.successes, saved.sum, saved.largest)
  }
}
