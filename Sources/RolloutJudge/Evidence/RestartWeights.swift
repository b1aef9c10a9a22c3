/// The price of beginning again: weights, fixed in advance, of the e-processes that start as a rollout goes on.

/// The j-th start has weight 1 / (j (j + 1)); they sum to 1, so the weighted sum of e-processes is an e-process and a
/// regression that comes late is met by a start without a past.
enum RestartWeights {
  /// - Parameter start: 1, 2, 3…
  static func weight(_ start: Int) -> Double { 1 / (Double(start) * Double(start + 1)) }

  /// Of a test, at most so many starts are kept; the ones with the least to say go. Dropping a term of a sum that is
  /// never negative keeps the promise and costs a little speed.
  static let maxStarts = 24
  /// The newest are never dropped: they have not had time to speak.
  static let protectedStarts = 8
  /// Values beyond it carry no further meaning, and arithmetic stays finite.
  static let ceiling = 1e200

  static func bounded(_ values: SIMD8<Double>) -> SIMD8<Double> {
    values.replacing(with: ceiling, where: values .> ceiling).replacing(with: 0, where: values .< 1e-200)
  }

  /// Where to drop one start of a full list, given each start's weighted value, oldest first.
  static func leastUseful(_ values: [Double], protecting newest: Int = protectedStarts) -> Int {
    var least = 0
    for index in 0..<max(1, values.count - newest) where values[index] < values[least] { least = index }
    return least
  }
}
