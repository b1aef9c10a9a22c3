/// A checkpoint never knows more than the journal.

import GRDB
import RolloutJudge
import RolloutSteering
import Testing

@testable import Journal

@Suite("StoredCheckpoint")
struct StoredCheckpointTests {
  private let files: TestStore
  private let journal: Journal

  init() throws {
    files = try TestStore()
    journal = try files.open()
    for seq in 1...2 { try journal.append(.sample(seq)) }
  }

  private func checkpoint(_ seq: Int, rollout: String = "r", _ state: [UInt8] = [1, 2, 3]) -> StoredCheckpoint {
    StoredCheckpoint(rollout: rollout, seq: seq, at: Instant(nanoseconds: 1_700_000_000_000_000_001), state: state)
  }

  @Test("comes back as it was saved, the last one of each rollout")
  func roundTrip() throws {
    try journal.append(.sample(1, rollout: "other"))
    #expect(try journal.checkpoint(rollout: "r") == nil)
    try journal.save(checkpoint(1))
    try journal.save(checkpoint(2, (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }))
    try journal.save(checkpoint(1, rollout: "other", []))
    #expect(try journal.checkpoint(rollout: "r")?.state.count == 100_000)
    #expect(try journal.checkpoint(rollout: "r")?.seq == 2)
    #expect(try journal.checkpoint(rollout: "other") == checkpoint(1, rollout: "other", []))
  }

  @Test("is refused when it presumes a decision that is not journaled", arguments: [-1, 0, 3, 100])
  func ahead(_ seq: Int) throws {
    #expect(problem { try journal.save(checkpoint(seq)) } == .checkpointAhead(rollout: "r", seq: seq, last: 2))
    #expect(try journal.checkpoint(rollout: "r") == nil)
  }

  @Test("is refused for a rollout without decisions", arguments: [0, 1])
  func noDecisions(_ seq: Int) {
    let refused = JournalError.Problem.checkpointAhead(rollout: "new", seq: seq, last: 0)
    #expect(problem { try journal.save(checkpoint(seq, rollout: "new")) } == refused)
  }

  @Test("is refused beyond its limit")
  func tooLarge() throws {
    let state = [UInt8](repeating: 0, count: StoredCheckpoint.maxBytes + 1)
    let refused = JournalError.Problem.checkpointTooLarge(bytes: state.count, limit: StoredCheckpoint.maxBytes)
    #expect(problem { try journal.save(checkpoint(1, state)) } == refused)
  }

  @Test("is noticed when the disk changed it")
  func damaged() throws {
    try journal.save(checkpoint(1))
    try journal.store.queue.write { try $0.execute(sql: "UPDATE checkpoint SET state = x'010204'") }
    #expect(problem { _ = try journal.checkpoint(rollout: "r") }?.isDamage == true)
  }
}
