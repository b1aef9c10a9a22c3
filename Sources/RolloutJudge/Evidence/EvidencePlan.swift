/// The playbook's conditions taken apart, once, into signals and tests; the same for every candidate.

import TrafficSplit

struct EvidencePlan: Sendable, Equatable {
  struct AbsoluteSpec: Sendable, Hashable {
    var signal: Int
    var p0: Double
    /// The baseline's share in an attempt's neighbourhood, beyond which the attempt does not count; nil: all do.
    var neighbourhood: Double?
    /// A sticky unit counts until its first bad attempt. Where a ratio has to be exceeded too, its
    /// test sees to units.
    var isByUnit = false
  }

  struct RelativeSpec: Sendable, Hashable {
    var signal: Int
    var r0: Double
    /// The baseline's rescues of failed canaries are weighed beside it.
    var hasRescues = false
    /// Where a stage leaves attempts without a control: the probability with which the baseline, as it was last seen, may have been
    /// worse than it is taken to have been.
    var frozenDoubt: Double?
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
    /// All must cross in one model's own requests; empty where models are not looked at apart.
    var strata: [NamedPart] = []
    /// Parts of which one, with the roles swapped, proves that the condition is not breached.
    var proofs: [Part]

    var threshold: Double { 1 / alpha }
  }

  private(set) var signals: [Signal] = []
  private(set) var absolutes: [AbsoluteSpec] = []
  private(set) var relatives: [RelativeSpec] = []
  private(set) var bets: [BettingSpec] = []
  private(set) var conditions: [PlannedCondition] = []
  /// Whether a condition asks what an outcome costs, or how an evaluator scores it.
  private(set) var asksForOutcomes = false
  var asksForScores: Bool { bets.contains { $0.quantity == .score } }
  private let hasRetries: Bool
  private let isSticky: Bool
  private let isSteady: Bool
  private let hasSafetyNet: Bool
  /// Whether a stage gives all to candidates and holds nothing back.
  private let leavesControl: Bool
  /// Whether the candidates serve, or may serve, more than one model.
  let hasModels: Bool
  /// Whether the baseline is asked twice now and then.
  private let hasNoise: Bool
  /// What a proof must reach where there is one way to it: 1 / (1 - confidence).
  private let proofThreshold: Double
  let needsProofs: Bool

  /// What pauses has a budget of its own, for it is not what the promise is about.
  ///
  /// - Parameter isSteady: The baseline is known to be within bounds all the time, as in an estimate.
  init(_ playbook: Playbook, isSteady: Bool = false) {
    self.isSteady = isSteady
    proofThreshold = 1 / playbook.alpha
    hasNoise = playbook.shadow.noise > 0
    hasRetries = (playbook.rollbackWhen + playbook.pauseWhen).contains { $0.metric == .retryRate }
    isSticky = !playbook.traffic.sticky.isEmpty
    hasSafetyNet = !playbook.traffic.fallback.isEmpty
    leavesControl = playbook.test == .sequential && playbook.stages.contains(where: \.hasNoControl)
    hasModels = playbook.tellsModelsApart
    needsProofs = playbook.stages.contains { $0.advance == .proven }
    for condition in playbook.rollbackWhen {
      add(condition, isRollback: true, alpha: playbook.alpha(sharedBy: playbook.rollbackWhen.count))
    }
    for condition in playbook.pauseWhen {
      add(condition, isRollback: false, alpha: playbook.alpha(sharedBy: playbook.pauseWhen.count))
    }
  }

  /// The place of what asks whether a failed attempt was asked again; nil where nothing does.
  var retrySignal: Int? { hasRetries ? signals.firstIndex(of: .retry) : nil }

  /// Conditions whose not being breached can be shown.
  var provable: [PlannedCondition] { conditions.filter { $0.isRollback && !$0.proofs.isEmpty } }

  func proofThreshold(of planned: PlannedCondition) -> Double { proofThreshold * Double(planned.proofs.count) }

  private mutating func add(_ condition: Condition, isRollback: Bool, alpha: Double) {
    var planned = PlannedCondition(
      condition: condition, isRollback: isRollback, alpha: alpha, parts: [], signal: nil, proofs: [])
    switch condition.metric.row.kind {
    case .quantile(let stopwatch, _): planQuantile(&planned, stopwatch)
    case .speed: planQuantile(&planned, .perToken)
    case .mean(let quantity): planBets(&planned, quantity)
    case .share(let signal): planShare(&planned, signal)
    case .cost(let quantity): planBets(&planned, quantity)
    case .mismatches: planBets(&planned, .mismatch(hasNoise: hasNoise))
    }
    conditions.append(planned)
  }

  /// Where the baseline shows how long people wait, clients that leave an arm that says nothing speak against it.
  private mutating func planShare(_ planned: inout PlannedCondition, _ signal: Signal) {
    let ratio = planned.condition.ratioAbove
    let index = place(of: signal == .error && ratio != nil ? .errorOrAbandoned : signal)
    planned.signal = index
    if let above = planned.condition.above {
      planAbsolute(&planned, index, above)
    }
    if let ratio {
      let hasRescues = hasSafetyNet && planned.condition.metric.hasRescues
      let spec = RelativeSpec(signal: index, r0: ratio, hasRescues: hasRescues, frozenDoubt: frozenDoubt(planned))
      let part = Part.relative(place(of: spec))
      planned.parts.append(NamedPart(name: "ratio", part: part))
      planned.proofs.append(part)
    }
    if hasModels, planned.isRollback, planned.condition.metric.isOfModels { planStrata(&planned, signal) }
  }

  /// A line with `above` alone is about all requests: a model that is bad on both arms is not meant. Within a model it is held against
  /// the baseline, too.
  private mutating func planStrata(_ planned: inout PlannedCondition, _ signal: Signal) {
    guard planned.condition.ratioAbove == nil, let above = planned.condition.above else {
      planned.strata = planned.parts
      return
    }
    let index = place(of: signal == .error ? .errorOrAbandoned : signal)
    let absolute = place(of: AbsoluteSpec(signal: index, p0: above, neighbourhood: isSteady ? nil : above))
    let relative = place(
      of: RelativeSpec(signal: index, r0: 1, hasRescues: hasSafetyNet, frozenDoubt: frozenDoubt(planned)))
    planned.strata = [
      NamedPart(name: "absolute", part: .absolute(absolute)), NamedPart(name: "ratio", part: .relative(relative)),
    ]
  }

  /// The least that any of the condition's budgets has for it: live beside shadow, a model beside all.
  private func frozenDoubt(_ planned: PlannedCondition) -> Double? {
    guard leavesControl else { return nil }
    return planned.alpha * FrozenTest.part * 0.7 * (hasModels ? ModelStrata.part : 1)
  }

  private mutating func planAbsolute(_ planned: inout PlannedCondition, _ signal: Int, _ p0: Double) {
    let ratio = planned.condition.ratioAbove ?? planned.condition.ratioBelow
    // Slow signals have the ratio in their limits already.
    let isOfTime = signals[signal].stopwatch != nil
    let spec = AbsoluteSpec(
      signal: signal, p0: p0, neighbourhood: isSteady ? nil : ratio.map { isOfTime ? p0 : p0 / max($0, 1e-6) },
      isByUnit: isSticky && ratio == nil)
    let part = Part.absolute(place(of: spec))
    planned.parts.append(NamedPart(name: "absolute", part: part))
    planned.proofs.append(part)
  }

  /// "p95 above L" is "more than 5% are slower than L". A ratio is one test at the same time: the candidate is slower than r times T
  /// no more often than the baseline is slower than T, for a T near the baseline's p95.
  private mutating func planQuantile(
    _ planned: inout PlannedCondition, _ stopwatch: Signal.Stopwatch
  ) {
    guard let (quantile, above, ratio) = planned.condition.metric.timeLimits(planned.condition.stated) else { return }
    if let above {
      let limit = Int64(min(above, 1e12) * 1e6)
      let index = place(of: .slow(stopwatch, limit: limit, ratio: ratio ?? 1))
      planned.signal = index
      planAbsolute(&planned, index, 1 - quantile)
    }
    if let ratio {
      let index = place(of: .slowerThanBaseline(stopwatch, quantile: quantile, ratio: ratio))
      planned.signal = planned.signal ?? index
      let part = Part.relative(place(of: RelativeSpec(signal: index, r0: 1, frozenDoubt: frozenDoubt(planned))))
      planned.parts.append(NamedPart(name: "ratio", part: part))
      planned.proofs.append(part)
    }
  }

  /// Without noise the baseline's own mismatches are not known, and a ratio to them is never judged.
  private mutating func planBets(_ planned: inout PlannedCondition, _ quantity: BettingSpec.Quantity) {
    if quantity == .costPerOutcome || quantity == .score { asksForOutcomes = true }
    if planned.condition.ratioAbove != nil, quantity == .mismatch(hasNoise: false) { return }
    for limit in planned.condition.limits {
      let (name, bound): (String, BettingSpec.Limit) =
        switch limit {
        case .above(let value): ("absolute", .above(value))
        case .ratioAbove(let value): ("ratio", .ratio(value))
        case .below(let value): ("absolute", .below(value))
        case .ratioBelow(let value): ("ratio", .ratioBelow(value))
        }
      let part = Part.betting(place(of: BettingSpec(quantity: quantity, limit: bound)))
      planned.parts.append(NamedPart(name: name, part: part))
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

  /// Stable across runs: names the test in a checkpoint.
  func key(_ spec: AbsoluteSpec) -> String {
    "\(signals[spec.signal].key)>\(spec.p0)" + (spec.neighbourhood.map { "~\($0)" } ?? "")
      + (spec.isByUnit ? " by unit" : "")
  }

  func key(_ spec: RelativeSpec) -> String {
    "\(signals[spec.signal].key)/\(spec.r0)" + (spec.hasRescues ? " with rescues" : "")
      + (spec.frozenDoubt == nil ? "" : " and frozen")
  }
}
