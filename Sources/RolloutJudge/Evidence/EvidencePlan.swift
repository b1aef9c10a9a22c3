/// The playbook's conditions taken apart, once, into signals and tests; the same for every candidate.

struct EvidencePlan: Sendable, Equatable {
  struct AbsoluteSpec: Sendable, Hashable {
    var signal: Int
    var p0: Double
  }

  struct RelativeSpec: Sendable, Hashable {
    var signal: Int
    var r0: Double
  }

  enum Part: Sendable, Equatable {
    case absolute(Int)
    case relative(Int)
    case betting(Int)
  }

  struct NamedPart: Sendable, Equatable {
    /// As in a decision's evidence.
    var name: String
    var part: Part
  }

  struct PlannedCondition: Sendable, Equatable {
    var condition: Condition
    var isRollback: Bool
    /// What the condition may spend on one candidate.
    var alpha: Double
    /// All must cross; empty where attempts alone cannot decide the metric.
    var parts: [NamedPart]
    /// The part whose counts speak for the condition in messages.
    var signal: Int?
    /// Parts of which one, with the roles swapped, proves that the condition is not breached.
    var proofs: [Part]

    var threshold: Double { 1 / alpha }
  }

  private(set) var signals: [Signal] = []
  private(set) var absolutes: [AbsoluteSpec] = []
  private(set) var relatives: [RelativeSpec] = []
  private(set) var bets: [BettingSpec] = []
  private(set) var conditions: [PlannedCondition] = []
  /// Whether a condition asks what an outcome costs.
  private(set) var asksForOutcomes = false
  /// Whether the baseline is asked twice now and then.
  private let hasNoise: Bool
  /// What a proof must reach where there is one way to it: 1 / (1 - confidence).
  private let proofThreshold: Double
  let needsProofs: Bool

  /// What pauses has a budget of its own, for it is not what the promise is about.
  init(_ playbook: Playbook) {
    proofThreshold = 1 / playbook.alpha
    hasNoise = playbook.shadow.noise > 0
    needsProofs = playbook.stages.contains { $0.advance == .proven }
    for condition in playbook.rollbackWhen {
      add(condition, isRollback: true, alpha: playbook.alpha(sharedBy: playbook.rollbackWhen.count))
    }
    for condition in playbook.pauseWhen {
      add(condition, isRollback: false, alpha: playbook.alpha(sharedBy: playbook.pauseWhen.count))
    }
  }

  /// Conditions whose not being breached can be shown.
  var provable: [PlannedCondition] { conditions.filter { $0.isRollback && !$0.proofs.isEmpty } }

  func proofThreshold(of planned: PlannedCondition) -> Double { proofThreshold * Double(planned.proofs.count) }

  private mutating func add(_ condition: Condition, isRollback: Bool, alpha: Double) {
    var planned = PlannedCondition(
      condition: condition, isRollback: isRollback, alpha: alpha, parts: [], signal: nil, proofs: [])
    if let stopwatch = condition.metric.stopwatch, let quantile = condition.metric.quantile {
      planQuantile(&planned, stopwatch, quantile)
    } else if let signal = condition.metric.shareSignal {
      planShare(&planned, signal)
    } else if let quantity = quantity(condition.metric) {
      planBets(&planned, quantity)
    }
    conditions.append(planned)
  }

  private mutating func planShare(_ planned: inout PlannedCondition, _ signal: Signal) {
    let index = place(of: signal)
    planned.signal = index
    if let above = planned.condition.above {
      let part = Part.absolute(place(of: AbsoluteSpec(signal: index, p0: above)))
      planned.parts.append(NamedPart(name: "absolute", part: part))
      planned.proofs.append(part)
    }
    if let ratio = planned.condition.ratioAbove {
      let part = Part.relative(place(of: RelativeSpec(signal: index, r0: ratio)))
      planned.parts.append(NamedPart(name: "ratio", part: part))
      planned.proofs.append(part)
    }
  }

  /// "p95 above L" is "more than 5% are slower than L". A ratio needs two tests: more than 5% are slower than the ratio
  /// times the baseline's p95 of the past, and slow attempts are more often the candidate's than its share explains; the second
  /// keeps a slow hour of both arms from counting against the candidate.
  private mutating func planQuantile(
    _ planned: inout PlannedCondition, _ stopwatch: Signal.Stopwatch, _ quantile: Double
  ) {
    let p0 = 1 - quantile
    if let above = planned.condition.above {
      let index = place(of: .slow(stopwatch, limit: Int64(min(above, 1e12) * 1e6)))
      let part = Part.absolute(place(of: AbsoluteSpec(signal: index, p0: p0)))
      planned.signal = index
      planned.parts.append(NamedPart(name: "absolute", part: part))
      planned.proofs.append(part)
    }
    if let ratio = planned.condition.ratioAbove {
      let index = place(of: .slowerThanBaseline(stopwatch, quantile: quantile, ratio: ratio))
      let part = Part.absolute(place(of: AbsoluteSpec(signal: index, p0: p0)))
      planned.signal = planned.signal ?? index
      planned.parts.append(NamedPart(name: "ratio_limit", part: part))
      planned.parts.append(
        NamedPart(name: "ratio", part: .relative(place(of: RelativeSpec(signal: index, r0: 1)))))
      planned.proofs.append(part)
    }
  }

  private func quantity(_ metric: Metric) -> BettingSpec.Quantity? {
    switch metric {
    case .mismatchRate: .mismatch(hasNoise: hasNoise)
    case .costPerRequest: .costPerRequest
    case .costPerOutcome: .costPerOutcome
    default: nil
    }
  }

  /// Without noise the baseline's own mismatches are not known, and a ratio to them is never judged.
  private mutating func planBets(_ planned: inout PlannedCondition, _ quantity: BettingSpec.Quantity) {
    if quantity == .costPerOutcome { asksForOutcomes = true }
    if planned.condition.ratioAbove != nil, quantity == .mismatch(hasNoise: false) { return }
    if let above = planned.condition.above {
      planned.parts.append(
        NamedPart(
          name: "absolute", part: .betting(place(of: BettingSpec(quantity: quantity, limit: .above(above))))))
    }
    if let ratio = planned.condition.ratioAbove {
      planned.parts.append(
        NamedPart(name: "ratio", part: .betting(place(of: BettingSpec(quantity: quantity, limit: .ratio(ratio))))))
    }
  }

  private mutating func place(of spec: BettingSpec) -> Int {
    if let index = bets.firstIndex(of: spec) { return index }
    bets.append(spec)
    return bets.count - 1
  }

  private mutating func place(of signal: Signal) -> Int {
    if let index = signals.firstIndex(of: signal) { return index }
    signals.append(signal)
    precondition(signals.count <= SignalSet.bitWidth, "there are fewer metrics than this")
    return signals.count - 1
  }

  private mutating func place(of spec: AbsoluteSpec) -> Int {
    if let index = absolutes.firstIndex(of: spec) { return index }
    absolutes.append(spec)
    return absolutes.count - 1
  }

  private mutating func place(of spec: RelativeSpec) -> Int {
    if let index = relatives.firstIndex(of: spec) { return index }
    relatives.append(spec)
    return relatives.count - 1
  }

  func key(_ spec: AbsoluteSpec) -> String { "\(signals[spec.signal].key)>\(spec.p0)" }
  func key(_ spec: RelativeSpec) -> String { "\(signals[spec.signal].key)/\(spec.r0)" }
}
