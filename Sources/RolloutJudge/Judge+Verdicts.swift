/// From evidence to verdicts: which conditions have crossed, for whom, by how much.

import TrafficSplit

extension Judge {
  /// Looks at every test that could have risen and keeps what has crossed.
  mutating func weighConditions(at now: Instant) {
    for candidate in candidateNames.indices where !progress.isClosed[candidate] {
      if case .threshold = playbook.test {
        weighGates(candidate, at: now)
        continue
      }
      for population in [Population.live, .shadow] {
        guard evidence[candidate, population].isStale else { continue }
        evidence[candidate, population].isStale = false
        weigh(candidate, population, at: now)
      }
      weighModels(candidate, at: now)
    }
  }

  /// A look through many attempts under way was put off: asking again soon may find what asking now did not.
  package var looksAgain: Bool {
    candidateNames.indices.contains {
      !progress.isClosed[$0]
        && (evidence.live[$0].isStale || evidence.shadow[$0].isStale || evidence.strata.isStale($0))
    }
  }

  /// The same, for whoever asks after every attempt: without the copy of the judge that a getter is given.
  package mutating func wantsToLook() -> Bool {
    for candidate in candidateNames.indices where !progress.isClosed[candidate] {
      if evidence.live[candidate].isStale || evidence.shadow[candidate].isStale { return true }
      if evidence.strata.count > 0, evidence.strata.isStale(candidate) { return true }
    }
    return false
  }

  private mutating func weighGates(_ candidate: Int, at now: Instant) {
    guard let population = population(of: candidate),
      gates.looksNow(at: candidate, since: progress.place(of: candidate).enteredAt, at: now)
    else { return }
    for (index, planned) in evidence.plan.conditions.enumerated() where breaches[candidate][index] == nil {
      guard let reading = gates.reading(planned.condition, of: candidate, population),
        gates.strikes(candidate, index, reading)
      else { continue }
      let found = Evidence(
        test: "threshold", eValue: nil, threshold: nil,
        candidate: Evidence.Counts(n: reading.candidate.n, bad: reading.candidate.bad),
        baseline: Evidence.Counts(n: reading.baseline.n, bad: reading.baseline.bad),
        since: progress.place(of: candidate).enteredAt,
        parts: ["observed": reading.observed, "limit": reading.limit])
      breaches[candidate][index] = Breach(
        planned.condition, naming(found, of: planned.condition.metric, candidate, population), in: population,
        observed: reading.observed)
      hasBreach = true
    }
  }

  private mutating func weigh(_ candidate: Int, _ population: Population, at now: Instant) {
    for (index, planned) in evidence.plan.conditions.enumerated()
    where breaches[candidate][index] == nil && !planned.parts.isEmpty {
      let budget = budget(of: planned, candidate, population)
      let place = TestPlace(candidate: candidate, population: population)
      guard budget > 0,
        let found = crossed(planned, planned.parts, place, threshold: planned.threshold / budget, at: now)
      else { continue }
      var told = naming(
        found.evidence(population, budget: budget, planned), of: planned.condition.metric, candidate, population)
      told.badByModel = badByModel(planned, told, candidate, population)
      breaches[candidate][index] = Breach(planned.condition, told, in: population)
      hasBreach = true
    }
  }

  /// Each model's own tests, with what each of them may spend.
  private mutating func weighModels(_ candidate: Int, at now: Instant) {
    for stratum in 0..<evidence.strata.count {
      for population in [Population.live, .shadow] where evidence.strata[candidate, population, stratum].isStale {
        evidence.strata[candidate, population, stratum].isStale = false
        let place = TestPlace(candidate: candidate, population: population, stratum: stratum)
        for (index, planned) in evidence.plan.conditions.enumerated()
        where breaches[candidate][index] == nil && !planned.strata.isEmpty {
          let budget =
            budget(of: planned, candidate, population) / planned.part(isOfModel: false) * planned.part(isOfModel: true)
          guard budget > 0,
            let found = crossed(planned, planned.strata, place, threshold: planned.threshold / budget, at: now)
          else { continue }
          var told = naming(
            found.evidence(population, budget: budget, planned), of: planned.condition.metric, candidate, population,
            stratum: stratum)
          told.model = evidence.strata.name(stratum)
          breaches[candidate][index] = Breach(planned.condition, told, in: population)
          hasBreach = true
        }
      }
    }
  }

  /// The whole of it where only one population shows the metric; nineteen in twenty of that where models are looked at apart.
  func budget(of planned: EvidencePlan.PlannedCondition, _ candidate: Int, _ population: Population) -> Double {
    let budget =
      planned.condition.metric.budget(isShadow: population == .shadow)
      ?? (population == .live ? budgets[candidate].live : budgets[candidate].shadow)
    return budget * planned.part(isOfModel: false)
  }

  /// Every part of the condition at or above the threshold, or nil at the first that is not; the cheap ones first.
  private mutating func crossed(
    _ planned: EvidencePlan.PlannedCondition, _ parts: [EvidencePlan.NamedPart], _ place: TestPlace, threshold: Double,
    at now: Instant
  ) -> Crossing? {
    var crossing = Crossing()
    for named in parts {
      switch named.part {
      case .absolute(let index):
        guard crossedAbsolute(index, place, threshold, named.name, &crossing) else { return nil }
      case .betting(let index):
        guard crossedBet(index, place, threshold, named.name, &crossing) else { return nil }
      case .relative: continue
      }
    }
    for named in parts {
      guard case .relative(let index) = named.part else { continue }
      guard crossedRelative(index, place, threshold, named.name, &crossing, at: now) else { return nil }
    }
    return crossing
  }

  private mutating func crossedAbsolute(
    _ index: Int, _ place: TestPlace, _ threshold: Double, _ name: String,
    _ crossing: inout Crossing
  ) -> Bool {
    guard let finding = evidence[place].absolutes[index].finding(towards: threshold),
      finding.value >= threshold, let since = finding.since
    else { return false }
    let set = evidence[place]
    let spec = evidence.plan.absolutes[index]
    let tally = set.tallies[spec.signal] - finding.reference
    crossing.add(
      name, finding.value,
      Crossing.Counts(
        candidate: (finding.n, finding.bad), baseline: (tally.baseline, tally.baselineBad), since: since),
      EvidenceBasis(
        p0: spec.p0, limit: limit(spec.signal), starts: set.absolutes[index].counted,
        isLargest: set.absolutes[index].isByUnit ? true : nil))
    return true
  }

  private mutating func crossedRelative(
    _ index: Int, _ place: TestPlace, _ threshold: Double, _ name: String,
    _ crossing: inout Crossing, at now: Instant
  ) -> Bool {
    // Where rescues are weighed too, each of the two has half of the budget.
    let frozen = evidence[place].frozen[index]?.finding(towards: threshold)
    let rest = evidence[place].frozen[index] == nil ? 1 : FrozenTest.rest
    let needed = (evidence[place].rescues[index] == nil ? threshold : 2 * threshold) / rest
    let rescues = evidence[place].rescue(index, towards: needed, at: now)
    let isRescued = (rescues?.value ?? 0) >= needed
    let (own, starts) = evidence[place].relative(
      index, in: evidence.ring, towards: needed, at: now, looksAhead: !isRescued)
    let beside = rest * (rescues.map { max(own, $0.value) / 2 } ?? own)
    let value = max(beside, FrozenTest.part * (frozen?.value ?? 0))
    let isLargest = evidence[place].relatives[index].remembersUnits
    guard value >= threshold,
      let leading = starts.max(by: { RelativeTest.weighted($0) < RelativeTest.weighted($1) })
    else { return false }
    let set = evidence[place]
    let spec = evidence.plan.relatives[index]
    let tally = set.tallies[spec.signal] - leading.reference
    var counts = Crossing.Counts(
      candidate: (tally.candidate, tally.candidateBad), baseline: (tally.baseline, tally.baselineBad),
      since: leading.since)
    var basis = EvidenceBasis(
      r0: spec.r0, limit: limit(spec.signal),
      starts: starts.allSatisfy(\.isCounted) ? starts.map { EvidenceBasis.Start($0) } : [],
      isLargest: isLargest ? true : nil, rescues: rescues?.starts.map { EvidenceBasis.Start($0) })
    basis.frozen = set.frozen[index]?.basis
    if let frozen, value > beside, let control = set.frozen[index]?.control, let since = frozen.since {
      counts = Crossing.Counts(
        candidate: (frozen.n, frozen.bad), baseline: (control.n, control.bad), since: since)
    }
    crossing.add(name, value, counts, basis)
    return true
  }

  private func crossedBet(
    _ index: Int, _ place: TestPlace, _ threshold: Double, _ name: String,
    _ crossing: inout Crossing
  ) -> Bool {
    let set = evidence[place]
    let (spec, test) = (evidence.plan.bets[index], set.bets[index])
    guard !spec.isOfCost || set.cover.suffices(spec.isRatio), test.value >= threshold else { return false }
    let leading = test.leading
    let tally = test.tally - leading.reference
    crossing.add(
      name, test.value,
      Crossing.Counts(
        candidate: (tally.candidate, spec.isOfPairs ? Int(tally.candidateSum) : 0),
        baseline: (tally.baseline, spec.isOfPairs ? Int(tally.baselineSum) : 0), since: leading.since),
      basis(spec, test, tally))
    return true
  }

  private func basis(_ spec: BettingSpec, _ test: BettingTest, _ tally: BetTally) -> EvidenceBasis {
    let isPerOutcome = spec.quantity == .costPerOutcome
    func mean(_ sum: Double, _ count: Int) -> Double? { count > 0 ? sum / Double(count) : nil }
    var basis = EvidenceBasis(
      candidateMean: mean(tally.candidateSum, isPerOutcome ? tally.candidateGood : tally.candidate),
      baselineMean: mean(tally.baselineSum, isPerOutcome ? tally.baselineGood : tally.baseline))
    switch spec.limit {
    case .above(let limit), .below(let limit): basis.p0 = spec.isOfCost ? nil : limit
    case .ratio(let limit), .ratioBelow(let limit): basis.r0 = limit
    }
    if spec.isOfCost { basis.cap = spec.isRatio ? evidence.costs.known.last?.cap : nil }
    if spec.isOfPairs { basis.starts = test.starts.map { EvidenceBasis.Start($0) } }
    return basis
  }

  func set(_ candidate: Int, _ population: Population) -> TestSet { evidence[candidate, population] }

  /// Milliseconds, for signals of time.
  func limit(_ signal: Int) -> Double? { evidence.limits.limits[signal].map { Double($0) / 1e6 } }
}
