/// One candidate's tests as attempts begin and turn bad; what waits for its turn is in the set itself.

extension TestSet {
  // MARK: The candidate's own attempts, as they happen

  /// - Parameter index: Its record's.
  /// - Returns: The attempt's ordinal.
  mutating func candidateBegan(_ counted: SignalSet, index: Int, _ record: borrowing AttemptRecord, at: Instant) -> Int
  {
    let unit = record.unit
    if record.isAlone { aloneBegan(counted, ordinal, index: index, unit: unit, at: at) }
    for test in absolutes.indices where counted.has(absoluteSignals[test]) {
      let counts = gate(test, began: index, isCandidate: true, cuts: absolutes[test].beginsStart)
      absolutes[test].began(ordinal, unit: unit, counts: counts, at: at, tally: tallies[absoluteSignals[test]])
    }
    for test in rescues.indices where counted.has(relativeSignals[test]) { rescues[test]?.began(ordinal) }
    for signal in tallies.indices where counted.has(signal) { tallies[signal].candidate += 1 }
    defer { ordinal += 1 }
    return ordinal
  }

  mutating func candidateTurnedBad(
    _ signals: SignalSet, ordinal: Int, _ record: borrowing AttemptRecord, index: Int
  ) {
    let unit = record.unit
    if record.isAlone { aloneTurnedBad(signals, ordinal: ordinal, unit: unit, index: index) }
    newestBad = max(newestBad, index)
    for test in absolutes.indices where signals.has(absoluteSignals[test]) {
      let counts = gates[test]?.candidateTurnedBad(index) ?? true
      absolutes[test].turnedBad(ordinal, unit: unit, counts: counts)
    }
    for test in rescues.indices where signals.has(relativeSignals[test]) { rescues[test]?.turnedBad(ordinal) }
    for signal in tallies.indices where signals.has(signal) {
      tallies[signal].candidateBad += 1
      waitingBad[signal] += 1
    }
    isStale = true
  }

  /// Only rescues are interested: for all others an attempt has been good from the start.
  mutating func candidateTurnedGood(_ signals: SignalSet, ordinal: Int) {
    for test in rescues.indices where signals.has(relativeSignals[test]) { rescues[test]?.turnedGood(ordinal) }
  }

  mutating func candidateExcluded(
    _ signals: SignalSet, ordinal: Int, _ record: borrowing AttemptRecord, index: Int
  ) {
    let unit = record.unit
    if record.isAlone { aloneExcluded(signals, ordinal: ordinal, unit: unit, index: index) }
    for test in absolutes.indices where signals.has(absoluteSignals[test]) {
      let counts = gates[test]?.candidateExcluded(index) ?? true
      absolutes[test].wasExcluded(ordinal, unit: unit, counts: counts)
    }
    // One that was none is passed over like one that went well.
    candidateTurnedGood(signals, ordinal: ordinal)
    for signal in tallies.indices where signals.has(signal) { tallies[signal].candidate -= 1 }
    isStale = true
  }

  // MARK: The baseline's attempts that could have been the candidate's (or are copied to it)

  /// - Parameter index: Of its record, or of its copy's.
  mutating func baselineBegan(_ counted: SignalSet, index: Int) {
    for signal in tallies.indices where counted.has(signal) { tallies[signal].baseline += 1 }
    for test in gates.indices where counted.has(absoluteSignals[test]) {
      _ = gate(test, began: index, isCandidate: false, cuts: false)
    }
  }

  /// - Parameters:
  ///   - hidden: Signals of which nobody knows what they would have said had the client stayed.
  ///   - index: Of the record that this decides: the attempt's, or its copy's.
  mutating func baselineSettled(bad: SignalSet, excluded: SignalSet, hidden: SignalSet, index: Int) {
    // An answer of the baseline's raises a value only where it lets the candidate's bad attempts be heard.
    if index <= newestBad { isStale = true }
    for test in gates.indices where (bad | excluded).has(absoluteSignals[test]) {
      let signal = absoluteSignals[test]
      if excluded.has(signal) { gates[test]?.baselineExcluded(index) }
      // A client that left says nothing about the weather.
      if bad.has(signal), !hidden.has(signal) { recount(test, gates[test]?.baselineTurnedBad(index) ?? []) }
    }
    let unknown = population == .shadow ? hidden : 0
    guard bad | excluded | unknown != 0 else { return }
    for signal in tallies.indices {
      if bad.has(signal), !unknown.has(signal) { tallies[signal].baselineBad += 1 }
      if excluded.has(signal) || unknown.has(signal) { tallies[signal].baseline -= 1 }
    }
  }

  /// - Returns: Whether an attempt of the candidate counts for now.
  private mutating func gate(_ test: Int, began index: Int, isCandidate: Bool, cuts: Bool) -> Bool {
    guard let (changes, counts) = gates[test]?.began(index, ordinal: ordinal, isCandidate: isCandidate, cuts: cuts)
    else { return true }
    recount(test, changes)
    return counts
  }

  mutating func recount(_ test: Int, _ changes: [NeighbourhoodGate.Change]) {
    for change in changes {
      absolutes[test].recount(from: change.ordinal, n: change.n, bad: change.bad)
      isStale = true
    }
  }
}
