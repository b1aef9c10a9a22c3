/// "The bad share is above p0", weighed after every attempt: a mixture of likelihood ratios over worse shares, on counts only.

import RealModule

/// E = Σ_j w_j (q_j/p0)^bad ((1-q_j)/(1-p0))^good, summed over starts with `RestartWeights`.
///
/// Every started attempt counts as good until it turns bad, so at every moment the value is at most that of the finished
/// sequence in the order of starting, to which Ville's inequality applies.
struct AbsoluteTest: Sendable {
  struct Start: Sendable, Equatable, Codable {
    /// 1, 2, 3… in the order of starting, dropped ones counted.
    var number: Int
    /// The first attempt it judges.
    var ordinal: Int
    /// What the test had counted before it.
    var nBefore: Int
    var badBefore: Int
    var since: Instant
    var reference: SignalTally
  }

  let p0: Double
  private let grid: ShareGrid
  /// Attempts between two starts; 0: never again.
  private let spacing: Int
  private let since: Instant
  private(set) var begun = 0
  private(set) var n = 0
  private(set) var bad = 0
  private(set) var starts: [Start] = []
  private(set) var started = 0
  private var isStale = false
  private var known = Finding.none
  private var knownAt = 0

  /// A value and the start that contributes most to it.
  struct Finding: Sendable {
    var value: Double
    /// Of the leading start.
    var n = 0
    var bad = 0
    var since: Instant?
    var reference = SignalTally()

    static let none = Finding(value: 0)
  }

  init(p0: Double, against alternatives: Alternatives, since: Instant) {
    self.since = since
    // A limit of 0% or 100% has no odds; a millionth away from it decides the same.
    self.p0 = min(max(p0, 1e-6), 1 - 1e-6)
    grid = ShareGrid(p0: self.p0, alternatives)
    spacing = alternatives == .worse ? Int(min(1000, max(8, 1 / self.p0))) : 0
  }

  enum Alternatives: Sendable { case worse, better }

  /// What one start says of so many attempts, unweighted: the formula alone, for whoever recomputes a decision.
  static func eValue(p0: Double, n: Int, bad: Int, against alternatives: Alternatives = .worse) -> Double {
    AbsoluteTest(p0: p0, against: alternatives, since: Instant(nanoseconds: 0)).grid.value(n: n, bad: bad)
  }

  /// An attempt began, and is good for now.
  ///
  /// - Parameter ordinal: Its place among the arm's attempts, rising.
  mutating func began(_ ordinal: Int, at: Instant, tally: SignalTally) {
    if starts.isEmpty {
      // The baseline may have been counted for a while before the candidate's first attempt.
      restart(ordinal, at: since, tally: SignalTally())
    } else if spacing > 0 && begun % spacing == 0 {
      restart(ordinal, at: at, tally: tally)
    }
    begun += 1
    n += 1
  }

  mutating func turnedBad(_ ordinal: Int) {
    bad += 1
    for index in starts.indices.reversed() {
      guard starts[index].ordinal > ordinal else { break }
      starts[index].badBefore += 1
    }
    isStale = true
  }

  /// The attempt leaves the denominator; it had not turned bad.
  mutating func wasExcluded(_ ordinal: Int) {
    n -= 1
    for index in starts.indices.reversed() {
      guard starts[index].ordinal > ordinal else { break }
      starts[index].nBefore -= 1
    }
    isStale = true
  }

  /// The e-value now, computed again only where the counts have changed.
  mutating func finding() -> Finding {
    guard isStale || knownAt != n else { return known }
    isStale = false
    knownAt = n
    known = starts.isEmpty ? .none : currentFinding()
    return known
  }

  /// False where the value cannot have reached the threshold since it was last computed: attempts that began only lower it, and
  /// the starts that began with them add less than 1 together.
  func mayReach(_ threshold: Double) -> Bool { isStale || known.value + 1 >= threshold }

  /// As `finding`, computed every time.
  func currentFinding() -> Finding {
    var total = 0.0
    var (best, bestValue) = (0, -1.0)
    for (index, start) in starts.enumerated() {
      let value = weighted(start)
      total += value
      if value > bestValue { (best, bestValue) = (index, value) }
    }
    guard let start = starts.indices.contains(best) ? starts[best] : nil else { return .none }
    return Finding(
      value: min(total, RestartWeights.ceiling), n: n - start.nBefore, bad: bad - start.badBefore, since: start.since,
      reference: start.reference)
  }

  /// What the value is made of.
  var counted: [EvidenceBasis.Start] {
    starts.map { EvidenceBasis.Start(start: $0.number, n: n - $0.nBefore, bad: bad - $0.badBefore) }
  }

  private func weighted(_ start: Start) -> Double {
    let weight = spacing > 0 ? RestartWeights.weight(start.number) : 1
    return weight * grid.value(n: n - start.nBefore, bad: bad - start.badBefore)
  }

  private mutating func restart(_ ordinal: Int, at: Instant, tally: SignalTally) {
    if starts.count >= RestartWeights.maxStarts {
      starts.remove(at: RestartWeights.leastUseful(starts.map { weighted($0) }))
    }
    started += 1
    starts.append(
      Start(number: started, ordinal: ordinal, nBefore: n, badBefore: bad, since: at, reference: tally))
  }
}

extension AbsoluteTest {
  struct Saved: Sendable, Equatable, Codable {
    var begun: Int
    var n: Int
    var bad: Int
    var started: Int
    var starts: [Start]
  }

  var saved: Saved { Saved(begun: begun, n: n, bad: bad, started: started, starts: starts) }

  mutating func restore(_ saved: Saved) {
    (begun, n, bad, started) = (saved.begun, saved.n, saved.bad, saved.started)
    starts = saved.starts
    isStale = true
  }
}
