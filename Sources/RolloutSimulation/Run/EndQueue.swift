/// Attempts under way, the one that ends next first.

/// A binary heap of instants; what is under way stays where it was put. Ties are broken by the order of starting, so that a run is
/// the same everywhere.
struct EndQueue<Payload: Sendable>: Sendable {
  private struct Entry: Sendable {
    var at: Int64
    /// The order of starting above the place in `payloads`.
    var number: UInt64

    @inline(__always)
    func precedes(_ other: Entry) -> Bool { at < other.at || (at == other.at && number < other.number) }

    var place: Int { Int(truncatingIfNeeded: number & 0xFF_FFFF) }
  }

  private var heap: ContiguousArray<Entry> = []
  private var payloads: ContiguousArray<Payload> = []
  private var free: ContiguousArray<Int> = []
  private var pushed: UInt64 = 0

  var count: Int { heap.count }
  /// `.max` where there is none.
  private(set) var next: Int64 = .max

  mutating func push(_ payload: Payload, at: Int64) {
    pushed += 1
    let place: Int
    if let spare = free.popLast() {
      place = spare
      payloads[place] = payload
    } else {
      place = payloads.count
      precondition(place <= 0xFF_FFFF, "more than 16 million attempts at a time")
      payloads.append(payload)
    }
    let entry = Entry(at: at, number: pushed << 24 | UInt64(place))
    heap.append(entry)
    var hole = heap.count - 1
    while hole > 0 {
      let parent = (hole - 1) / 2
      guard entry.precedes(heap[parent]) else { break }
      heap[hole] = heap[parent]
      hole = parent
    }
    heap[hole] = entry
    next = heap[0].at
  }

  /// There is one.
  mutating func pop() -> Payload {
    let place = heap[0].place
    free.append(place)
    let last = heap.removeLast()
    if !heap.isEmpty { sink(last) }
    next = heap.isEmpty ? .max : heap[0].at
    return payloads[place]
  }

  private mutating func sink(_ last: Entry) {
    let count = heap.count
    var hole = 0
    while true {
      var child = 2 * hole + 1
      guard child < count else { break }
      if child + 1 < count, heap[child + 1].precedes(heap[child]) { child += 1 }
      guard heap[child].precedes(last) else { break }
      heap[hole] = heap[child]
      hole = child
    }
    heap[hole] = last
  }
}
