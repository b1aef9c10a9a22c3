/// Copied exchanges that wait for an evaluator's scores of both answers.

import TrafficSplit

/// An evaluator's word comes seconds or minutes after the answers, and of a bad one perhaps sooner than of a good one. So pairs are
/// weighed in the order in which their exchanges began, each once it is settled: when all that is asked for has been said, when its
/// copy has no answer, or after `patience`. Whether a pair counts is then a matter of that pair alone, whenever the value is looked
/// at. Bounded: beyond `capacity` the oldest is weighed by what is known. Nothing of it outlives a restart.
struct AwaitedScores: Sendable {
  static let capacity = WaitingAttempts.capacity
  /// From an exchange's beginning, in nanoseconds.
  static let patience: Int64 = 300_000_000_000

  struct Pair: Sendable {
    var exchange: UInt64
    var candidate: ArmIndex
    var began: Instant
    /// From 0 to 1; NaN where nothing has been said.
    var score = Double.nan
    var baseline = Double.nan
    fileprivate var isUnanswered = false
    /// The copy before it of the same exchange, by number; -1: none.
    fileprivate var older = -1
  }

  /// Whether the baseline's is asked for too.
  private let asksForBoth: Bool
  private var waiting: ContiguousArray<Pair> = []
  private var head = 0
  /// The number of the first in `waiting`.
  private var passed = 0
  /// The newest copy of an exchange, by number.
  private var newest = AttemptTable()

  init(asksForBoth: Bool) { self.asksForBoth = asksForBoth }

  var isFull: Bool { waiting.count - head >= Self.capacity }

  /// A copy was sent. The caller has made room.
  mutating func began(_ exchange: UInt64, _ candidate: ArmIndex, at: Instant) {
    var pair = Pair(exchange: exchange, candidate: candidate, began: at)
    pair.older = newest[exchange] ?? -1
    newest.set(exchange, to: passed + waiting.count)
    waiting.append(pair)
  }

  /// The copy has ended without an answer that could be scored.
  mutating func wasNotAnswered(_ exchange: UInt64, _ candidate: ArmIndex) {
    _ = change(exchange) { if $0.candidate == candidate { $0.isUnanswered = true } }
  }

  /// The last word counts.
  ///
  /// - Returns: Whether a pair waits for it.
  mutating func scored(_ exchange: UInt64, _ arm: ArmIndex, _ score: Double) -> Bool {
    var isAwaited = false
    let isThere = change(exchange) { pair in
      if arm.isBaseline { pair.baseline = score }
      guard pair.candidate == arm else { return }
      pair.score = score
      isAwaited = true
    }
    return arm.isBaseline ? isThere : isAwaited
  }

  private mutating func change(_ exchange: UInt64, _ body: (inout Pair) -> Void) -> Bool {
    guard let last = newest[exchange] else { return false }
    var number = last
    while number >= passed + head {
      body(&waiting[number - passed])
      number = waiting[number - passed].older
    }
    return true
  }

  /// The oldest, where it is settled; with `isForced` in any case. There is one then.
  mutating func next(at now: Instant, isForced: Bool = false) -> Pair? {
    guard head < waiting.count, isForced || isSettled(waiting[head], at: now) else { return nil }
    let pair = waiting[head]
    if newest[pair.exchange] == passed + head { newest.remove(pair.exchange) }
    head += 1
    if head == waiting.count || head > Self.capacity {
      waiting.removeFirst(head)
      passed += head
      head = 0
    }
    return pair
  }

  private func isSettled(_ pair: Pair, at now: Instant) -> Bool {
    if pair.isUnanswered || now.nanoseconds - pair.began.nanoseconds >= Self.patience { return true }
    return !pair.score.isNaN && (!asksForBoth || !pair.baseline.isNaN)
  }
}

extension RolloutEvidence {
  /// A copy was sent, whose answer an evaluator may score.
  mutating func awaitScores(_ copy: AttemptStart) {
    guard plan.asksForScores else { return }
    if scores.isFull, let pair = scores.next(at: latest, isForced: true) { weigh(pair) }
    scores.began(copy.exchange, copy.arm, at: copy.at)
  }

  mutating func weighScores() {
    while let pair = scores.next(at: latest) { weigh(pair) }
  }

  private mutating func weigh(_ pair: AwaitedScores.Pair) {
    let candidate = pair.candidate.candidate
    guard !isClosed[candidate], pair.began >= shadow[candidate].began else { return }
    shadow[candidate].weigh(pair)
  }
}

extension TestSet {
  /// Both answers' scores, as far as they are known.
  mutating func weigh(_ pair: AwaitedScores.Pair) {
    guard !pair.score.isNaN else { return }
    for (index, spec) in betSpecs.enumerated() where spec.quantity == .score {
      var counts = BetTally(candidate: pair.score)
      if !pair.baseline.isNaN { counts.add(BetTally(baseline: pair.baseline)) }
      if !spec.isRatio, let payoff = spec.payoff(value: pair.score) {
        weigh(index, payoff, 0, pair.began, counts)
      } else if !pair.baseline.isNaN, let payoff = spec.payoff(value: pair.score, baseline: pair.baseline) {
        weigh(index, payoff, 0, pair.began, counts)
      }
    }
  }
}
