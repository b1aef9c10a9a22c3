import RolloutJudge
import RolloutSteering
import Testing

@testable import SharedStore

@Suite(.enabled(if: ThrowAwayPostgres.isInstalled, "no PostgreSQL is installed")) struct KeepingTests {
  private static func checkpoint(_ seq: Int, _ state: [UInt8]) -> StoredCheckpoint {
    StoredCheckpoint(rollout: "r", seq: seq, at: Instant(nanoseconds: 12_345), state: state)
  }

  private static func accounts(_ replica: String, _ blob: [UInt8]) -> StoredAccounts {
    StoredAccounts(rollout: "r", replica: replica, at: Instant(nanoseconds: 1), blob: blob)
  }

  @Test("the checkpoint is the last one, and presumes no decision that is not there")
  func checkpoint() throws {
    let store = try Fleet().store()
    #expect(words { try store.keep(Self.checkpoint(1, [1])) }?.contains("presumes decision 1, the last is 0") == true)
    for seq in 1...2 { _ = try store.append(.sample(seq), under: nil) }
    #expect(try store.checkpoint(of: "r") == nil)
    try store.keep(Self.checkpoint(1, [1, 0, 255]))
    #expect(try store.checkpoint(of: "r") == Self.checkpoint(1, [1, 0, 255]))
    try store.keep(Self.checkpoint(2, []))
    #expect(try store.checkpoint(of: "r") == Self.checkpoint(2, []))
    #expect(words { try store.keep(Self.checkpoint(3, [1])) }?.contains("presumes decision 3, the last is 2") == true)
    // Somebody's who was decider before.
    try store.keep(Self.checkpoint(1, [1]))
    #expect(try store.checkpoint(of: "r") == Self.checkpoint(2, []))
  }

  @Test("each replica has accounts of its own, and a sum takes the place of several at once")
  func accounts() throws {
    let store = try Fleet().store()
    try store.keep(Self.accounts("b", [2]))
    try store.keep(Self.accounts("a", [1]))
    try store.keep(Self.accounts("b", [3]))
    #expect(try store.accounts(of: "r") == [Self.accounts("a", [1]), Self.accounts("b", [3])])
    try store.keep(Self.accounts("", [4]), inPlaceOf: ["a", "b"])
    #expect(try store.accounts(of: "r") == [Self.accounts("", [4])])
  }

  @Test("a checkpoint and accounts that are not as they were written are damage")
  func tampering() throws {
    let fleet = try Fleet()
    let store = try fleet.store()
    _ = try store.append(.sample(1), under: nil)
    try store.keep(Self.checkpoint(1, [1]))
    try store.keep(Self.accounts("a", [1]))
    try fleet.sql("UPDATE crossfade.checkpoint SET state = '\\x02'; UPDATE crossfade.accounts SET state = '\\x02'")
    #expect(
      words { _ = try store.checkpoint(of: "r") }?.contains("the checkpoint of r is not as it was written") == true)
    #expect(
      words { _ = try store.accounts(of: "r") }?.contains("the accounts of r are not as they were written") == true)
  }

  @Test("a playbook is kept under its hash")
  func playbook() throws {
    let store = try Fleet().store()
    try store.keep(playbook: "name: r\n", sha256: "ab12", of: "r")
    try store.keep(playbook: "name: other\n", sha256: "ab12", of: "r")
    #expect(try store.playbook(of: "r", sha256: "ab12") == "name: r\n")
    #expect(try store.playbook(of: "r", sha256: "cd34") == nil)
  }

  @Test("slices of a budget end where it does, each day anew")
  func slices() throws {
    let store = try Fleet().store()
    var slice = BudgetSlice(rollout: "r", replica: .sample(1), budget: "shadow", day: 20_000, dollars: 0.1, limit: 0.25)
    var taken: [Double] = []
    for _ in 0..<4 { taken.append(try store.takeSlice(slice)) }
    #expect(taken == [0.1, 0.1, 0.05, 0])
    slice.day += 1
    #expect(try store.takeSlice(slice) == 0.1)
    slice.limit = 0
    #expect(try store.takeSlice(slice) == 0)
  }

  @Test("many that take slices at once take no more than there is")
  func manySlices() async throws {
    let fleet = try Fleet()
    let taken = try await withThrowingTaskGroup(of: Double.self) { group in
      for replica in 0..<8 {
        let store = try fleet.store()
        group.addTask {
          var sum = 0.0
          for _ in 0..<10 {
            sum += try store.takeSlice(
              BudgetSlice(
                rollout: "r", replica: .sample(replica), budget: "b", day: 20_000, dollars: 0.5, limit: 25.25))
          }
          return sum
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(taken == 25.25)
  }
}
