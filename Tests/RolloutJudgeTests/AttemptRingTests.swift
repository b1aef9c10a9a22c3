/// The ring against the plainest thing that does the same.

import Testing
import TrafficSplit

@testable import RolloutJudge

@Suite("AttemptRing")
struct AttemptRingTests {
  static func record(_ id: UInt64) -> AttemptRecord {
    AttemptRecord(
      attempt: id, exchange: id * 2, arm: .baseline, population: .live, unit: 0, shares: [0.5], start: Int64(id),
      marks: AttemptRecord.Marks(counted: 0))
  }

  @Test("holds what was put in, in order, across blocks that are used again", arguments: [10, 1024, 5000, 32_768])
  func plain(most: Int) {
    var ring = AttemptRing()
    var reference: [UInt64] = []
    var random = SeededGenerator(seed: UInt64(most))
    var id: UInt64 = 0
    for _ in 0..<(4 * most + 3000) {
      if reference.count < most, random.chance(0.6) || reference.isEmpty {
        id += 1
        let index = ring.append(Self.record(id), mayBeCopied: id % 3 == 0)
        reference.append(id)
        #expect(ring[index].attempt == id && ring.index(ofOpen: id) == index)
        #expect((ring.index(ofOriginal: id * 2) == index) == (id % 3 == 0))
      } else if reference.count > most / 2, random.chance(0.5) || reference.count >= most {
        let oldest = reference.removeFirst()
        #expect(ring.removeFirst().attempt == oldest && ring.index(ofOpen: oldest) == nil)
      }
    }
    #expect(ring.indices.map { ring[$0].attempt } == reference)
    #expect(ring.indices.count <= AttemptRing.capacity)
  }
}
