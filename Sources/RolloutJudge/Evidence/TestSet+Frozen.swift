/// The part of a candidate's tests for attempts that have no control: against the baseline as it was last seen.

extension TestSet {
  /// A stage is over: what it has shown of the baseline is the control from now on.
  mutating func rememberControls() {
    for signal in controls.indices {
      let stage = weighed[signal] - controlsFrom[signal]
      controls[signal].add(n: stage.baseline, bad: stage.baselineBad)
    }
    controlsFrom = weighed
  }

  /// Takes over what another set knows of the baseline, where this one knows nothing.
  mutating func adoptControls(of other: TestSet) {
    var other = other
    other.rememberControls()
    for signal in controls.indices where controls[signal].n == 0 { controls[signal] = other.controls[signal] }
  }

  mutating func aloneBegan(_ counted: SignalSet, _ ordinal: Int, index: Int, unit: UInt32, at: Instant) {
    for test in frozen.indices where counted.has(relativeSignals[test]) {
      let signal = relativeSignals[test]
      let (tally, last) = (tallies[signal], control(of: signal))
      frozen[test]?.began(ordinal, index: index, unit: unit, at: at, tally: tally, last: last)
    }
  }

  mutating func aloneTurnedBad(_ signals: SignalSet, ordinal: Int, unit: UInt32, index: Int) {
    for test in frozen.indices where signals.has(relativeSignals[test]) {
      frozen[test]?.turnedBad(ordinal, index: index, unit: unit)
    }
    isStale = true
  }

  mutating func aloneExcluded(_ signals: SignalSet, ordinal: Int, unit: UInt32, index: Int) {
    for test in frozen.indices where signals.has(relativeSignals[test]) {
      frozen[test]?.wasExcluded(ordinal, index: index, unit: unit)
    }
    isStale = true
  }

  /// Slower than the baseline's own quantile T the baseline is as often as that says, of the 500 answers at least that T is from.
  private func control(of signal: Int) -> LastControl {
    if case .slowerThanBaseline(_, let quantile, _) = signals[signal] {
      let n = BaselineLimits.minSamples
      return LastControl(n: n, bad: Int(((1 - quantile) * Double(n)).rounded(.up)))
    }
    return controls[signal]
  }
}
