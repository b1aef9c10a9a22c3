import RolloutJudge
import RolloutSteering
import Testing

@testable import SharedStore

@Suite(.enabled(if: ThrowAwayPostgres.isInstalled, "no PostgreSQL is installed")) struct EvidenceTests {
  @Test("a batch is read as it was entered, by replica and number")
  func entering() throws {
    let store = try Fleet().store()
    let batches: [EvidenceBatch] = [
      .sample(1, 1), .sample(1, 2, body: Array(0...255)), .sample(2, 1, body: []),
    ]
    for batch in batches.reversed() { try store.enter(batch) }
    #expect(try store.batches(of: "r", beyond: [:], bytes: 1 << 20) == batches)
    #expect(try store.batches(of: "r", beyond: [.sample(1): 1, .sample(2): 1], bytes: 1 << 20) == [batches[1]])
    #expect(try store.batches(of: "s", beyond: [:], bytes: 1 << 20) == [])
  }

  @Test("the same batch twice is nothing, also with another content")
  func twice() throws {
    let store = try Fleet().store()
    try store.enter(.sample(1, 1))
    try store.enter(.sample(1, 1, body: [9]))
    #expect(try store.batches(of: "r", beyond: [:], bytes: 1 << 20) == [.sample(1, 1)])
  }

  @Test("one answer holds about so many bytes, and one batch at least")
  func bytes() throws {
    let store = try Fleet().store()
    for number in 1...5 { try store.enter(.sample(1, number, body: [UInt8](repeating: 7, count: 100))) }
    #expect(try store.batches(of: "r", beyond: [:], bytes: 250).map(\.number) == [1, 2])
    #expect(try store.batches(of: "r", beyond: [.sample(1): 2], bytes: 1).map(\.number) == [3])
  }

  @Test("a batch beyond the limit is refused with its size")
  func tooLarge() throws {
    let store = try Fleet().store()
    let body = [UInt8](repeating: 0, count: EvidenceBatch.maxBytes + 1)
    #expect(words { try store.enter(.sample(1, 1, body: body)) }?.hasSuffix("at most 1048576 are kept") == true)
  }

  @Test("what a checkpoint covers is let go of, and does not come back")
  func pruning() throws {
    let fleet = try Fleet()
    let store = try fleet.store()
    for number in 1...3 {
      try store.enter(.sample(1, number))
      try store.enter(.sample(2, number))
    }
    try store.prune("r", upTo: [.sample(1): 2])
    let left = try store.batches(of: "r", beyond: [:], bytes: 1 << 20)
    #expect(left == [.sample(1, 3), .sample(2, 1), .sample(2, 2), .sample(2, 3)])
    try store.enter(.sample(1, 2))
    #expect(try store.batches(of: "r", beyond: [:], bytes: 1 << 20) == left)
    // Replicas that are long gone go with the last of their evidence.
    try fleet.sql("UPDATE crossfade.replica SET seen_at = seen_at - interval '2 hours'")
    try store.prune("r", upTo: [.sample(1): 3, .sample(2): 2])
    #expect(try fleet.sql("SELECT name FROM crossfade.replica") == "pod-2")
  }

  @Test("a unit's first bad request is one replica's, however often it is asked")
  func units() throws {
    let fleet = try Fleet()
    let (first, second) = (try fleet.store(), try fleet.store())
    let units: [UInt64] = [1, .max, 5]
    #expect(try first.settle(badUnits: units, of: "r", by: .sample(1)) == Set(units))
    #expect(try second.settle(badUnits: [5, 6, .max], of: "r", by: .sample(2)) == [6])
    #expect(try first.settle(badUnits: units, of: "r", by: .sample(1)) == Set(units))
    #expect(try first.settle(badUnits: units, of: "s", by: .sample(1)) == Set(units))
  }
}
