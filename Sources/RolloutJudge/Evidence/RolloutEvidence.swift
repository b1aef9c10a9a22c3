/// The evidence of a rollout: follows every attempt from its start to its end and hands it to the tests it concerns.

import Dialects
import TrafficSplit

struct RolloutEvidence: Sendable {
  let plan: EvidencePlan
  let remembersUnits: Bool
  var ring = AttemptRing()
  /// By candidate.
  var live: [TestSet]
  var shadow: [TestSet]
  var strata: ModelStrata
  var limits: BaselineLimits
  var costs: BaselineCosts
  var pairs = PairQueue()
  var outcomes = AwaitedOutcomes()
  var scores: AwaitedScores
  var retries = AwaitedRetries()
  /// By candidate: whether exchanges are shared out as configured, in this stage.
  var splits: [SplitWatch]
  /// By candidate: whether pairs speak against it so far.
  var suspects: [Bool]
  /// Rolled-back candidates gather no evidence.
  var isClosed: [Bool]
  /// By candidate: models that were taken back from it, which are no evidence about the others.
  var withheld: [WithheldModels] { didSet { isSomeWithheld = withheld.contains { !$0.isEmpty } } }
  private(set) var isSomeWithheld = false
  /// The latest attempts by model.
  var lately: RecentByModel
  var ready: SignalSet
  var isCopying = false
  /// By what is known by age: the oldest record that has not reached its limit.
  private var aged: [Int]
  private let byAge: [(signal: Int, isBaseline: Bool)]
  /// An `ok` within these nanoseconds is good in everything, on either arm.
  var alwaysGood: (baseline: Int64, candidate: Int64)
  /// Of a baseline's answer that is good in everything nothing is asked but that it was there.
  private let passesGoodOnes: Bool
  /// Whether anything asks what attempts cost, or whether they were answered.
  private let asksForCosts: Bool
  var rescues = RescueWait()
  /// Those that rescues are weighed for.
  let rescuedSignals: SignalSet
  let entries: (live: [Int], shadow: [Int])
  /// The latest instant that came with an event.
  var latest: Instant
  /// Attempts that were still undecided when the ring was full.
  private(set) var cutShort = 0

  /// A live attempt whose copy starts later than this after it is not compared.
  private static let copyDelay: Int64 = 2_000_000_000
  /// An attempt that ended in time may be reported this much later.
  private static let reportDelay: Int64 = 100_000_000

  init(_ playbook: Playbook, since: Instant, isSteady: Bool = false) {
    let plan = EvidencePlan(playbook, isSteady: isSteady)
    let remembersUnits = !playbook.traffic.sticky.isEmpty
    (self.plan, self.remembersUnits) = (plan, remembersUnits)
    let sets = { (population: Population) in
      playbook.candidates.indices.map {
        TestSet(
          plan, candidate: .candidate($0), population, remembersUnits: remembersUnits,
          entries: Self.entries(playbook, $0, population), firstIndex: 0, since: since)
      }
    }
    live = sets(.live)
    shadow = sets(.shadow)
    strata = ModelStrata(
      isAsked: plan.conditions.contains { !$0.strata.isEmpty }, maps: playbook.candidates.map(\.models))
    latest = since
    limits = BaselineLimits(plan.signals)
    scores = AwaitedScores(asksForBoth: plan.bets.contains { $0.quantity == .score && $0.isRatio })
    costs = BaselineCosts(plan.bets)
    ready = limits.ready
    alwaysGood = (limits.alwaysGood(isBaseline: true), limits.alwaysGood(isBaseline: false))
    asksForCosts = !plan.bets.isEmpty || plan.retrySignal != nil
    passesGoodOnes = !asksForCosts
    splits = playbook.candidates.map { _ in SplitWatch() }
    isClosed = playbook.candidates.map { _ in false }
    suspects = isClosed
    withheld = playbook.candidates.map { _ in WithheldModels() }
    lately = RecentByModel(candidates: playbook.candidates.count, isAsked: playbook.rollbackScope == .model)
    byAge = plan.signals.indices.filter { plan.signals[$0].isKnownByAge }.flatMap { [($0, true), ($0, false)] }
    rescuedSignals = plan.relatives.filter(\.hasRescues).reduce(0) { $0 | 1 << SignalSet($1.signal) }
    entries = (
      playbook.candidates.indices.map { Self.entries(playbook, $0, .live) },
      playbook.candidates.indices.map { Self.entries(playbook, $0, .shadow) }
    )
    aged = byAge.map { _ in 0 }
  }

  var hasRescues: Bool { rescuedSignals != 0 }

  // MARK: Events

  /// One that concerns a candidate.
  mutating func began(_ start: AttemptStart) {
    latest = max(latest, start.at)
    if ring.isFull { weighOldest() }
    if start.arm.isBaseline { return baselineStarted(start) }
    var record = AttemptRecord(
      attempt: start.attempt, exchange: start.exchange, arm: start.arm, population: start.population,
      unit: UnitMemory.fingerprint(start.unit), shares: start.shares, start: start.at.nanoseconds,
      marks: AttemptRecord.Marks(counted: ready))
    (record.costsKnown, record.costKind) = (costs.generation, costs.kind(of: start))
    record.stratum = stratum(of: start.model)
    if start.population == .live {
      record.ordinal = live[start.arm.candidate].candidateBegan(
        ready, index: ring.tail, record, at: start.at)
      if let share = record.share(of: start.arm, .live) {
        splits[start.arm.candidate].assigned(toCandidate: true, share: share, unit: remembersUnits ? record.unit : nil)
      }
    } else {
      record.ordinal = shadow[start.arm.candidate].candidateBegan(
        ready, index: ring.tail, record, at: start.at)
      pair(&record)
      awaitScores(start)
    }
    let (index, candidate) = (ring.tail, start.arm.candidate)
    var ordinal = 0
    withStratum(record, at: index, candidate, start.population) { [ready] in
      ordinal = $0.candidateBegan(ready, index: index, record, at: start.at)
    }
    record.stratumOrdinal = ordinal
    lately.began(record)
    _ = ring.append(record, mayBeCopied: false)
  }

  private mutating func pair(_ copy: inout AttemptRecord) {
    guard let index = ring.index(ofOriginal: copy.exchange) else { return }
    let original = ring[index]
    copy.isPaired = true
    copy.original = original.marks
    copy.originalCost = original.cost
    copy.nextCopy = original.newestCopy
    ring[index].newestCopy = ring.tail
    let (place, marks) = (ring.tail, original.marks)
    func begin(_ set: inout TestSet) {
      set.baselineBegan(marks.counted, index: place)
      set.baselineSettled(bad: marks.bad, excluded: marks.excluded, hidden: marks.hidden, index: place)
    }
    begin(&shadow[copy.arm.candidate])
    withStratum(copy, at: place, copy.arm.candidate, .shadow, begin)
  }

  mutating func ended(_ end: AttemptEnd) {
    if end.population == .rescue { return rescued(end) }
    let isBaseline = end.arm.isBaseline && end.population == .live
    let cost = asksForCosts ? AttemptCost(end) : AttemptCost()
    let known = ring.index(ofOpen: end.attempt)
    if isBaseline, asksForCosts { costs.record(cost, kind: known.map { at in ring.view(at) { $0.costKind } } ?? -1) }
    guard let index = known else { return }
    if isBaseline, limits.isLearning, ring.view(index, { $0.isEligible }) {
      let learnt = limits.record(end)
      if learnt != 0 { limitsChanged(learnt) }
    }
    if asksForCosts { ring[index].cost = cost }
    if plan.asksForScores, end.population == .shadow, !end.outcome.isOk { scores.wasNotAnswered(end.exchange, end.arm) }
    if end.outcome.isOk, end.latency <= (isBaseline ? alwaysGood.baseline : alwaysGood.candidate) {
      return answeredWell(index, end.at)
    }
    var (bad, good, hidden): (SignalSet, SignalSet, SignalSet) = (0, 0, 0)
    let undecided = ring[index].marks.undecided
    for signal in plan.signals.indices where undecided.has(signal) {
      let reading = plan.signals[signal].reading(of: end, limit: limits.limit(signal, isBaseline: isBaseline))
      switch reading {
      case .bad: bad |= 1 << SignalSet(signal)
      case .good: good |= 1 << SignalSet(signal)
      case .excluded: break
      }
      if plan.signals[signal].isHidden(from: end, reading) { hidden |= 1 << SignalSet(signal) }
    }
    ring.close(index)
    settle(index, bad: bad, good: good, excluded: undecided & ~(bad | good), hidden: hidden)
    latest = max(latest, end.at)
    weighFinished()
  }

  /// Time passes: what is slow turns bad, what is finished is weighed.
  mutating func advance(to now: Instant) {
    latest = max(latest, now)
    for (place, (signal, isBaseline)) in byAge.enumerated() where limits.limits[signal] != nil {
      let limit = limits.limit(signal, isBaseline: isBaseline)
      var index = max(aged[place], ring.head)
      while index < ring.tail {
        let (age, overflow) = now.nanoseconds.subtractingReportingOverflow(ring[index].start)
        guard !overflow, age > limit, age - limit > Self.reportDelay else { break }
        if ring.view(index, { $0.arm.isBaseline == isBaseline && $0.marks.undecided.has(signal) }) {
          settle(index, bad: 1 << SignalSet(signal), good: 0, excluded: 0, hidden: 0)
        }
        index += 1
      }
      aged[place] = index
    }
    settleUnasked()
    weighFinished()
    weighPairs()
    weighOutcomes()
    weighScores()
    weighRetries()
  }

  // MARK: From record to tests

  mutating func weighFinished() {
    while !ring.isEmpty {
      let (isOver, mayBeCopied, start) = ring.view(ring.head) { ($0.isOver, isCopying && $0.arm.isBaseline, $0.start) }
      guard isOver, !mayBeCopied || latest.nanoseconds - start >= Self.copyDelay else { return }
      weighOldest()
    }
  }

  private mutating func weighOldest() {
    let index = ring.head
    if passesGoodOnes, ring.view(index, { $0.isOver && $0.arm.isBaseline && $0.marks.isGood }) {
      return passGoodOne(index)
    }
    let record = ring.removeFirst()
    if !record.isOver { cutShort += 1 }
    weigh(record, index)
  }

  /// The record's turn in the order of assignment has come.
  mutating func weigh(_ record: AttemptRecord, _ index: Int) {
    let past = costs[record.costsKnown]
    let awaitsOutcome = awaitsOutcome(record, index)
    awaitRetry(record, index)
    for candidate in live.indices where !isClosed[candidate] {
      let arm = ArmIndex.candidate(candidate)
      if record.population == .live, record.arm == arm || record.arm.isBaseline, index >= live[candidate].firstIndex {
        live[candidate].weigh(record, index, at: latest, past: past, awaitsOutcome: awaitsOutcome)
        withStratum(record, at: index, candidate, .live) { [latest] in $0.weigh(record, index, at: latest, past: nil) }
      } else if record.population == .shadow, record.arm == arm, index >= shadow[candidate].firstIndex {
        shadow[candidate].weigh(record, index, at: latest, past: past)
        withStratum(record, at: index, candidate, .shadow) { [latest] in $0.weigh(record, index, at: latest, past: nil)
        }
      }
    }
  }

  /// Attempts under way were begun under another limit, or none: these signals leave them out, in both arms alike.
  mutating func limitsChanged(_ signals: SignalSet) {
    for index in ring.indices {
      let undecided = ring[index].marks.undecided & signals
      if undecided != 0 { settle(index, bad: 0, good: 0, excluded: undecided, hidden: 0) }
    }
    limitsKnown()
  }
}
