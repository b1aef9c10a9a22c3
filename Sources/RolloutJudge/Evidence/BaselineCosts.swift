/// What the baseline's answers cost in the past: the cap on costs, and about what one of its outcomes costs.

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

    /// For exchanges whose outcome was waited for.
    var reported: Past? {
      perReportedOutcome.map { Past(cap: cap, perOutcome: $0, perAnswer: perAnswer, perReportedOutcome: $0) }
    }

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
  private var count = 0
  private var successes = 0
  private var sum = 0.0
  private var answers = (count: 0, sum: 0.0)
  private var largest = 0.0
  /// Of exchanges whose outcome was waited for, in this stage.
  private var reported = (count: 0, successes: 0, sum: 0.0)

  init(isAsked: Bool) { self.isAsked = isAsked }

  /// -1: nothing is known yet.
  var generation: Int { known.count - 1 }

  subscript(generation: Int) -> Past? { known.indices.contains(generation) ? known[generation] : nil }

  /// A live attempt on the baseline ended.
  mutating func record(_ cost: AttemptCost) {
    guard isAsked, cost.isKnown else { return }
    count += 1
    sum += cost.dollars
    largest = max(largest, cost.dollars)
    if cost.isSuccess { successes += 1 }
    if cost.isAnswered { answers = (answers.count + 1, answers.sum + cost.dollars) }
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
  }

  private mutating func learn() {
    guard largest > 0 else { return }
    known.append(
      Past(
        cap: largest, perOutcome: Self.interval(about: sum / Double(max(1, successes))),
        perAnswer: answers.count > 0 ? Self.interval(about: answers.sum / Double(answers.count)) : nil,
        perReportedOutcome: perReportedOutcome ?? known.last?.perReportedOutcome))
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
  }

  var saved: Saved? {
    guard isAsked else { return nil }
    return Saved(past: known.last, count: count, successes: successes, sum: sum, largest: largest)
  }

  mutating func restore(_ saved: Saved) {
    known = saved.past.map { [$0] } ?? []
    (count, successes, sum, largest) = (saved.count, saved.successes, saved.sum, saved.largest)
  }
}
