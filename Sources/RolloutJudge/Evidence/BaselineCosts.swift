/// What the baseline's answers cost in the past: the cap on costs, and about what one of its outcomes costs.

/// From the previous stage; before there is one, from the first 500 known costs. An exchange is judged by what was known when it began.
struct BaselineCosts: Sendable {
  static let minSamples = 500

  struct Past: Sendable, Equatable, Codable {
    /// USD: the largest of them.
    var cap: Double
    /// USD for a successful outcome: within a factor of 1.5 of what it was.
    var perOutcome: Interval

    struct Interval: Sendable, Equatable, Codable {
      var low: Double
      var high: Double
    }
  }

  /// By generation; an attempt refers to the one that was known when it began.
  private(set) var known: [Past] = []
  private let isAsked: Bool
  private var count = 0
  private var successes = 0
  private var sum = 0.0
  private var largest = 0.0

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
    if known.isEmpty && count >= Self.minSamples { learn() }
  }

  mutating func stageEntered() {
    if count >= Self.minSamples { learn() }
    (count, successes, sum, largest) = (0, 0, 0, 0)
  }

  private mutating func learn() {
    guard largest > 0 else { return }
    let perOutcome = sum / Double(max(1, successes))
    known.append(Past(cap: largest, perOutcome: Past.Interval(low: perOutcome / 1.5, high: perOutcome * 1.5)))
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
