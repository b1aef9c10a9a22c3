/// Every test of one candidate in one population: live and shadow are never mixed.

import TrafficSplit

struct TestSet: Sendable {
  let candidate: ArmIndex
  let population: Population
  /// Attempts of the candidate that began.
  private(set) var ordinal = 0
  /// Records before this index belong to an earlier life of the candidate.
  var firstIndex = 0
  /// By signal: of attempts that began, and of those whose turn in the order of assignment has come.
  private(set) var tallies: [SignalTally]
  private(set) var weighed: [SignalTally]
  private(set) var absolutes: [AbsoluteTest]
  private(set) var relatives: [RelativeTest]
  private(set) var absoluteProofs: [AbsoluteTest] = []
  private(set) var relativeProofs: [RelativeTest] = []
  /// By signal: bad attempts of the candidate whose turn has not come.
  private(set) var waitingBad: [Int]
  /// Something changed that could raise a value.
  var isStale = false
  private var proofOrdinal = 0
  private let absoluteSignals: [Int]
  private let relativeSignals: [Int]

  init(
    _ plan: EvidencePlan, candidate: ArmIndex, _ population: Population, remembersUnits: Bool, firstIndex: Int,
    since: Instant
  ) {
    self.candidate = candidate
    self.population = population
    self.firstIndex = firstIndex
    tallies = Array(repeating: SignalTally(), count: plan.signals.count)
    weighed = tallies
    waitingBad = Array(repeating: 0, count: plan.signals.count)
    absoluteSignals = plan.absolutes.map(\.signal)
    relativeSignals = plan.relatives.map(\.signal)
    absolutes = plan.absolutes.map { AbsoluteTest(p0: $0.p0, against: .worse, since: since) }
    relatives = plan.relatives.map {
      RelativeTest(r0: $0.r0, against: .worse, remembersUnits: remembersUnits, since: since)
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

  mutating func candidateTurnedBad(_ signals: SignalSet, ordinal: Int) {
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

  mutating func baselineSettled(bad: SignalSet, excluded: SignalSet) {
    for signal in tallies.indices {
      if bad.has(signal) { tallies[signal].baselineBad += 1 }
      if excluded.has(signal) { tallies[signal].baseline -= 1 }
      // An answer of the baseline's raises a value only where it lets the candidate's bad attempts be heard.
      if waitingBad[signal] > 0 { isStale = true }
    }
  }

  // MARK: In the order of assignment

  /// The record is the oldest and leaves the ring; what it still does not say is taken in the candidate's favour.
  mutating func weigh(_ record: AttemptRecord, at: Instant) {
    let isCandidate = record.arm == candidate
    if isCandidate {
      for signal in waitingBad.indices where record.marks.bad.has(signal) { waitingBad[signal] -= 1 }
      if !absoluteProofs.isEmpty { prove(record, at: at) }
    }
    guard let share = record.share(of: candidate, population) else { return }
    for index in relatives.indices {
      let signal = relativeSignals[index]
      let direction = record.direction(against: candidate, population, 1 << SignalSet(signal), favouring: .candidate)
      if direction != .neither {
        relatives[index].weigh(direction, share: share, unit: record.unit, at: at, reference: weighed[signal])
        isStale = true
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

  /// The largest value that the bad attempts known so far force, with the start that leads; looks into the ring only where that
  /// could reach `threshold`.
  func relative(_ index: Int, in ring: AttemptRing, towards threshold: Double) -> (value: Double, leading: RelativeTest.Start) {
    let test = relatives[index]
    let signal = relativeSignals[index]
    guard waitingBad[signal] > 0, test.bound(after: waitingBad[signal]) >= threshold else {
      return (test.value, test.leading)
    }
    let mask: SignalSet = 1 << SignalSet(signal)
    var preview = RelativeTest.Preview(test)
    for at in max(ring.head, firstIndex)..<max(ring.tail, firstIndex) {
      let record = ring[at]
      guard record.population == population, record.arm == candidate || (population == .live && record.arm.isBaseline),
        let share = record.share(of: candidate, population)
      else { continue }
      let direction = record.direction(against: candidate, population, mask, favouring: .candidate)
      preview.weigh(direction, share: share, unit: record.unit, memory: test.units)
      if preview.best >= threshold { break }
    }
    return (preview.best, preview.leading)
  }

  func signal(ofRelative index: Int) -> Int { relativeSignals[index] }

  /// The value of a proof, halved where there are two ways to one.
  func proof(_ part: EvidencePlan.Part) -> Double {
    switch part {
    case .absolute(let index): absoluteProofs.isEmpty ? 0 : absoluteProofs[index].currentFinding().value
    case .relative(let index): relativeProofs.isEmpty ? 0 : relativeProofs[index].value
    }
  }
}

extension SignalSet {
  func has(_ signal: Int) -> Bool { self & (1 << SignalSet(signal)) != 0 }
}

extension SignalTally {
  /// Adds what a record says to counts of what has been weighed.
  mutating func add(_ record: AttemptRecord, _ isCandidate: Bool, _ population: Population, _ signal: SignalSet) {
    if isCandidate {
      candidate += record.marks.counts(signal)
      candidateBad += record.marks.bad & signal == 0 ? 0 : 1
    }
    if population == .live && isCandidate { return }
    let marks = population == .shadow ? record.original : record.marks
    baseline += marks.counts(signal)
    baselineBad += marks.bad & signal == 0 ? 0 : 1
  }
}

extension AttemptRecord.Marks {
  fileprivate func counts(_ signal: SignalSet) -> Int { counted & signal != 0 && excluded & signal == 0 ? 1 : 0 }
}

// MARK: - Saving

extension TestSet {
  struct Saved: Sendable, Equatable, Codable {
    var ordinal: Int
    var proofOrdinal: Int
    var tallies: [String: SignalTally]
    var weighed: [String: SignalTally]
    var absolutes: [String: AbsoluteTest.Saved]
    var relatives: [String: RelativeTest.Saved]
    var absoluteProofs: [String: AbsoluteTest.Saved]
    var relativeProofs: [String: RelativeTest.Saved]
  }

  func saved(_ plan: EvidencePlan) -> Saved {
    func byKey<T, S>(_ keys: [String], _ tests: [T], _ save: (T) -> S) -> [String: S] {
      Dictionary(zip(keys, tests.map(save)), uniquingKeysWith: { first, _ in first })
    }
    let signalKeys = plan.signals.map(\.key)
    let absoluteKeys = plan.absolutes.map { plan.key($0) }
    let relativeKeys = plan.relatives.map { plan.key($0) }
    return Saved(
      ordinal: ordinal, proofOrdinal: proofOrdinal, tallies: byKey(signalKeys, tallies) { $0 },
      weighed: byKey(signalKeys, weighed) { $0 },
      absolutes: byKey(absoluteKeys, absolutes) { $0.saved }, relatives: byKey(relativeKeys, relatives) { $0.saved },
      absoluteProofs: byKey(absoluteKeys, absoluteProofs) { $0.saved },
      relativeProofs: byKey(relativeKeys, relativeProofs) { $0.saved })
  }

  /// Takes over what the saved set knows of tests that this plan still has; others begin anew.
  mutating func restore(_ saved: Saved, _ plan: EvidencePlan) {
    (ordinal, proofOrdinal) = (saved.ordinal, saved.proofOrdinal)
    for (index, signal) in plan.signals.enumerated() {
      if let tally = saved.tallies[signal.key] { tallies[index] = tally }
      if let tally = saved.weighed[signal.key] { weighed[index] = tally }
    }
    for (index, spec) in plan.absolutes.enumerated() {
      if let test = saved.absolutes[plan.key(spec)] { absolutes[index].restore(test) }
      if needsProofs, let test = saved.absoluteProofs[plan.key(spec)] { absoluteProofs[index].restore(test) }
    }
    for (index, spec) in plan.relatives.enumerated() {
      if let test = saved.relatives[plan.key(spec)] { relatives[index].restore(test) }
      if needsProofs, let test = saved.relativeProofs[plan.key(spec)] { relativeProofs[index].restore(test) }
    }
    isStale = true
  }

  private var needsProofs: Bool { absoluteProofs.count == absolutes.count && relativeProofs.count == relatives.count }
}
