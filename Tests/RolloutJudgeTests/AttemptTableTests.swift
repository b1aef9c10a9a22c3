/// The table against a dictionary, with ids as loops number them.

import Testing

@testable import RolloutJudge

@Suite("AttemptTable")
struct AttemptTableTests {
  @Test("holds what a dictionary holds, whatever comes and goes", arguments: [0, 32, 48, 56])
  func likeADictionary(shift: UInt64) {
    var table = AttemptTable()
    var reference: [UInt64: Int] = [:]
    var random = SeededGenerator(seed: shift + 1)
    for step in 0..<20_000 {
      let id = (random.next() % 700) << shift | random.next() % 3
      if random.chance(0.5) {
        table.set(id, to: step)
        reference[id] = step
      } else {
        table.remove(id)
        reference[id] = nil
      }
      #expect(table.count == reference.count)
      let other = (random.next() % 700) << shift | random.next() % 3
      #expect(table[id] == reference[id] && table[other] == reference[other])
    }
    for (id, index) in reference { #expect(table[id] == index) }
  }

  @Test("grows with what it is given, and is empty when all has gone")
  func grows() {
    var table = AttemptTable()
    for id in UInt64(0)..<5000 { table.set(id, to: Int(id)) }
    #expect((UInt64(0)..<5000).allSatisfy { table[$0] == Int($0) })
    for id in UInt64(0)..<5000 { table.remove(id) }
    #expect(table.isEmpty && (UInt64(0)..<5000).allSatisfy { table[$0] == nil })
  }
}
