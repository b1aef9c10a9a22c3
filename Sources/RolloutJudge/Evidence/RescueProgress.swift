/// The exchanges that a rescue test has weighed, by start.

import RealModule

/// A start begins after two bad exchanges near one another, at most one in 20 exchanges: what breaks shows that at once, while what fails
/// now and then, as all do, uses up no starts.
struct RescueProgress: Sendable {
  private static let spacing = 20
  /// Exchanges from one bad one to the next.
  private static let near = 10

  var starts: Starts<RescueTest.Start>
  var entersStage = false
  var sinceStart = 0
  /// The last exchange was bad, and another not long before it.
  var isCluster = false
  /// Exchanges since the last bad one.
  var sinceBad = RescueProgress.near

  init(_ starts: Starts<RescueTest.Start>) { self.starts = starts }

  /// - Returns: Whether a start began with it.
  @discardableResult
  mutating func weigh(_ fate: RescueQueue.Fate, _ factors: RescueFactors) -> Bool {
    let isEntry = entersStage
    let isDue = starts.isEmpty || (isCluster && sinceStart >= Self.spacing)
    if isEntry { restart(isEntry: true, factors) }
    if isDue { restart(isEntry: false, factors) }
    entersStage = false
    sinceStart += 1
    isCluster = fate.isBad && sinceBad < Self.near
    sinceBad = fate.isBad ? 0 : min(Self.near, sinceBad + 1)
    for index in starts.indices { starts[index].counts.add(fate) }
    return isEntry || isDue
  }

  private mutating func restart(isEntry: Bool, _ factors: RescueFactors) {
    starts.begin(isEntry: isEntry, value: { $0.weight * factors.value($0.counts) }) { number, weight in
      RescueTest.Start(number: number, weight: weight)
    }
    sinceStart = 0
  }
}

extension RescueTest.Counts {
  fileprivate mutating func add(_ fate: RescueQueue.Fate) {
    n += 1
    switch fate {
    case .open: unknown += 1
    case .good: break
    case .bad, .lost: bad += 1
    case .rescued:
      bad += 1
      rescued += 1
    }
  }
}
