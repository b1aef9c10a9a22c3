/// Whose request it is: a fixed population of units, some far busier than others, a few that fail by their own doing.

import RealModule
import TrafficSplit

struct UnitPopulation: Sendable {
  struct Member: Sendable {
    var hash: UInt64
    var isBad: Bool
    /// The logarithm of how slow every answer to it is.
    var pace = 0.0
    /// Below the number of units; -1 where every request is its own.
    var index: Int
  }

  private var members: [Member] = []
  /// Walker's alias method: by column the share of its own member, and whose the rest is.
  private var columns: [(share: Double, other: Int)] = []
  private let badShare: Double

  init(_ scenario: Scenario, isSticky: Bool, _ generator: inout SeededGenerator) {
    badShare = scenario.badUnits?.share ?? 0
    guard let units = scenario.units, isSticky else { return }
    var activity: [Double] = []
    for index in 0..<units.count {
      activity.append(Double.exp(units.heavy * NormalZiggurat.shared.draw(&generator)))
      let hash = UnitHasher.mix(generator.next(), seed: 1)
      let isBad = generator.unit() < badShare
      let pace = units.latency > 0 ? units.latency * NormalZiggurat.shared.draw(&generator) : 0
      members.append(Member(hash: hash, isBad: isBad, pace: pace, index: index))
    }
    columns = Self.columns(activity)
  }

  /// 0 where every request is its own.
  var count: Int { members.count }

  @inline(__always)
  func draw(_ generator: inout SeededGenerator) -> Member {
    guard !columns.isEmpty else {
      return Member(hash: generator.next(), isBad: badShare > 0 && generator.unit() < badShare, index: -1)
    }
    let (column, rest) = generator.next().multipliedFullWidth(by: UInt64(columns.count))
    let entry = columns[Int(column)]
    return members[Double(rest) * 0x1p-64 < entry.share ? Int(column) : entry.other]
  }

  private static func columns(_ activity: [Double]) -> [(share: Double, other: Int)] {
    let mean = activity.reduce(0, +) / Double(activity.count)
    var left = activity.map { $0 / mean }
    var columns = activity.indices.map { (share: 1.0, other: $0) }
    var small = left.indices.filter { left[$0] < 1 }
    var large = left.indices.filter { left[$0] >= 1 }
    while let poor = small.popLast(), let rich = large.last {
      columns[poor] = (left[poor], rich)
      left[rich] -= 1 - left[poor]
      if left[rich] < 1 { small.append(large.removeLast()) }
    }
    return columns
  }
}
