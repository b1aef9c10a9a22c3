/// Computes again what was held against the baseline as it was last seen.

extension EvidenceBasis.Frozen {
  /// The largest of the weighted values, or their sum; nil where the counts are not possible.
  func value(r0: Double) -> Double? {
    let control = LastControl(n: n, bad: bad)
    guard n >= 0, (0...n).contains(bad), doubt > 0, doubt < 1 else { return nil }
    guard !starts.isEmpty else { return 0 }
    guard n > 0, starts.allSatisfy({ $0.n != nil && $0.bad != nil }) else { return nil }
    let p0 = FrozenTest.limit(r0: r0, doubt: doubt, control)
    let values = weightedValues(p0)
    return min(RestartWeights.ceiling, isLargest ?? false ? values.max() ?? 0 : values.reduce(0, +))
  }

  /// The start that says most.
  func leading(r0: Double) -> EvidenceBasis.Start? {
    let values = weightedValues(FrozenTest.limit(r0: r0, doubt: doubt, LastControl(n: n, bad: bad)))
    return values.indices.max { values[$0] < values[$1] }.map { starts[$0] }
  }

  private func weightedValues(_ p0: Double) -> [Double] {
    starts.map { start in
      (start.weight ?? RestartWeights.weight(start.start))
        * AbsoluteTest.eValue(p0: p0, n: start.n ?? 0, bad: start.bad ?? 0)
    }
  }
}
