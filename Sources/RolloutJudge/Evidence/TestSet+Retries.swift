/// The part of a candidate's tests that asks whether a failed attempt was asked again.

extension TestSet {
  /// What the client of a live record has done is known as well as it will be.
  mutating func weighRetry(_ record: AttemptRecord, _ index: Int, isRetried: Bool, at: Instant) {
    guard let signal = retrySignal else { return }
    var record = record
    let (bit, isCandidate): (SignalSet, Bool) = (1 << SignalSet(signal), record.arm == candidate)
    let share = record.share(of: candidate, population)
    if isRetried, isCandidate {
      record.marks.bad |= bit
      candidateTurnedBad(bit, ordinal: record.ordinal, record, index: index)
      // Nothing looks ahead for it.
      waitingBad[signal] -= 1
      weighed[signal].candidateBad += 1
    } else if isRetried, share != nil {
      record.marks.bad |= bit
      baselineSettled(bad: bit, excluded: 0, hidden: 0, index: index)
      weighed[signal].baselineBad += 1
    }
    if isCandidate, index >= proofsFrom { proveRetry(signal, isRetried, at: at) }
    guard let share else { return }
    let direction = record.direction(against: candidate, population, bit, favouring: .candidate)
    for test in relatives.indices where relativeSignals[test] == signal {
      relatives[test].weigh(direction, share: share, unit: record.unit, at: at, reference: weighed[signal])
      if direction == .candidate { isStale = true }
    }
    for test in relativeProofs.indices where relativeSignals[test] == signal && index >= proofsFrom {
      relativeProofs[test].weigh(direction, share: share, unit: record.unit, at: at, reference: weighed[signal])
    }
  }

  private mutating func proveRetry(_ signal: Int, _ isRetried: Bool, at: Instant) {
    for test in absoluteProofs.indices where absoluteSignals[test] == signal {
      absoluteProofs[test].began(retryOrdinal, at: at, tally: SignalTally())
      if isRetried { absoluteProofs[test].turnedBad(retryOrdinal) }
    }
    retryOrdinal += 1
  }
}
