/// Attempts in the order of their start, from the oldest that something still waits for to the newest.

import TrafficSplit

/// Bounded by `capacity`; addressed by indices that only rise. Records lie in blocks that are used again, so that neither a long
/// wait for one attempt nor a copy of the whole for a checkpoint ever moves all of them at once.
struct AttemptRing: Sendable {
  static let capacity = 32_768

  private typealias Block = ContiguousArray<AttemptRecord>

  private static let blockSize = 1024
  private static let vacant = AttemptRecord(
    attempt: 0, exchange: 0, arm: .baseline, population: .live, unit: 0, shares: [], start: 0,
    marks: AttemptRecord.Marks(counted: 0))

  /// By block number modulo their count, a power of two beyond what `capacity` can touch; empty where unused.
  private var blocks = ContiguousArray<Block>(repeating: [], count: 64)
  /// A block that the head has left, for the tail to enter.
  private var spare: Block = []
  private(set) var head = 0
  private(set) var tail = 0
  /// Attempts that have not ended, by id.
  private var open = AttemptTable()
  /// Live attempts on the baseline that a copy may refer to, by exchange.
  private var originals = AttemptTable()

  var indices: Range<Int> { head..<tail }
  var isEmpty: Bool { head == tail }
  var isFull: Bool { tail - head >= Self.capacity }
  var isEveryAttemptOver: Bool { open.isEmpty }

  private func block(_ index: Int) -> Int { (index / Self.blockSize) & 63 }
  private func place(_ index: Int) -> Int { index & (Self.blockSize - 1) }

  subscript(index: Int) -> AttemptRecord {
    get { blocks[block(index)][place(index)] }
    _modify { yield &blocks[block(index)][place(index)] }
  }

  /// Looks at a record without copying it.
  @inline(__always)
  func view<T>(_ index: Int, _ look: (borrowing AttemptRecord) -> T) -> T { look(blocks[block(index)][place(index)]) }

  /// The caller has made room.
  ///
  /// - Returns: The record's index.
  mutating func append(_ record: AttemptRecord, mayBeCopied: Bool) -> Int {
    append(record.attempt, record.exchange, mayBeCopied: mayBeCopied) { $0 = record }
  }

  /// - Parameter begin: Makes it of what lies in its place.
  mutating func append(
    _ attempt: UInt64, _ exchange: UInt64, mayBeCopied: Bool, _ begin: (inout AttemptRecord) -> Void
  ) -> Int {
    let index = tail
    if place(index) == 0 { enter(block(index)) }
    begin(&blocks[block(index)][place(index)])
    tail += 1
    open.set(attempt, to: index)
    if mayBeCopied { originals.set(exchange, to: index) }
    return index
  }

  private mutating func enter(_ block: Int) {
    guard blocks[block].isEmpty else { return }
    swap(&blocks[block], &spare)
    if blocks[block].isEmpty { blocks[block] = Block(repeating: Self.vacant, count: Self.blockSize) }
  }

  func index(ofOpen attempt: UInt64) -> Int? { open[attempt] }

  func index(ofOriginal exchange: UInt64) -> Int? { originals[exchange] }

  /// The attempt has ended.
  mutating func close(_ index: Int) {
    open.remove(view(index) { $0.attempt })
    self[index].isOver = true
  }

  /// The oldest leaves, ended or not.
  mutating func removeFirst() -> AttemptRecord {
    let record = self[head]
    if !record.isOver { open.remove(record.attempt) }
    if !originals.isEmpty { originals.remove(record.exchange) }
    leave()
    return record
  }

  /// The oldest leaves, which is over and whose record is of no more use.
  mutating func dropFirst() {
    if !originals.isEmpty { originals.remove(view(head) { $0.exchange }) }
    leave()
  }

  private mutating func leave() {
    head += 1
    if place(head) == 0 {
      spare = []
      swap(&spare, &blocks[block(head - 1)])
    }
  }
}
