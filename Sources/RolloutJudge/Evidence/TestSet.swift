/// Every test of one candidate in one population: live and shadow are never mixed.

import TrafficSplit

struct TestSet: Sendable {
  let candidate: ArmIndex
  let population: Population
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
  var absoluteProofs: [AbsoluteTest] = []
  var relativeProofs: [RelativeTest] = []
  /// By signal: bad attempts of the candidate whose turn has not come.
  private(set) var waitingBad: [Int]
  /// Something changed that could raise a value, or a look ahead was put off.
  var isStale = false
  /// Index of the newest record with a bad attempt of the candidate: what began later cannot make it heard.
  private var newestBad = -1
  var proofOrdinal = 0
  var bets: [BettingTest]
  let betSpecs: [BettingSpec]
  let pairPayoffs: [[Double]]
  var cover = CostCover()
  /// No condition is breached below it.
  let leastThreshold: Double
  /// By relative test: what looking ahead costs, and when it is due again.
  private var lookouts: [Lookout]
  private let absoluteSignals: [Int]
  private let relativeSignals: [Int]

  init(
    _ plan: EvidencePlan, candidate: ArmIndex, _ population: Population, remembersUnits: Bool, firstIndex: Int,
    since: Instant
  ) {
    self.candidate = candidate
    self.population = population
    self.firstIndex = firstIndex
    began = since
    tallies = Array(repeating: SignalTally(), count: plan.signals.count)
    weighed = tallies
    waitingBad = Array(repeating: 0, count: plan.signals.count)
    absoluteSignals = plan.absolutes.map(\.signal)
    relativeSignals = plan.relatives.map(\.signal)
    absolutes = plan.absolutes.map { AbsoluteTest(p0: $0.p0, against: .worse, since: since) }
    lookouts = plan.relatives.map { _ in Lookout() }
    relatives = plan.relatives.map {
      RelativeTest(r0: $0.r0, against: .worse, remembersUnits: remembersUnits, since: since)
    }
    betSpecs = plan.bets
    pairPayoffs = plan.bets.map(\.pairPayoffs)
    leastThreshold = plan.conditions.map(\.threshold).min() ?? .infinity
    bets = plan.bets.map {
      BettingTest(remembersUnits: remembersUnits && population == .live && $0.isOfCost && $0.isRatio, since: since)
    }
    if plan.needsProofs {
      absoluteProofs = plan.absolutes.map { AbsoluteTest(p0: $0.p0, against: .better, since: since) }
      relativeProofs = plan.relatives.map {
        RelativeTest(r0: $0.r0, against: .better, remembersUnits: remembersUnits, since: since)
      }
    }
  }

  // MARK: The candidate's own attempts, as they happen

  /// - Returns: The attempt's ordinal.
  mutating func candidateBegan(_ counted: SignalSet, at: Instant) -> Int {
    for index in absolutes.indices where counted.has(absoluteSignals[index]) {
      absolutes[index].began(ordinal, at: at, tally: tallies[absoluteSignals[index]])
    }
    for signal in tallies.indices where counted.has(signal) { tallies[signal].candidate += 1 }
    defer { ordinal += 1 }
    return ordinal
  }

  /// - Parameter index: Its record's.
  mutating func candidateTurnedBad(_ signals: SignalSet, ordinal: Int, index: Int) {
    newestBad = max(newestBad, index)
    for index in absolutes.indices where signals.has(absoluteSignals[index]) { absolutes[index].turnedBad(ordinal) }
    for signal in tallies.indices where signals.has(signal) {
      tallies[signal].candidateBad += 1
      waitingBad[signal] += 1
    }
    isStale = true
  }

  mutating func candidateExcluded(_ signals: SignalSet, ordinal: Int) {
    for index in absolutes.indices where signals.has(absoluteSignals[index]) { absolutes[index].wasExcluded(ordinal) }
    for signal in tallies.indices where signals.has(signal) { tallies[signal].candidate -= 1 }
    isStale = true
  }

  // MARK: The baseline's attempts that could have been the candidate's (or are copied to it)

  mutating func baselineBegan(_ counted: SignalSet) {
    for signal in tallies.indices where counted.has(signal) { tallies[signal].baseline += 1 }
  }

  /// - Parameter index: Of the record that this decides: the attempt's, or its copy's.
  mutating func baselineSettled(bad: SignalSet, excluded: SignalSet, index: Int) {
    // An answer of the baseline's raises a value only where it lets the candidate's bad attempts be heard.
    if index <= newestBad { isStale = true }
    guard bad | excluded != 0 else { return }
    for signal in tallies.indices {
      if bad.has(signal) { tallies[signal].baselineBad += 1 }
      if excluded.has(signal) { tallies[signal].baseline -= 1 }
    }
  }

  // MARK: In the order of assignment

  /// The record is the oldest and leaves the ring; what it still does not say is taken in the candidate's favour.
  ///
  /// - Parameters:
  ///   - past: What was known of the baseline's costs when it began.
  ///   - awaitsOutcome: What its outcome cost is weighed later, by `weighOutcome`.
  mutating func weigh(_ record: AttemptRecord, at: Instant, past: BaselineCosts.Past?, awaitsOutcome: Bool = false) {
    let isCandidate = record.arm == candidate
    if isCandidate {
      for signal in waitingBad.indices where record.marks.bad.has(signal) { waitingBad[signal] -= 1 }
      if !absoluteProofs.isEmpty { prove(record, at: at) }
    }
    let share = record.share(of: candidate, population)
    if !bets.isEmpty { weighCosts(record, share: share, past: past, at: at, awaitsOutcome: awaitsOutcome) }
    guard let share else { return }
    for index in relatives.indices {
      let signal = relativeSignals[index]
      let direction = record.direction(against: candidate, population, 1 << SignalSet(signal), favouring: .candidate)
      if direction != .neither {
        relatives[index].weigh(direction, share: share, unit: record.unit, at: at, reference: weighed[signal])
        if direction == .candidate { isStale = true }
      }
    }
    for index in relativeProofs.indices {
      let signal = relativeSignals[index]
      let direction = record.direction(against: candidate, population, 1 << SignalSet(signal), favouring: .baseline)
      relativeProofs[index].weigh(direction, share: share, unit: record.unit, at: at, reference: weighed[signal])
    }
    for signal in weighed.indices { weighed[signal].add(record, isCandidate, population, 1 << SignalSet(signal)) }
  }

  /// For a proof, an attempt enters only when it is decided, in order; one that never was counts as bad.
  private mutating func prove(_ record: AttemptRecord, at: Instant) {
    for index in absoluteProofs.indices {
      let signal: SignalSet = 1 << SignalSet(absoluteSignals[index])
      guard record.marks.counted & signal != 0, record.marks.excluded & signal == 0 else { continue }
      absoluteProofs[index].began(proofOrdinal, at: at, tally: SignalTally())
      if record.marks.good & signal == 0 { absoluteProofs[index].turnedBad(proofOrdinal) }
    }
    proofOrdinal += 1
  }

  // MARK: Values

  mutating func absolute(_ index: Int) -> AbsoluteTest.Finding { absolutes[index].finding() }

  /// The largest value that the bad attempts known so far force, with the starts; looks into the ring only where that
  /// could reach `threshold`.
  mutating func relative(
    _ index: Int, in ring: AttemptRing, towards threshold: Double, at now: Instant
  ) -> (value: Double, starts: [RelativeTest.Start]) {
    let test = relatives[index]
    let signal = relativeSignals[index]
    guard waitingBad[signal] > 0, test.value < threshold else { return (test.value, test.starts) }
    guard lookouts[index].isDue(at: now) else {
      isStale = true
      return (test.value, test.starts)
    }
    guard test.bound(after: waitingBad[signal]) >= threshold else { return (test.value, test.starts) }
    let mask: SignalSet = 1 << SignalSet(signal)
    var preview = RelativeTest.Preview(test)
    var weighed = 0
    for at in max(ring.head, firstIndex)..<max(ring.tail, firstIndex) {
      let (direction, share, unit) = ring.view(at) { record in
        guard record.population == population,
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
    return (preview.best, preview.best < threshold ? test.starts : preview.starts)
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
