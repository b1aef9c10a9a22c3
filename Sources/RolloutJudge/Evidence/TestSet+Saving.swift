/// One candidate's tests as they are kept across a restart, by names that outlive a changed playbook.

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
    /// Nil where nothing bets.
    var bets: [String: BettingTest.Saved]?
    var cover: CostCover?
    /// Relative tests' rescues, by key.
    var rescues: [String: RescueTest.Saved]
    /// Absolute tests' neighbourhoods, by key.
    var gates: [String: NeighbourhoodGate.Saved]
    /// Tests against the baseline as it was last seen, by key, and what was, by signal; nil where none is asked for.
    var frozen: [String: FrozenTest.Saved]?
    var controls: [String: LastControl]?
  }

  /// - Parameter index: Of the next record.
  func saved(_ plan: EvidencePlan, next index: Int) -> Saved {
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
      relativeProofs: byKey(relativeKeys, relativeProofs) { $0.saved },
      bets: bets.isEmpty ? nil : byKey(betSpecs.map(\.key), bets) { $0.saved }, cover: bets.isEmpty ? nil : cover,
      rescues: Dictionary(
        zip(relativeKeys, rescues).compactMap { key, test in test.map { (key, $0.saved) } },
        uniquingKeysWith: { first, _ in first }),
      gates: Dictionary(
        zip(absoluteKeys, gates).compactMap { key, gate in gate.map { (key, $0.saved(next: index)) } },
        uniquingKeysWith: { first, _ in first }),
      frozen: asksForControls
        ? Dictionary(
          zip(relativeKeys, frozen).compactMap { key, test in test?.saved(next: index).map { (key, $0) } },
          uniquingKeysWith: { first, _ in first }) : nil,
      controls: asksForControls ? byKey(signalKeys, currentControls) { $0 } : nil)
  }

  private var asksForControls: Bool { frozen.contains { $0 != nil } }

  /// As if the stage ended now.
  private var currentControls: [LastControl] {
    var set = self
    set.rememberControls()
    return set.controls
  }

  /// Takes over what the saved set knows of tests that this plan still has; others begin anew.
  mutating func restore(_ saved: Saved, _ plan: EvidencePlan, at: Instant) {
    (ordinal, proofOrdinal) = (saved.ordinal, saved.proofOrdinal)
    for (index, signal) in plan.signals.enumerated() {
      if let tally = saved.tallies[signal.key] { tallies[index] = tally }
      if let tally = saved.weighed[signal.key] { weighed[index] = tally }
    }
    for (index, spec) in plan.absolutes.enumerated() {
      if let test = saved.absolutes[plan.key(spec)] { absolutes[index].restore(test) }
      if let gate = saved.gates[plan.key(spec)] { gates[index]?.restore(gate) }
      if needsProofs, let test = saved.absoluteProofs[plan.key(spec)] { absoluteProofs[index].restore(test) }
    }
    for (index, spec) in plan.relatives.enumerated() {
      if let test = saved.relatives[plan.key(spec)] { relatives[index].restore(test) }
      if let test = saved.rescues[plan.key(spec)] { rescues[index]?.restore(test) }
      if let test = saved.frozen?[plan.key(spec)] { frozen[index]?.restore(test, at: at) }
      if needsProofs, let test = saved.relativeProofs[plan.key(spec)] { relativeProofs[index].restore(test) }
    }
    for (index, spec) in betSpecs.enumerated() {
      if let test = saved.bets?[spec.key] { bets[index].restore(test, at: at) }
    }
    for (index, signal) in plan.signals.enumerated() {
      if let control = saved.controls?[signal.key] { controls[index] = control }
    }
    controlsFrom = weighed
    cover = saved.cover ?? CostCover()
    isStale = true
  }

  private var needsProofs: Bool { absoluteProofs.count == absolutes.count && relativeProofs.count == relatives.count }
}
