/// Answers by the number of their exchange, in the order in which they were given: written one behind the other, so that
/// remembering costs one place in a small table and no search through memory that is long cold.

import MigrationReport

struct ExchangeGeneration {
  private var numbers: [UInt64] = []
  /// Nil once forgotten.
  private var answers: [AnsweredExchange?] = []
  /// Open addressing: one more than an index into the above, 0 where a slot is free. A power of two, at least half free.
  private var slots: [UInt32] = Array(repeating: 0, count: 64)

  var count: Int { numbers.count }

  subscript(exchange: UInt64) -> AnsweredExchange? {
    let slot = slot(of: exchange)
    return slots[slot] == 0 ? nil : answers[Int(slots[slot]) - 1]
  }

  /// - Returns: what was remembered of the exchange before.
  @discardableResult
  mutating func remember(_ answer: AnsweredExchange, of exchange: UInt64) -> AnsweredExchange? {
    let slot = slot(of: exchange)
    guard slots[slot] == 0 else {
      let index = Int(slots[slot]) - 1
      defer { answers[index] = answer }
      return answers[index]
    }
    numbers.append(exchange)
    answers.append(answer)
    slots[slot] = UInt32(numbers.count)
    if numbers.count * 2 > slots.count { grow() }
    return nil
  }

  mutating func forget(_ exchange: UInt64) -> AnsweredExchange? {
    let slot = slot(of: exchange)
    guard slots[slot] != 0 else { return nil }
    let index = Int(slots[slot]) - 1
    defer { answers[index] = nil }
    return answers[index]
  }

  mutating func forgetAll() {
    numbers.removeAll(keepingCapacity: true)
    answers.removeAll(keepingCapacity: true)
    for slot in slots.indices { slots[slot] = 0 }
  }

  /// Where the exchange is, or would be. Numbers are random, but need not be: the golden ratio spreads them.
  private func slot(of exchange: UInt64) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: (exchange &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    while slots[slot] != 0, numbers[Int(slots[slot]) - 1] != exchange { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for index in numbers.indices { slots[slot(of: numbers[index])] = UInt32(index + 1) }
  }
}
