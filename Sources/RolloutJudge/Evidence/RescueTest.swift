/// "A canary fails more often than r0 times the baseline would on the same requests", weighed by what became of its rescues.

import RealModule

/// A canary's exchange ends good, bad and rescued, or bad with a baseline that fails too. While the candidate's probability p of
/// failing an exchange is at most r0 times the baseline's, and failures of one exchange on the two arms are not negatively associated,
///
///     P(bad, rescue bad) ≥ p²/r0   and so   P(bad, rescued) ≤ p (1 - p/r0).
///
/// With factors e0 (good), e1 (rescued) and e2 ≤ e1 (both bad) the mean of one exchange's factor is then at most
/// e0 + p (e1 - e0) - p² (e1 - e2) / r0, whose largest value over p is divided out. E = Σ_k 1/8 Π e, summed over starts. It needs no
/// holdback, no units (both answers are to one request) and no steady rates: in an outage the rescues fail as well.
///
/// Exchanges are weighed in the order of assignment. Ville's inequality covers every moment of that order, so the value is the largest
/// along those that are not all known yet, with what is unknown taken in the candidate's favour. Whoever asks looks through them
/// only where the rescues among them could make a difference (`bound`).
struct RescueTest: Sendable {
  struct Counts: Sendable, Equatable, Codable {
    var n = 0
    var bad = 0
    var rescued = 0
    /// Exchanges of which nobody waited to learn more.
    var unknown = 0
  }

  struct Start: TestStart, Equatable, Codable {
    var number: Int
    var weight: Double
    var counts = Counts()
  }

  private let factors: RescueFactors
  /// Where units stay on their arm, the largest of the starts' values counts, as beside it in the relative test.
  private let isLargest: Bool
  private var weighed: RescueProgress
  private var queue = RescueQueue()

  init(r0: Double, entries: Int, isLargest: Bool) {
    factors = RescueFactors(r0: r0)
    weighed = RescueProgress(Starts(entries: entries))
    self.isLargest = isLargest
  }

  mutating func stageEntered() { weighed.entersStage = !weighed.starts.isEmpty }

  /// Exchanges whose turn has not come.
  var waiting: Int { queue.count }

  /// A canary began.
  ///
  /// - Parameter ordinal: Its place among the arm's attempts, rising.
  mutating func began(_ ordinal: Int) {
    queue.append(ordinal)
    weighNext()
  }

  mutating func turnedGood(_ ordinal: Int) { set(ordinal, .good) { $0 == .open } }

  mutating func turnedBad(_ ordinal: Int) { set(ordinal, .bad) { $0 == .open } }

  /// The baseline has answered in place of an attempt that had turned bad.
  mutating func wasRescued(_ ordinal: Int) { set(ordinal, .rescued) { $0 == .bad } }

  /// The baseline has failed it, too, or was not asked.
  mutating func wasLost(_ ordinal: Int) { set(ordinal, .lost) { $0 == .bad } }

  private mutating func set(_ ordinal: Int, _ fate: RescueQueue.Fate, where mayChange: (RescueQueue.Fate) -> Bool) {
    queue.set(ordinal, fate, where: mayChange)
    weighNext()
  }

  private mutating func weighNext() {
    while let fate = queue.next() { weighed.weigh(fate, factors) }
  }

  var value: Double { best(towards: 0).value }

  /// The value of what has been weighed, with 1 for every start that has not begun.
  var whole: Double { weighed.starts.whole(weighted) }

  /// What the value cannot exceed by what is known of those that wait.
  var bound: Double {
    guard queue.rescued > 0 else { return total(weighed.starts) }
    return factors.bound(after: queue.rescued, others: queue.count - queue.rescued, weighed.starts)
  }

  /// The value of what has been weighed, and the counts of every start.
  var settled: (value: Double, starts: [Start]) { (total(weighed.starts), Array(weighed.starts)) }

  /// The value along what is known, and the counts of every start there: the largest, or the first at or above `threshold`.
  func best(towards threshold: Double) -> (value: Double, starts: [Start]) {
    let now = settled
    guard queue.rescued > 0, now.value < threshold || threshold <= 0 else { return now }
    var preview = weighed
    var values = preview.starts.map { $0.weight * factors.values($0.counts) }
    var best = (value: now.value, starts: preview.starts)
    for fate in queue.waiting {
      if preview.weigh(fate, factors) {
        values = preview.starts.map { $0.weight * factors.values($0.counts) }
      } else {
        let factor = factors.factor(fate)
        for index in values.indices { values[index] *= factor }
      }
      // Only a rescue raises it.
      guard fate == .rescued else { continue }
      let value = combined(values.lazy.map { $0.sum() })
      guard value > best.value else { continue }
      best = (value, preview.starts)
      if threshold > 0, value >= threshold { break }
    }
    // From the counts, as whoever recomputes a decision does.
    return (total(best.starts), Array(best.starts))
  }

  private func total(_ starts: Starts<Start>) -> Double { combined(starts.lazy.map { weighted($0) }) }

  private func combined(_ values: some Sequence<Double>) -> Double {
    min(RestartWeights.ceiling, isLargest ? values.max() ?? 0 : values.reduce(0, +))
  }

  /// The value of one start for so many exchanges, unweighted: the formula alone, for whoever recomputes a decision.
  static func eValue(r0: Double, _ counts: Counts) -> Double { RescueFactors(r0: r0).value(counts) }

  private func weighted(_ start: Start) -> Double { start.weight * factors.value(start.counts) }
}

extension RescueTest {
  struct Saved: Sendable, Equatable, Codable {
    var starts: [Start]
    var budget: StartBudget
    var sinceStart: Int
    var wasBad: Bool
    /// Nil in older checkpoints.
    var sinceBad: Int?
    var entersStage: Bool
  }

  /// With those that wait weighed as they stand: nobody will tell a later process how they ended.
  var saved: Saved {
    var known = weighed
    for fate in queue.waiting { known.weigh(fate, factors) }
    return Saved(
      starts: Array(known.starts), budget: known.starts.budget, sinceStart: known.sinceStart, wasBad: known.isCluster,
      sinceBad: known.sinceBad, entersStage: known.entersStage)
  }

  mutating func restore(_ saved: Saved) {
    weighed = RescueProgress(Starts(saved.starts, saved.budget))
    (weighed.entersStage, weighed.sinceStart, weighed.isCluster) = (saved.entersStage, saved.sinceStart, saved.wasBad)
    weighed.sinceBad = saved.sinceBad ?? weighed.sinceBad
    queue = RescueQueue()
  }
}
