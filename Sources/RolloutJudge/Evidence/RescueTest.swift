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
/// along those that are not all known yet, with what is unknown taken in the candidate's favour.
struct RescueTest: Sendable {
  struct Counts: Sendable, Equatable, Codable {
    var n = 0
    var bad = 0
    var rescued = 0
    /// Exchanges of which nobody waited to learn more.
    var unknown = 0
  }

  struct Start: Sendable, Equatable, Codable {
    var number: Int
    var weight: Double
    var counts = Counts()
  }

  private enum State: Character, Sendable {
    case open = "o"
    case good = "g"
    case bad = "b"
    case rescued = "r"
  }

  private let factors: RescueFactors
  /// Exchanges that are waited for; beyond them the oldest is weighed as it stands.
  private static let capacity = 256
  /// Where units stay on their arm, the largest of the starts' values counts, as beside it in the relative test.
  private let isLargest: Bool
  private var settled: Progress
  /// In the order of assignment, from this ordinal on.
  private var queue: [State] = []
  private var first = 0

  /// The exchanges that have been weighed. A start begins after a bad exchange, at most one in 20: what dies, dies at once.
  private struct Progress: Sendable {
    private static let spacing = 20
    var starts: [Start] = []
    var budget: StartBudget
    var entersStage = false
    var sinceStart = 0
    var wasBad = false

    mutating func weigh(_ state: State, _ factors: RescueFactors) {
      if entersStage { restart(budget.entry(), factors) }
      if starts.isEmpty || (wasBad && sinceStart >= Self.spacing) { restart(budget.next(), factors) }
      entersStage = false
      sinceStart += 1
      wasBad = state == .bad || state == .rescued
      for index in starts.indices {
        starts[index].counts.n += 1
        if state == .open { starts[index].counts.unknown += 1 }
        if wasBad { starts[index].counts.bad += 1 }
        if state == .rescued { starts[index].counts.rescued += 1 }
      }
    }

    private mutating func restart(_ place: (number: Int, weight: Double)?, _ factors: RescueFactors) {
      guard let place else { return }
      if starts.count >= RestartWeights.maxStarts {
        starts.remove(at: RestartWeights.leastUseful(starts.map { $0.weight * factors.value($0.counts) }))
      }
      starts.append(Start(number: place.number, weight: place.weight))
      sinceStart = 0
    }
  }

  init(r0: Double, entries: Int, isLargest: Bool) {
    factors = RescueFactors(r0: r0)
    settled = Progress(budget: StartBudget(entries: entries))
    self.isLargest = isLargest
  }

  mutating func stageEntered() { settled.entersStage = !settled.starts.isEmpty }

  /// A canary began.
  ///
  /// - Parameter ordinal: Its place among the arm's attempts, rising.
  mutating func began(_ ordinal: Int) {
    if queue.isEmpty { first = ordinal }
    // An attempt that this test does not ask about is one that went well.
    while first + queue.count < ordinal { queue.append(.good) }
    queue.append(.open)
    if queue.count > Self.capacity { weighFirst() }
  }

  mutating func turnedGood(_ ordinal: Int) { set(ordinal, .good) { $0 == .open } }

  mutating func turnedBad(_ ordinal: Int) { set(ordinal, .bad) { $0 == .open } }

  /// The baseline has answered in place of an attempt that had turned bad.
  mutating func wasRescued(_ ordinal: Int) { set(ordinal, .rescued) { $0 == .bad } }

  private mutating func set(_ ordinal: Int, _ state: State, where mayChange: (State) -> Bool) {
    let place = ordinal - first
    guard queue.indices.contains(place), mayChange(queue[place]) else { return }
    queue[place] = state
    while let oldest = queue.first, oldest == .good || oldest == .rescued { weighFirst() }
  }

  private mutating func weighFirst() {
    settled.weigh(queue.removeFirst(), factors)
    first += 1
  }

  var value: Double { best.value }

  /// The value of what has been weighed, with 1 for every start that has not begun.
  var whole: Double { settled.starts.reduce(1 - settled.budget.spent) { $0 + weighted($1) } }

  /// The largest value along what is known, and the counts of every start there.
  var best: (value: Double, starts: [Start]) {
    var progress = settled
    var best = (value: total(progress.starts), starts: progress.starts)
    for state in queue {
      progress.weigh(state, factors)
      // Only a rescue raises it.
      guard state == .rescued else { continue }
      let value = total(progress.starts)
      if value > best.value { best = (value, progress.starts) }
    }
    return best
  }

  private func total(_ starts: [Start]) -> Double {
    let values = starts.map { weighted($0) }
    return min(RestartWeights.ceiling, isLargest ? values.max() ?? 0 : values.reduce(0, +))
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
    var entersStage: Bool
    /// A letter for each exchange that is waited for, and the ordinal of the first.
    var queue: String
    var first: Int
  }

  var saved: Saved {
    Saved(
      starts: settled.starts, budget: settled.budget, sinceStart: settled.sinceStart, wasBad: settled.wasBad,
      entersStage: settled.entersStage, queue: String(queue.map(\.rawValue)), first: first)
  }

  mutating func restore(_ saved: Saved) {
    settled = Progress(
      starts: saved.starts, budget: saved.budget, entersStage: saved.entersStage, sinceStart: saved.sinceStart,
      wasBad: saved.wasBad)
    (queue, first) = (saved.queue.compactMap { State(rawValue: $0) }, saved.first)
  }
}
