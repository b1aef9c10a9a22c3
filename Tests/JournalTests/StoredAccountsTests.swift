/// A rollout's accounts come back as they were saved.

import GRDB
import RolloutJudge
import RolloutSteering
import Testing

@testable import Journal

@Suite("StoredAccounts")
struct StoredAccountsTests {
  private let files: TestStore
  private let journal: Journal

  init() throws {
    files = try TestStore()
    journal = try files.open()
  }

  @Test("come back as they were last saved, those of each rollout, before any decision and for a reader too")
  func roundTrip() throws {
    #expect(try journal.accounts(rollout: "r") == nil)
    let blob = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    try journal.saveAccounts(rollout: "r", at: Instant(nanoseconds: 1), blob: [1])
    try journal.saveAccounts(rollout: "other", at: Instant(nanoseconds: 3), blob: [])
    try journal.saveAccounts(rollout: "r", at: Instant(nanoseconds: 2), blob: blob)
    let expected = StoredAccounts(rollout: "r", at: Instant(nanoseconds: 2), blob: blob)
    #expect(try journal.accounts(rollout: "r") == expected)
    #expect(try journal.accounts(rollout: "other")?.blob == [])
    #expect(try Journal.reading(path: files.path).accounts(rollout: "r") == expected)
  }

  @Test("are refused when they are larger than may be kept, and the former ones stay")
  func tooLarge() throws {
    try journal.saveAccounts(rollout: "r", at: Instant(nanoseconds: 1), blob: [1])
    let huge = [UInt8](repeating: 0, count: StoredAccounts.maxBytes + 1)
    #expect(
      problem { try journal.saveAccounts(rollout: "r", at: Instant(nanoseconds: 2), blob: huge) }
        == .accountsTooLarge(bytes: huge.count, limit: StoredAccounts.maxBytes))
    #expect(try journal.accounts(rollout: "r")?.blob == [1])
  }

  @Test("are not believed when a byte of them has changed")
  func changed() throws {
    try journal.saveAccounts(rollout: "r", at: Instant(nanoseconds: 1), blob: [1, 2, 3])
    try journal.store.queue.write { try $0.execute(sql: "UPDATE accounts SET state = x'010204'") }
    #expect(problem { _ = try journal.accounts(rollout: "r") }?.isDamage == true)
  }
}
