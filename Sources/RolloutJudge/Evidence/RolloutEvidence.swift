/// The evidence of a rollout: follows every attempt from its start to its end and hands it to the tests it concerns.

import TrafficSplit

struct RolloutEvidence: Sendable {
  let plan: EvidencePlan
  private let remembersUnits: Bool
  var ring = AttemptRing()
  /// By candidate.
  var live: [TestSet]
  var shadow: [TestSet]
  var limits: BaselineLimits
  var costs: BaselineCosts
  var pairs = PairQueue()
  var outcomes = AwaitedOutcomes()
  /// By candidate: whether exchanges are shared out as configured, in this stage.
  private(set) var splits: [SplitWatch]
  /// Rolled-back candidates gather no evidence.
  private(set) var isClosed: [Bool]
  var ready: SignalSet
  var isCopying = false
  /// By signal known by age: the oldest record that has not reached its limit.
  private var aged: [Int]
  private let byAge: [Int]
  /// The latest instant that came with an event.
  var latest: Instant
  /// Attempts that were still undecided when the ring was full.
  private(set) var cutShort = 0

  /// A live attempt whose copy starts later than this after it is not compared.
  private static let copyDelay: Int64 = 2_000_000_000
  /// An attempt that ended in time may be reported this much later.
  private static let reportDelay: Int64 = 100_000_000

  init(_ playbook: Playbook, since: Instant) {
    let plan = EvidencePlan(playbook)
    let remembersUnits = !playbook.traffic.sticky.isEmpty
    self.plan = plan
    self.remembersUnits = remembersUnits
    let sets = { (population: Population) in
      playbook.candidates.indices.map {
        TestSet(
          plan, candidate: .candidate($0), population, remembersUnits: remembersUnits, firstIndex: 0, since: since)
      }
    }
    live = sets(.live)
    shadow = sets(.shadow)
    latest = since
    limits = BaselineLimits(plan.signals)
    costs = BaselineCosts(isAsked: plan.bets.contains(where: \.isOfCost))
    ready = limits.ready
    splits = playbook.candidates.map { _ in SplitWatch() }
    isClosed = playbook.candidates.map { _ in false }
    byAge = plan.signals.indices.filter { plan.signals[$0].isKnownByAge }
    aged = byAge.map { _ in 0 }
  }

  // MARK: Events

  mutating func started(_ start: AttemptStart) {
    guard concerns(start) else { return }
    latest = max(latest, start.at)
    if ring.isFull { weighOldest() }
    var record = AttemptRecord(
      attempt: start.attempt, exchange: start.exchange, arm: start.arm, population: start.population,
      unit: UnitMemory.fingerprint(start.unit), shares: start.shares, start: start.at.nanoseconds,
      marks: AttemptRecord.Marks(counted: ready))
    record.costsKnown = costs.generation
    if start.arm.isBaseline {
      for candidate in live.indices {
        guard let share = record.share(of: .candidate(candidate), .live) else { continue }
        live[candidate].baselineBegan(ready)
        splits[candidate].assigned(toCandidate: false, share: share, unit: remembersUnits ? record.unit : nil)
      }
    } else if start.population == .live {
      record.ordinal = live[start.arm.candidate].candidateBegan(ready, at: start.at)
      if let share = record.share(of: start.arm, .live) {
        splits[start.arm.candidate].assigned(toCandidate: true, share: share, unit: remembersUnits ? record.unit : nil)
      }
    } else {
      record.ordinal = shadow[start.arm.candidate].candidateBegan(ready, at: start.at)
      pair(&record)
    }
    _ = ring.append(record, mayBeCopied: isCopying && start.arm.isBaseline)
  }

  private func concerns(_ start: AttemptStart) -> Bool {
    guard start.population == .live || start.population == .shadow else { return false }
    if start.arm.isBaseline { return start.population == .live && (isCopying || start.shares.contains { $0 > 0 }) }
    return start.arm.candidate < live.count && !isClosed[start.arm.candidate]
  }

  private mutating func pair(_ copy: inout AttemptRecord) {
    guard let index = ring.index(ofOriginal: copy.exchange) else { return }
    let original = ring[index]
    copy.isPaired = true
    copy.original = original.marks
    copy.originalCost = original.cost
    copy.nextCopy = original.newestCopy
    ring[index].newestCopy = ring.tail
    shadow[copy.arm.candidate].baselineBegan(original.marks.counted)
    shadow[copy.arm.candidate].baselineSettled(
      bad: original.marks.bad, excluded: original.marks.excluded, index: ring.tail)
  }

  mutating func ended(_ end: AttemptEnd) {
    if end.arm.isBaseline && end.population == .live {
      let known = limits.record(end)
      if known != 0 { limitsChanged(known) }
    }
    let cost = AttemptCost(end)
    if end.arm.isBaseline && end.population == .live { costs.record(cost) }
    guard let index = ring.index(ofOpen: end.attempt) else { return }
    ring[index].cost = cost
    var bad: SignalSet = 0
    var good: SignalSet = 0
    let undecided = ring[index].marks.undecided
    for signal in plan.signals.indices where undecided.has(signal) {
      switch plan.signals[signal].reading(of: end, limit: limits.limit(signal)) {
      case .bad: bad |= 1 << SignalSet(signal)
      case .good: good |= 1 << SignalSet(signal)
      case .excluded: break
      }
    }
    ring.close(index)
    settle(index, bad: bad, good: good, excluded: undecided & ~(bad | good))
    latest = max(latest, end.at)
    weighFinished()
  }

  /// Time passes: what is slow turns bad, what is finished is weighed.
  mutating func advance(to now: Instant) {
    latest = max(latest, now)
    for (place, signal) in byAge.enumerated() where limits.limits[signal] != nil {
      let limit = limits.limit(signal)
      var index = max(aged[place], ring.head)
      while index < ring.tail {
        let (age, overflow) = now.nanoseconds.subtractingReportingOverflow(ring[index].start)
        guard !overflow, age > limit, age - limit > Self.reportDelay else { break }
        if ring[index].marks.undecided.has(signal) { settle(index, bad: 1 << SignalSet(signal), good: 0, excluded: 0) }
        index += 1
      }
      aged[place] = index
    }
    weighFinished()
    weighPairs()
    weighOutcomes()
  }

  // MARK: From record to tests

  private mutating func settle(_ index: Int, bad: SignalSet, good: SignalSet, excluded: SignalSet) {
    ring[index].marks.bad |= bad
    ring[index].marks.good |= good
    ring[index].marks.excluded |= excluded
    let record = ring[index]
    if record.arm.isBaseline {
      for candidate in live.indices
      where index >= live[candidate].firstIndex && record.share(of: .candidate(candidate), .live) != nil {
        live[candidate].baselineSettled(bad: bad, excluded: excluded, index: index)
      }
      settleCopies(of: record, bad: bad, excluded: excluded)
      return
    }
    let candidate = record.arm.candidate
    func settle(_ set: inout TestSet) {
      guard index >= set.firstIndex else { return }
      if bad != 0 { set.candidateTurnedBad(bad, ordinal: record.ordinal, index: index) }
      if excluded != 0 { set.candidateExcluded(excluded, ordinal: record.ordinal) }
    }
    if record.population == .live { settle(&live[candidate]) } else { settle(&shadow[candidate]) }
  }

  private mutating func settleCopies(of original: AttemptRecord, bad: SignalSet, excluded: SignalSet) {
    var copy = original.newestCopy
    while copy >= ring.head {
      ring[copy].original = original.marks
      ring[copy].originalCost = original.cost
      let candidate = ring[copy].arm.candidate
      if copy >= shadow[candidate].firstIndex {
        shadow[candidate].baselineSettled(bad: bad, excluded: excluded, index: copy)
      }
      copy = ring[copy].nextCopy
    }
  }

  private mutating func weighFinished() {
    while !ring.isEmpty {
      let (isOver, mayBeCopied, start) = ring.view(ring.head) { ($0.isOver, isCopying && $0.arm.isBaseline, $0.start) }
      guard isOver, !mayBeCopied || latest.nanoseconds - start >= Self.copyDelay else { return }
      weighOldest()
    }
  }

  private mutating func weighOldest() {
    let index = ring.head
    let record = ring.removeFirst()
    if !record.isOver { cutShort += 1 }
    weigh(record, index)
  }

  /// The record's turn in the order of assignment has come.
  mutating func weigh(_ record: AttemptRecord, _ index: Int) {
    let past = costs[record.costsKnown]
    let awaitsOutcome = awaitsOutcome(record)
    if awaitsOutcome { hold(record, index) }
    for candidate in live.indices where !isClosed[candidate] {
      let arm = ArmIndex.candidate(candidate)
      if record.population == .live, record.arm == arm || record.arm.isBaseline, index >= live[candidate].firstIndex {
        live[candidate].weigh(record, at: latest, past: past, awaitsOutcome: awaitsOutcome)
      } else if record.population == .shadow, record.arm == arm, index >= shadow[candidate].firstIndex {
        shadow[candidate].weigh(record, at: latest, past: past)
      }
    }
  }

  /// Attempts under way were begun under another limit, or none: these signals leave them out, in both arms alike.
  private mutating func limitsChanged(_ signals: SignalSet) {
    for index in ring.indices {
      let undecided = ring[index].marks.undecided & signals
      if undecided != 0 { settle(index, bad: 0, good: 0, excluded: undecided) }
    }
    ready = limits.ready
  }

  // MARK: Stages and candidates

  /// By all candidates together.
  mutating func stageEntered() {
    splits = splits.map { _ in SplitWatch() }
    costs.stageEntered()
    let changed = limits.stageEntered()
    if changed != 0 { limitsChanged(changed) }
  }

  /// By one that is behind the others.
  mutating func stageEntered(by candidate: Int) { splits[candidate] = SplitWatch() }

  mutating func close(_ candidate: Int) { isClosed[candidate] = true }

  /// The candidate begins anew: a person has said that it is another one now.
  mutating func reopen(_ candidate: Int, at: Instant) {
    isClosed[candidate] = false
    let (arm, first) = (ArmIndex.candidate(candidate), ring.tail)
    live[candidate] = TestSet(
      plan, candidate: arm, .live, remembersUnits: remembersUnits, firstIndex: first, since: at)
    shadow[candidate] = TestSet(
      plan, candidate: arm, .shadow, remembersUnits: remembersUnits, firstIndex: first, since: at)
  }
}
