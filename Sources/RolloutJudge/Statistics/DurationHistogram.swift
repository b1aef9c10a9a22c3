/// How long attempts took, as counts of microseconds in bins that widen with them.
///
/// The bins are HdrHistogram's with two significant digits: whole microseconds up to 255, then 128 bins for each doubling. Only
/// the doublings that occur have room made for them: a few kilobytes for the answers of a model instead of 26, and there is
/// one for each model, tag, arm and population.

/// One microsecond to one hour; a quantile is at most 1% off.
package struct DurationHistogram: Sendable, Equatable {
  static let most: UInt64 = 3_600_000_000
  private static let blockSize = 128
  private static let blockBits = 7

  /// By doubling, each `blockSize` counts; empty where nothing has fallen into it.
  private var blocks: [[UInt64]] = []
  private var total: UInt64 = 0
  private var shortest = UInt64.max
  /// In microseconds, as it was recorded.
  private(set) var longest: UInt64 = 0

  package init() {}

  package var count: Int { Int(total) }

  package mutating func record(nanoseconds: Int64) {
    record(min(Self.most, UInt64(max(0, nanoseconds)) / 1000), times: 1)
  }

  /// - Parameter value: in microseconds, at most `most`.
  private mutating func record(_ value: UInt64, times: UInt64) {
    let doubling = max(0, UInt64.bitWidth - value.leadingZeroBitCount - Self.blockBits)
    let place = doubling == 0 ? Int(value) : Int(value >> (doubling - 1)) - Self.blockSize
    while blocks.count <= doubling { blocks.append([]) }
    if blocks[doubling].isEmpty { blocks[doubling] = Array(repeating: 0, count: Self.blockSize) }
    blocks[doubling][place] &+= times
    total &+= times
    longest = max(longest, value)
    shortest = min(shortest, value)
  }

  /// The longest duration of a bin, in microseconds.
  private static func end(_ doubling: Int, _ place: Int) -> UInt64 {
    doubling == 0 ? UInt64(place) : (UInt64(blockSize + place + 1) << (doubling - 1)) - 1
  }

  /// - Parameter quantile: 0…1.
  /// - Returns: Nanoseconds; nil before the first value.
  package func value(at quantile: Double) -> Int64? {
    guard total > 0 else { return nil }
    return Int64(microseconds(atPercentile: quantile * 100)) * 1000
  }

  package func milliseconds(at quantile: Double) -> Double? { value(at: quantile).map { Double($0) / 1e6 } }

  private func microseconds(atPercentile percentile: Double) -> UInt64 {
    guard percentile > 0 else { return shortest }
    guard percentile < 100 else { return longest }
    // The next lower number, so that rounding up does not run into the next bin.
    let wanted = max(1, UInt64((percentile.nextDown * Double(total) / 100).rounded(.up)))
    var before: UInt64 = 0
    for (doubling, block) in blocks.enumerated() {
      for (place, count) in block.enumerated() {
        before &+= count
        if before >= wanted { return max(min(Self.end(doubling, place), longest), shortest) }
      }
    }
    return longest
  }

  package mutating func add(_ other: DurationHistogram) {
    while blocks.count < other.blocks.count { blocks.append([]) }
    for (doubling, block) in other.blocks.enumerated() where !block.isEmpty {
      if blocks[doubling].isEmpty {
        blocks[doubling] = block
      } else {
        for place in block.indices { blocks[doubling][place] &+= block[place] }
      }
    }
    total &+= other.total
    longest = max(longest, other.longest)
    shortest = min(shortest, other.shortest)
  }
}

extension DurationHistogram {
  /// Values and how often each, in turn; only those that occurred.
  package var saved: [UInt64] {
    var saved: [UInt64] = []
    for (doubling, block) in blocks.enumerated() {
      for (place, count) in block.enumerated() where count > 0 { saved += [Self.end(doubling, place), count] }
    }
    return saved
  }

  package init(_ saved: [UInt64]) {
    for index in stride(from: 0, to: saved.count - 1, by: 2) where saved[index] <= Self.most {
      record(saved[index], times: saved[index + 1])
    }
  }
}
