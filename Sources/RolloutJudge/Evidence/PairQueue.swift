/// Compared pairs in the order in which their exchanges began, which is not the order in which comparisons finish.

import TrafficSplit

/// An arm whose odd answers come sooner must not look odder. Bounded: beyond `capacity` the pair that began first goes first, whatever
/// is still under way.
struct PairQueue: Sendable {
  static let capacity = 4096

  private var heap: [PairComparison] = []

  var isFull: Bool { heap.count >= Self.capacity }
  var first: PairComparison? { heap.first }

  private static func precedes(_ a: PairComparison, _ b: PairComparison) -> Bool {
    a.at < b.at || (a.at == b.at && (a.exchange, a.candidate.rawValue) < (b.exchange, b.candidate.rawValue))
  }

  mutating func push(_ pair: PairComparison) {
    heap.append(pair)
    var hole = heap.count - 1
    while hole > 0, Self.precedes(heap[hole], heap[(hole - 1) / 2]) {
      heap.swapAt(hole, (hole - 1) / 2)
      hole = (hole - 1) / 2
    }
  }

  /// There is one.
  mutating func pop() -> PairComparison {
    heap.swapAt(0, heap.count - 1)
    let first = heap.removeLast()
    var hole = 0
    while true {
      var least = hole
      for child in [2 * hole + 1, 2 * hole + 2] where child < heap.count && Self.precedes(heap[child], heap[least]) {
        least = child
      }
      guard least != hole else { return first }
      heap.swapAt(hole, least)
      hole = least
    }
  }
}
