/// The price of beginning again: weights, fixed in advance, of the e-processes that start as a rollout goes on.

/// Bad news comes with stages, so the entries of stages share a quarter, equally. The first start has a half. The j-th of those
/// that begin as attempts go by has 1 / (j (j + 1)), half of that where there are entries. All sum to 1 at most, so
/// the weighted sum of e-processes is an e-process, and a regression that comes late is met by a start without a past.
enum RestartWeights {
  static let first = 0.5
  static let entries = 0.25

  /// - Parameter start: 2, 3…: those that begin as attempts go by; 1 is the first.
  static func weight(_ start: Int, entries: Int) -> Double {
    if start == 1 { return first }
    return (entries > 0 ? 0.5 : 1) / (Double(start) * Double(start + 1))
  }

  /// The weight of a start as older journals number them.
  static func weight(_ start: Int) -> Double { 1 / (Double(start) * Double(start + 1)) }

  /// Whether a recorded weight is one that the start of this number can have: the first has its own, and where stages were entered
  /// (at most a hundred) the others are numbered on from them.
  static func isPossible(_ weight: Double, number: Int) -> Bool {
    if weight == first || number == 1 { return weight == first && number == 1 }
    guard weight > 0, weight <= entries else { return false }
    func isWhole(_ value: Double) -> Bool { abs(value - value.rounded()) < 1e-6 * max(1, value) }
    func isOfPlace(_ product: Double) -> Bool {
      let place = ((1 + 4 * product).squareRoot() - 1) / 2
      return isWhole(place) && (0...100).contains(number - Int(place.rounded()))
    }
    return (isWhole(entries / weight) && entries / weight < 100.5) || isOfPlace(1 / weight) || isOfPlace(0.5 / weight)
  }

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

  /// Where to drop one start of a full list, oldest first.
  ///
  /// - Parameter value: The weighted value of a start; asked of those that may go, once each.
  static func leastUseful(
    of count: Int, protecting newest: Int = protectedStarts, _ value: (Int) -> Double
  ) -> Int {
    var (least, lowest) = (0, value(0))
    for index in 1..<max(1, count - newest) {
      let value = value(index)
      if value < lowest { (least, lowest) = (index, value) }
    }
    return least
  }
}

/// The weight that a test still has to give to its starts.
struct StartBudget: Sendable, Equatable, Codable {
  /// Stages that the candidate enters after the first.
  let entries: Int
  /// All starts, in the order in which they began.
  private(set) var started = 0
  private(set) var spent = 0.0
  private var periodic = 0
  private var entered = 0

  init(entries: Int) { self.entries = entries }

  /// The next of those that begin as attempts go by; nil where nothing is left for it.
  mutating func next() -> (number: Int, weight: Double)? {
    periodic += 1
    return take(RestartWeights.weight(periodic, entries: entries))
  }

  /// A stage is entered.
  mutating func entry() -> (number: Int, weight: Double)? {
    guard entered < entries else { return nil }
    entered += 1
    return take(RestartWeights.entries / Double(entries))
  }

  private mutating func take(_ weight: Double) -> (number: Int, weight: Double)? {
    // Only a playbook that changed on the way can ask for more than there is.
    guard spent + weight <= 1 + 1e-12 else { return nil }
    spent += weight
    started += 1
    return (started, weight)
  }
}
