/// Where in the ring an attempt lies, by its id: asked twice for every attempt, so it has to be quick.

/// Open addressing with linear probing over mixed ids; at most half of the slots are taken, and what is removed leaves no trace.
struct AttemptTable: Sendable {
  private struct Slot: Sendable {
    var id: UInt64 = 0
    /// -1: free.
    var index = -1
  }

  private static let fewest = 64
  /// A power of two of them.
  private var slots = ContiguousArray<Slot>(repeating: Slot(), count: fewest)
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  private func next(_ slot: Int) -> Int { (slot + 1) & (slots.count - 1) }

  /// Ids are numbered in a row, or in a row for each event loop: the golden ratio spreads either.
  private func home(_ id: UInt64) -> Int {
    Int(truncatingIfNeeded: (id &* 0x9E37_79B9_7F4A_7C15) >> 32) & (slots.count - 1)
  }

  /// The id's slot, or the free one that it would take.
  private func slot(of id: UInt64) -> Int {
    var slot = home(id)
    while slots[slot].index >= 0, slots[slot].id != id { slot = next(slot) }
    return slot
  }

  subscript(id: UInt64) -> Int? {
    let index = slots[slot(of: id)].index
    return index < 0 ? nil : index
  }

  /// - Parameter index: 0 or more.
  mutating func set(_ id: UInt64, to index: Int) {
    if count * 2 >= slots.count { grow() }
    let slot = slot(of: id)
    if slots[slot].index < 0 { count += 1 }
    slots[slot] = Slot(id: id, index: index)
  }

  mutating func remove(_ id: UInt64) {
    var hole = slot(of: id)
    guard slots[hole].index >= 0 else { return }
    count -= 1
    let mask = slots.count - 1
    var slot = next(hole)
    while slots[slot].index >= 0 {
      // One that is as far from its home as the hole is moves into it.
      if (slot &- home(slots[slot].id)) & mask >= (slot &- hole) & mask {
        slots[hole] = slots[slot]
        hole = slot
      }
      slot = next(slot)
    }
    slots[hole].index = -1
  }

  private mutating func grow() {
    let old = slots
    slots = ContiguousArray(repeating: Slot(), count: old.count * 2)
    for entry in old where entry.index >= 0 { slots[slot(of: entry.id)] = entry }
  }
}
