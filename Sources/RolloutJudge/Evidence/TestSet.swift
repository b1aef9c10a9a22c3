/// Every test of one candidate in one population: live and shadow are never mixed.

import TrafficSplit

struct TestSet: Sendable {
  let candidate: ArmIndex
  let population: Population
  /// The model whose attempts it is about, by place; -1: all.
  let stratum: Int
  /// Attempts of the candidate that began.
  var ordinal = 0
  /// When this life of the candidate began.
  let began: Instant
  /// Records before this index belong to an earlier life of the candidate.
  var firstIndex = 0
  /// By signal: of attempts that began, and of those whose turn in the order of assignment has come.
  var tallies: [SignalTally]
  var weighed: [SignalTally]
  var absolutes: [AbsoluteTest]
  var relatives: [RelativeTest]
  /// By absolute test: what it leaves out because of the baseline's own state; nil where nothing.
  var gates: [NeighbourhoodGate?]
  /// By relative test: against the baseline as it was last seen; nil where every live attempt has a control.
  var frozen: [FrozenTest?]
  /// By signal: what was last seen of the baseline, and what had been weighed before this stage.
  var controls: [LastControl]
  var controlsFrom: [SignalTally]
  /// By relative test: what the baseline's rescues say; nil where they are not weighed.
  var rescues: [RescueTest?]
  var absoluteProofs: [AbsoluteTest] = []
  var relativeProofs: [RelativeTest] = []
  /// By signal: bad attempts of the candidate whose turn has not come.
  var waitingBad: [Int]
  /// Something changed that could raise a value, or a look ahead was put off.
  var isStale = false
  /// Index of the newest record with a bad attempt of the candidate: what began later cannot make it heard.
  var newestBad = -1
  var proofOrdinal = 0
  /// Of attempts whose clients' next requests have been waited for.
  var retryOrdinal = 0
  /// Records before this index are of an earlier stage, which proves nothing about this one.
  private(set) var proofsFrom = 0
  var bets: [BettingTest]
  let betSpecs: [BettingSpec]
  let pairPayoffs: [[Double]]
  var cover = CostCover()
  /// No condition is breached below it.
  let leastThreshold: Double
  /// By relative test: what looking ahead costs, and when it is due again.
  private var lookouts: [Lookout]
  var rescueLookouts: [Lookout]
  private let plan: EvidencePlan
  private let remembersUnits: Bool
  private let isWhole: Bool
  let absoluteSignals: [Int]
  let relativeSignals: [Int]
  var signals: [Signal] { plan.signals }
  /// In live traffic it is weighed by itself, later; a copy is asked once.
  var retrySignal: Int? { population == .live ? plan.retrySignal : nil }

  init(
    _ plan: EvidencePlan, candidate: ArmIndex, _ population: Population, stratum: Int = -1, remembersUnits: Bool,
    entries: Int, firstIndex: Int, since: Instant
  ) {
    self.stratum = stratum
    // Both halves of a pair answer the same request, so a bad unit is bad in both.
    let remembersUnits = remembersUnits && population == .live
    self.plan = plan
    self.remembersUnits = remembersUnits
    self.candidate = candidate
    self.population = population
    self.firstIndex = firstIndex
    began = since
    tallies = Array(repeating: SignalTally(), count: plan.signals.count)
    weighed = tallies
    waitingBad = Array(repeating: 0, count: plan.signals.count)
    absoluteSignals = plan.absolutes.map(\.signal)
    relativeSignals = plan.relatives.map(\.signal)
    absolutes = plan.absolutes.map {
      AbsoluteTest(
        p0: $0.p0, against: .worse, since: since, entries: entries, isByUnit: $0.isByUnit && remembersUnits)
    }
    gates = plan.absolutes.map { $0.neighbourhood.map { NeighbourhoodGate(allowed: $0) } }
    rescues = plan.relatives.map {
      $0.hasRescues && population == .live
        ? RescueTest(r0: $0.r0, entries: entries, isLargest: remembersUnits) : nil
    }
    frozen = plan.relatives.map { spec in
      guard population == .live, let doubt = spec.frozenDoubt else { return nil }
      return FrozenTest(r0: spec.r0, doubt: doubt, isByUnit: remembersUnits)
    }
    controls = plan.signals.map { _ in LastControl() }
    controlsFrom = tallies
    lookouts = plan.relatives.map { _ in Lookout() }
    rescueLookouts = lookouts
    relatives = plan.relatives.map {
      RelativeTest(
        r0: $0.r0, against: .worse, remembersUnits: remembersUnits, since: since, entries: entries)
    }
    // A model's proofs, costs and mismatches are not looked at apart.
    isWhole = stratum < 0
    betSpecs = isWhole ? plan.bets : []
    pairPayoffs = betSpecs.map(\.pairPayoffs)
    leastThreshold = plan.conditions.map(\.threshold).min() ?? .infinity
    bets = betSpecs.map {
      BettingTest(remembersUnits: remembersUnits && !$0.isOfPairs && $0.isRatio, since: since)
    }
    beginProofs(from: firstIndex, since: since)
  }

  /// A proof is about this stage: what holds under its load.
  private mutating func beginProofs(from index: Int, since: Instant) {
    proofsFrom = index
    guard plan.needsProofs, isWhole else { return }
    absoluteProofs = plan.absolutes.map { AbsoluteTest(p0: $0.p0, against: .better, since: since) }
    relativeProofs = plan.relatives.map {
      RelativeTest(r0: $0.r0, against: .better, remembersUnits: remembersUnits, since: since)
    }
  }

  /// - Parameters:
  ///   - index: Of the next record.
  ///   - isShown: Whether the stage shows the candidate in this population.
  mutating func stageEntered(from index: Int, isShown: Bool, at: Instant) {
    beginProofs(from: index, since: at)
    rememberControls()
    guard isShown else { return }
    for index in absolutes.indices { absolutes[index].stageEntered() }
    for index in relatives.indices {
      relatives[index].stageEntered()
      rescues[index]?.stageEntered()
    }
  }

  // MARK: In the order of assignment

  /// The record is the oldest and leaves the ring; what it still does not say is taken in the candidate's favour.
  ///
  /// - Parameters:
  ///   - past: What was known of the baseline's costs when it began.
  ///   - awaitsOutcome: What its outcome cost is weighed later, by `weighOutcome`.
  mutating func weigh(
    _ record: AttemptRecord, _ index: Int, at: Instant, past: BaselineCosts.Past?, awaitsOutcome: Bool = false
  ) {
    let isCandidate = record.arm == candidate
    let isOfStage = index >= proofsFrom
    if isCandidate {
      for signal in waitingBad.indices where record.marks.bad.has(signal) { waitingBad[signal] -= 1 }
      if isOfStage, !absoluteProofs.isEmpty { prove(record, at: at) }
    }
    let share = record.share(of: candidate, population)
    if !bets.isEmpty { weighCosts(record, share: share, past: past, at: at, awaitsOutcome: awaitsOutcome) }
    guard let share else { return }
    let retrySignal = retrySignal
    for index in relatives.indices where relativeSignals[index] != retrySignal {
      let signal = relativeSignals[index]
      let direction = record.direction(against: candidate, population, 1 << SignalSet(signal), favouring: .candidate)
      if direction != .neither {
        relatives[index].weigh(direction, share: share, unit: record.unit, at: at, reference: weighed[signal])
        if direction == .candidate { isStale = true }
      }
    }
    for index in relativeProofs.indices where isOfStage && relativeSignals[index] != retrySignal {
      let signal = relativeSignals[index]
      let direction = record.direction(against: candidate, population, 1 << SignalSet(signal), favouring: .baseline)
      relativeProofs[index].weigh(direction, share: share, unit: record.unit, at: at, reference: weighed[signal])
    }
    for signal in weighed.indices { weighed[signal].add(record, isCandidate, population, 1 << SignalSet(signal)) }
  }

  /// A baseline's answer that was good in everything.
  mutating func baselineWasGood(_ counted: SignalSet) {
    for signal in weighed.indices where counted.has(signal) { weighed[signal].baseline += 1 }
  }

  /// For a proof, an attempt enters only when it is decided, in order; one that never was counts as bad.
  private mutating func prove(_ record: AttemptRecord, at: Instant) {
    let retrySignal = retrySignal
    for index in absoluteProofs.indices where absoluteSignals[index] != retrySignal {
      let signal: SignalSet = 1 << SignalSet(absoluteSignals[index])
      guard record.marks.counted & signal != 0, (record.marks.excluded | record.marks.hidden) & signal == 0 else {
        continue
      }
      absoluteProofs[index].began(proofOrdinal, at: at, tally: SignalTally())
      if record.marks.good & signal == 0 { absoluteProofs[index].turnedBad(proofOrdinal) }
    }
    proofOrdinal += 1
  }

  // MARK: Values

  /// The largest value that the bad attempts known so far force, with the starts; looks into the ring only where that
  /// could reach `threshold`.
  mutating func relative(
    _ index: Int, in ring: AttemptRing, towards threshold: Double, at now: Instant, looksAhead: Bool
  ) -> (value: Double, starts: [RelativeTest.Start]) {
    let test = relatives[index]
    let signal = relativeSignals[index]
    guard looksAhead, waitingBad[signal] > 0, test.value < threshold else { return (test.value, Array(test.starts)) }
    guard lookouts[index].isDue(at: now) else {
      isStale = true
      return (test.value, Array(test.starts))
    }
    guard test.bound(after: waitingBad[signal]) >= threshold else { return (test.value, Array(test.starts)) }
    let mask: SignalSet = 1 << SignalSet(signal)
    var preview = RelativeTest.Preview(test)
    var weighed = 0
    let first = max(ring.head, firstIndex)
    for at in first..<max(ring.tail, first) {
      let (direction, share, unit) = ring.view(at) { record in
        guard record.population == population, stratum < 0 || record.stratum == stratum,
          record.arm == candidate || (population == .live && record.arm.isBaseline),
          let share = record.share(of: candidate, population)
        else { return (RelativeTest.Direction.neither, 0.5, UInt32(0)) }
        return (record.direction(against: candidate, population, mask, favouring: .candidate), share, record.unit)
      }
      guard direction != .neither else { continue }
      weighed += 1
      preview.weigh(direction, share: share, unit: unit, memory: test.units)
      if preview.best >= threshold { break }
    }
    lookouts[index].looked(at: now, attempts: ring.tail - ring.head, weighed: weighed)
    return (preview.best, preview.best < threshold ? Array(test.starts) : preview.starts)
  }

  func signal(ofRelative index: Int) -> Int { relativeSignals[index] }

  /// The value of a proof, halved where there are two ways to one.
  func proof(_ part: EvidencePlan.Part) -> Double {
    switch part {
    case .absolute(let index): absoluteProofs.isEmpty ? 0 : absoluteProofs[index].currentFinding().value
    case .relative(let index): relativeProofs.isEmpty ? 0 : relativeProofs[index].value
    case .betting: 0
    }
  }
}
