/// Attempts in the order of their start, from the oldest that something still waits for to the newest.

/// Bounded by `capacity`; addressed by indices that only rise.
struct AttemptRing: Sendable {
  static let capacity = 32_768

  private var slots: ContiguousArray<AttemptRecord?> = ContiguousArray(repeating: nil, count: 256)
  private(set) var head = 0
  private(set) var tail = 0
  /// Attempts that have not ended, by id.
  private var open: [UInt64: Int] = [:]
  /// Live attempts on the baseline that a copy may refer to, by exchange.
  private var originals: [UInt64: Int] = [:]

  var indices: Range<Int> { head..<tail }
  var isFull: Bool { tail - head >= Self.capacity }
  var first: AttemptRecord? { head < tail ? self[head] : nil }
  var isEveryAttemptOver: Bool { open.isEmpty }

  subscript(index: Int) -> AttemptRecord {
    get { slots[index & (slots.count - 1)]! }
    _modify { yield &slots[index & (slots.count - 1)]! }
  }

  /// Looks at a record without copying it.
  func view<T>(_ index: Int, _ look: (borrowing AttemptRecord) -> T) -> T { look(slots[index & (slots.count - 1)]!) }

  /// The caller has made room.
  ///
  /// - Returns: The record's index.
  mutating func append(_ record: AttemptRecord, mayBeCopied: Bool) -> Int {
    if tail - head == slots.count { grow() }
    let index = tail
    slots[index & (slots.count - 1)] = record
    tail += 1
    open[record.attempt] = index
    if mayBeCopied { originals[record.exchange] = index }
    return index
  }

  func index(ofOpen attempt: UInt64) -> Int? { open[attempt] }

  func index(ofOriginal exchange: UInt64) -> Int? { originals[exchange] }

  /// The attempt has ended.
  mutating func close(_ index: Int) {
    open[self[index].attempt] = nil
    self[index].isOver = true
  }

  /// The oldest leaves, ended or not.
  mutating func removeFirst() -> AttemptRecord {
    let record = self[head]
    slots[head & (slots.count - 1)] = nil
    head += 1
    if !record.isOver { open[record.attempt] = nil }
    if !originals.isEmpty { originals[record.exchange] = nil }
    return record
  }

  private mutating func grow() {
    var larger = ContiguousArray<AttemptRecord?>(repeating: nil, count: slots.count * 2)
    for index in head..<tail { larger[index & (larger.count - 1)] = slots[index & (slots.count - 1)] }
    slots = larger
  }
}
