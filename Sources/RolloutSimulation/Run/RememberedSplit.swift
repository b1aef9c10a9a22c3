/// Asks the split table as the proxy does, and remembers answers that cannot change before the next decision.

import RolloutJudge
import TrafficSplit

/// An assignment is a function of the table, the request, its unit and its draw. Imagined requests are all alike; the
/// unit decides only where something is live, the draw only where some requests are copied and others are not.
struct RememberedSplit: Sendable {
  private let table: SplitTable
  private let request: ImaginedRequest
  private let isAlwaysSame: Bool
  private let isByUnit: Bool
  private var only: Assignment?
  /// By unit.
  private var known: [Assignment?]

  /// - Parameter units: How many there are; 0: every request is its own.
  init(_ playbook: Playbook, following directive: Directive, _ request: ImaginedRequest, units: Int) {
    table = SplitTable(playbook, following: directive)
    self.request = request
    let isDrawn = directive.shadow.contains { $0 > 0 && $0 < 1 }
    isAlwaysSame = !isDrawn && directive.weights.allSatisfy { $0 == 0 }
    isByUnit = !isDrawn && units > 0
    known = isByUnit ? Array(repeating: nil, count: units) : []
  }

  @inline(__always)
  mutating func assign(_ unit: UnitPopulation.Member, draw: UInt64) -> Assignment {
    if isAlwaysSame {
      if let only { return only }
      let assignment = table.assign(request, unit: unit.hash, draw: draw)
      only = assignment
      return assignment
    }
    guard isByUnit else { return table.assign(request, unit: unit.hash, draw: draw) }
    if let assignment = known[unit.index] { return assignment }
    let assignment = table.assign(request, unit: unit.hash, draw: draw)
    known[unit.index] = assignment
    return assignment
  }
}
