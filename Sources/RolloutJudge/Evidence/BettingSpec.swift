/// What costs and mismatches are held against, and what one observation of them pays.

import Dialects

/// The nulls, each for every observation given everything before it:
///
/// - mismatch, `above p`: P(candidate's answer is a mismatch) - P(the baseline's second answer is one) ≤ p, over pairs with
///   a second answer. Payoff (C - N - p) / (1 + p). Which pairs have one must not depend on the answers; how many do is free,
///   which is why pairs without one are left out: they could only be used with the share of noise known exactly (it is not:
///   noise copies may be dropped, and are preferred when comparisons are scarce) or with a baseline whose variation never
///   drifts. Both arms are held against the same first answer, so an odd one of these cancels.
/// - mismatch, `ratio_above r`: P(C) ≤ r·P(N). Payoff (C - r·N) / r.
/// - mismatch without noise: the baseline's variation counts as none, and every pair counts. Payoff (C - p) / p.
/// - cost, `above a`: the mean of min(cost, 100·a) ≤ a, per request, or per successful outcome. Payoff (X - a·S) / a, where S
///   is 1 per request and, per outcome, 1 for a success and 0 else.
/// - cost, `ratio_above r`, live: mean of min(cost, c) of the candidate's ≤ r times that of the baseline's, for exchanges
///   that could have been either's. With A = 1 where the candidate got it, which it did with probability ρ:
///   A·X·(1-ρ) - r·(1-A)·X·ρ has then a mean of at most 0, and divided by r·ρ·c is at least -1.
/// - cost, `ratio_above r`, copies: both arms answered the same exchange. Payoff (X - r·Y) / (r·c).
/// - a value from 0 to 1, `below b`: the mean of X ≥ b. Payoff (b - X) / max(b, 1 - b).
/// - the same, `ratio_below r`, live: the mean of the candidate's ≥ r times that of the baseline's. r·(1-A)·X·ρ - A·X·(1-ρ)
///   has then a mean of at most 0, and divided by 1-ρ is at least -1. Copies: r·Y - X.
///
/// c is fixed before the exchange began, from the baseline's past (`BaselineCosts`), and the same for both arms: where every cost is
/// r times the baseline's at most, so is min(cost, c), for r ≥ 1. Costs beyond it count as c.
///
/// A cost per request is that of an answered one, or an arm that fails 40% would seem 40% cheaper: the means are divided by the
/// share of answers, or of successes. With κ the baseline's cost of an answer, or an outcome, X - r·κ·S
/// and Y - κ·S take the places of X and Y: both means are then at most 0 exactly for the true κ, which is taken to be within a factor
/// of 1.5 of what it was in the past.
///
/// Where answers are counted, κ is that of the request's kind (`CostKinds`): what can be foretold of a cost is no surprise on either arm, and
/// is taken out of it. Each exchange still counts in dollars, and
///
///     ρ(1-ρ)·[E(X) - r·κ - r·(E(Y) - κ)] = ρ(1-ρ)·[E(X) - r·E(Y)]
///
/// whatever κ is, as long as both arms answer it: the line keeps its meaning, which costs over predicted costs would change (a candidate
/// twice as dear for a cheap model and less so for a dear one may be within it).
struct BettingSpec: Sendable, Hashable {
  enum Quantity: Sendable, Hashable {
    case mismatch(hasNoise: Bool)
    case costPerRequest
    case costPerOutcome
    case cachedShare
    case score
  }

  enum Limit: Sendable, Hashable {
    case above(Double)
    case ratio(Double)
    case below(Double)
    case ratioBelow(Double)
  }

  var quantity: Quantity
  var limit: Limit

  var isOfCost: Bool {
    quantity == .costPerRequest || quantity == .costPerOutcome
  }

  /// Whether what a request may be expected to cost is taken out.
  var asksForKinds: Bool { quantity == .costPerRequest && isRatio }

  var isOfPairs: Bool {
    if case .mismatch = quantity { true } else { false }
  }

  var isRatio: Bool {
    switch limit {
    case .ratio, .ratioBelow: true
    case .above, .below: false
    }
  }

  /// Stable across runs: names the test in a checkpoint.
  var key: String {
    let name =
      switch quantity {
      case .mismatch(let hasNoise): hasNoise ? "mismatch" : "mismatch_alone"
      case .costPerRequest: "cost"
      case .costPerOutcome: "cost_of_outcome"
      case .cachedShare: "cached_share"
      case .score: "score"
      }
    return switch limit {
    case .above(let value): "\(name)>\(value)"
    case .ratio(let value): "\(name)/\(value)"
    case .below(let value): "\(name)<\(value)"
    case .ratioBelow(let value): "\(name)\\\(value)"
    }
  }
}

// MARK: mismatches

extension BettingSpec {
  /// What the four kinds of pair pay: `kind(_:_:)` numbers them.
  var pairPayoffs: [Double] {
    (0..<4).map { kind in
      let (own, noise) = (Double(kind & 1), Double(kind >> 1))
      return switch (limit, quantity) {
      case (.above(let p), .mismatch(hasNoise: false)): (own - max(p, 1e-6)) / max(p, 1e-6)
      case (.above(let p), _): (own - noise - p) / (1 + p)
      case (.ratio(let r), _): (own - max(r, 1e-6) * noise) / max(r, 1e-6)
      case (.below, _), (.ratioBelow, _): 0
      }
    }
  }

  static func kind(_ isMismatch: Bool, _ isNoiseMismatch: Bool) -> Int {
    (isMismatch ? 1 : 0) | (isNoiseMismatch ? 2 : 0)
  }
}

// MARK: costs

/// What an ended attempt cost, as far as is known.
struct AttemptCost: Sendable, Equatable {
  /// USD, for each of the pictures of an answer that is pictures; NaN where unknown, which is never zero.
  var dollars = Double.nan
  /// The application got an answer.
  var isAnswered = false
  /// It was a successful outcome.
  var isSuccess = false
  /// Cached input over input; NaN where unknown or not asked.
  var cachedShare = Double.nan
  /// The application's, from 0 to 1; NaN where it gave none.
  var score = Double.nan

  init() {}

  init(_ end: AttemptEnd) {
    dollars = end.cost.map { $0 / Double(end.assets) } ?? .nan
    isAnswered = end.outcome.isOk
    isSuccess = end.outcome.isOk && end.isNormalFinish
    cachedShare = end.cachedShare ?? .nan
  }

  var isKnown: Bool { !dollars.isNaN }

  /// Only answers must have a cost: what a failure cost nobody says.
  var isMissing: Bool { isAnswered && !isKnown }
}

extension BettingSpec {
  /// One attempt of the candidate's against a limit in dollars; nil where it is not one.
  func payoff(_ cost: AttemptCost) -> BettingTest.Payoff? {
    guard case .above(let limit) = limit, isOfCost else { return nil }
    let allowed = max(limit, 1e-9)
    return BettingTest.Payoff((min(cost.dollars, 100 * allowed) - allowed * successes(cost)) / allowed)
  }

  /// One attempt of either arm's, of an exchange that was given to the candidate with this probability.
  ///
  /// - Parameter kind: Of its request, as its costs were told apart before it.
  func payoff(
    _ cost: AttemptCost, isCandidate: Bool, share: Double, _ past: BaselineCosts.Past, kind: Int = -1
  ) -> BettingTest.Payoff? {
    guard case .ratio(let limit) = limit, let mean = mean(past), isOfUnit(cost) else { return nil }
    let ratio = max(limit, 1e-6)
    let dollars = min(cost.dollars, past.cap)
    let (factor, largest) = asksForKinds ? (past.factor(kind), past.largestFactor) : (1, 1)
    return payoff(mean) { unit in
      let excess = dollars - unit * factor * successes(cost) * (isCandidate ? ratio : 1)
      let most = max((1 - share) * ratio * mean.high * largest, ratio * share * past.cap)
      return (isCandidate ? (1 - share) * excess : -ratio * share * excess) / most
    }
  }

  /// One exchange that both arms answered.
  func payoff(_ own: AttemptCost, _ baseline: AttemptCost, _ past: BaselineCosts.Past) -> BettingTest.Payoff? {
    guard case .ratio(let limit) = limit, isOfUnit(own), isOfUnit(baseline) else { return nil }
    let ratio = max(limit, 1e-6)
    return payoff(past.perOutcome) { unit in
      // Of a request that both arms have answered there is no doubt what an answer to it costs.
      let unit = quantity == .costPerOutcome ? unit : 0
      let excess = min(own.dollars, past.cap) - ratio * unit * successes(own)
      let other = min(baseline.dollars, past.cap) - unit * successes(baseline)
      let most = ratio * (past.cap + (quantity == .costPerOutcome ? past.perOutcome.high : 0))
      return (excess - ratio * other) / most
    }
  }

  private func successes(_ cost: AttemptCost) -> Double { quantity == .costPerOutcome && !cost.isSuccess ? 0 : 1 }

  /// An arm that fails more often is not a cheaper one: a request is one that was answered.
  private func isOfUnit(_ cost: AttemptCost) -> Bool { quantity == .costPerOutcome || cost.isAnswered }

  /// What the baseline pays for what is counted.
  private func mean(_ past: BaselineCosts.Past) -> BaselineCosts.Past.Interval? {
    quantity == .costPerOutcome ? past.perOutcome : past.perAnswer
  }

  private func payoff(
    _ mean: BaselineCosts.Past.Interval, _ value: (Double) -> Double
  ) -> BettingTest.Payoff { BettingTest.Payoff(low: value(mean.low), high: value(mean.high)) }
}
