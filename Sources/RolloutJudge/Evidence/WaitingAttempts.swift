/// Attempts in the order of their turns, each held back for the same time: what is learnt in the meantime favours neither arm.

/// Bounded: beyond `capacity` the oldest goes first, whatever it waits for.
struct WaitingAttempts: Sendable {
  static let capacity = 32_768

  struct Entry: Sendable {
    var record: AttemptRecord
    /// The record's in the ring.
    var index: Int
    var since: Instant
  }

  /// From an attempt's turn to its weighing, in nanoseconds.
  private let patience: Int64
  private var waiting: ContiguousArray<Entry> = []
  private var head = 0

  init(patience: Int64) { self.patience = patience }

  var isFull: Bool { waiting.count - head >= Self.capacity }

  mutating func append(_ record: AttemptRecord, _ index: Int, at: Instant) {
    waiting.append(Entry(record: record, index: index, since: at))
  }

  /// The oldest, where it has waited long enough or there is no more room.
  mutating func next(at now: Instant) -> Entry? {
    guard head < waiting.count, isFull || now.nanoseconds - waiting[head].since.nanoseconds >= patience else {
      return nil
    }
    let entry = waiting[head]
    head += 1
    if head == waiting.count || head > Self.capacity {
      waiting.removeFirst(head)
      head = 0
    }
    return entry
  }
}
