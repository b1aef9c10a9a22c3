/// Attempts under way, the one that ends next first.

/// A binary heap; ties are broken by the order of starting, so that a run is the same everywhere.
struct EndQueue<Payload: Sendable>: Sendable {
  private struct Entry: Sendable {
    var at: Int64
    var number: UInt64
    var payload: Payload

    func precedes(_ other: Entry) -> Bool { at < other.at || (at == other.at && number < other.number) }
  }

  private var heap: ContiguousArray<Entry> = []
  private var pushed: UInt64 = 0

  var count: Int { heap.count }
  /// `.max` where there is none.
  var next: Int64 { heap.isEmpty ? .max : heap[0].at }

  mutating func push(_ payload: Payload, at: Int64) {
    pushed += 1
    let entry = Entry(at: at, number: pushed, payload: payload)
    heap.append(entry)
    var hole = heap.count - 1
    while hole > 0 {
      let parent = (hole - 1) / 2
      guard entry.precedes(heap[parent]) else { break }
      heap[hole] = heap[parent]
      hole = parent
    }
    heap[hole] = entry
  }

  /// There is one.
  mutating func pop() -> Payload {
    let first = heap[0].payload
    let last = heap.removeLast()
    let count = heap.count
    guard count > 0 else { return first }
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
    return first
  }
}
