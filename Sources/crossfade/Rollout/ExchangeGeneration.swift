/// Answers by the number of their exchange, in the order in which they were given.
///
/// Written one behind the other, as small as they go, and found by an index that is made when the first is asked for: most
/// processes are told of no outcome and rescue nobody, and a place in a table of this size is a place in cold memory for each
/// exchange.

import MigrationReport
import RolloutJudge
import TrafficSplit

struct ExchangeGeneration {
  /// An answer in 24 bytes.
  private struct Entry {
    var exchange: UInt64
    var labels: ExchangeLabels?
    /// In `stages`.
    var stage: UInt32
    var arm: UInt8
    var population: Population
    var isNormalFinish: Bool
    /// Nil once forgotten.
    var isCostKnown: Bool?
  }

  /// At most so many are ever remembered.
  private let limit: Int
  private var entries: [Entry] = []
  /// Names of stages; no more than entries name.
  private var stages: [String] = []
  /// By the mixed number, those that are indexed so far: one more than the place of the entry, 0 where free. Twice as many as
  /// there can be entries, a power of two; empty until one is asked for.
  private var slots: [UInt32] = []
  private var indexed = 0

  init(limit: Int) { self.limit = limit }

  var count: Int { entries.count }
  var isFull: Bool { count >= limit }

  /// Of an exchange that has no answer here yet.
  mutating func remember(_ answer: AnsweredExchange, of exchange: UInt64) {
    entries.append(entry(answer, of: exchange))
  }

  /// - Returns: the answer whose place it takes; nil where there is none.
  mutating func update(_ answer: AnsweredExchange, of exchange: UInt64) -> AnsweredExchange? {
    guard let place = place(of: exchange) else {
      remember(answer, of: exchange)
      return nil
    }
    defer { entries[place] = entry(answer, of: exchange) }
    return self.answer(at: place)
  }

  mutating func answer(of exchange: UInt64) -> AnsweredExchange? { place(of: exchange).flatMap { answer(at: $0) } }

  mutating func forget(_ exchange: UInt64) {
    guard let place = place(of: exchange) else { return }
    entries[place].isCostKnown = nil
    entries[place].labels = nil
  }

  mutating func forgetAll() {
    entries.removeAll(keepingCapacity: true)
    stages.removeAll(keepingCapacity: true)
    guard indexed > 0 else { return }
    for slot in slots.indices { slots[slot] = 0 }
    indexed = 0
  }

  private mutating func entry(_ answer: AnsweredExchange, of exchange: UInt64) -> Entry {
    let stage = stages.lastIndex(of: answer.stage) ?? stages.count
    if stage == stages.count { stages.append(answer.stage) }
    return Entry(
      exchange: exchange, labels: answer.labels, stage: UInt32(stage), arm: UInt8(clamping: answer.arm.rawValue),
      population: answer.population, isNormalFinish: answer.isNormalFinish, isCostKnown: answer.isCostKnown)
  }

  private func answer(at place: Int) -> AnsweredExchange? {
    let entry = entries[place]
    guard let isCostKnown = entry.isCostKnown else { return nil }
    return AnsweredExchange(
      arm: ArmIndex(rawValue: Int(entry.arm)), population: entry.population, stage: stages[Int(entry.stage)],
      isNormalFinish: entry.isNormalFinish, isCostKnown: isCostKnown, labels: entry.labels)
  }

  // MARK: the index

  private mutating func place(of exchange: UInt64) -> Int? {
    if slots.isEmpty { slots = Array(repeating: 0, count: slotCount) }
    for place in indexed..<entries.count { slots[slot(of: entries[place].exchange)] = UInt32(place + 1) }
    indexed = entries.count
    let found = slots[slot(of: exchange)]
    return found == 0 ? nil : Int(found) - 1
  }

  private var slotCount: Int {
    var count = 1
    while count < 2 * limit { count *= 2 }
    return count
  }

  /// The exchange's slot, or the free one that it would take.
  private func slot(of exchange: UInt64) -> Int {
    let mask = slots.count - 1
    // Numbered in a row for each event loop: the golden ratio spreads them.
    var slot = Int(truncatingIfNeeded: (exchange &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    while slots[slot] != 0, entries[Int(slots[slot]) - 1].exchange != exchange { slot = (slot + 1) & mask }
    return slot
  }
}
