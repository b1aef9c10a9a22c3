/// The plain gate of `test: threshold`: a metric over a sliding window against its limits, as other tools have it.

enum ThresholdGate {
  struct Reading: Sendable, Equatable {
    var observed: Double
    /// The value that `observed` must exceed: the larger where there are two limits.
    var limit: Double
    var candidate: SlidingWindow.Count
    var baseline: SlidingWindow.Count
    /// Whether the window holds as much as the gate asks for.
    var isEnough: Bool
    var isBreached: Bool
  }

  /// - Returns: nil where the window holds nothing to compare.
  static func read(_ condition: Condition, candidate: ArmWindow, baseline: ArmWindow, minSamples: Int) -> Reading? {
    if condition.metric.isOfPairs { return readMismatches(condition, candidate, minSamples: minSamples) }
    guard let own = candidate.value(of: condition.metric) else { return nil }
    let other = baseline.value(of: condition.metric)
    let isWorseBelow = condition.metric.isWorseBelow
    var limits = [condition.above ?? condition.below].compactMap(\.self)
    if let ratio = condition.ratioAbove ?? condition.ratioBelow {
      guard let other else { return nil }
      limits.append(ratio * other.value)
    }
    // All limits of a line must be exceeded.
    let limit = (isWorseBelow ? limits.min() : limits.max()) ?? 0
    let isEnough = own.count.n >= minSamples && (!condition.hasRatio || (other?.count.n ?? 0) >= minSamples)
    return Reading(
      observed: own.value, limit: limit, candidate: own.count, baseline: other?.count ?? SlidingWindow.Count(),
      isEnough: isEnough, isBreached: isEnough && (isWorseBelow ? own.value < limit : own.value > limit))
  }

  /// The baseline's own variation is added to what is allowed.
  private static func readMismatches(_ condition: Condition, _ candidate: ArmWindow, minSamples: Int) -> Reading? {
    guard let own = candidate.value(of: .mismatchRate) else { return nil }
    let noise = candidate.ownVariation
    var limit = condition.above.map { $0 + (noise?.value ?? 0) } ?? 0
    if let ratio = condition.ratioAbove {
      guard let noise else { return nil }
      limit = max(limit, ratio * noise.value)
    }
    return Reading(
      observed: own.value, limit: limit, candidate: own.count, baseline: noise?.count ?? SlidingWindow.Count(),
      isEnough: own.count.n >= minSamples, isBreached: own.count.n >= minSamples && own.value > limit)
  }
}
