import Foundation
import RolloutJudge
import RolloutSteering
import Testing

@testable import SharedStore

@Suite(.enabled(if: ThrowAwayPostgres.isInstalled, "no PostgreSQL is installed"))
struct TroubleTests {
  @Test("a statement that does not end is given up in time, and the next one is answered")
  func slow() throws {
    let fleet = try Fleet()
    let store = try fleet.store()
    _ = try store.append(.sample(1), under: nil)
    let start = ContinuousClock.now
    let fault = #expect(throws: SharedStoreError.self) {
      try store.session.perform([PostgresStatement("SELECT pg_sleep(30)")], within: .milliseconds(200))
    }
    #expect(fault?.problem == .stalled)
    #expect(start.duration(to: .now) < .seconds(3))
    #expect(try store.decisions(of: "r", after: 0, limit: nil).count == 1)
  }

  @Test("a server that says nothing at all is given up in time")
  func silent() throws {
    let fleet = try Fleet()
    let store = try fleet.store()
    store.session.became(brief: false)
    let pid = try #require(
      try store.session.perform([PostgresStatement("SELECT pg_backend_pid() AS pid")], within: .seconds(2))
        .first?.first?.integer("pid"))
    try fleet.server.signal("STOP", Int32(pid))
    let fault = #expect(throws: SharedStoreError.self) {
      try store.session.perform([PostgresStatement("SELECT 1 AS one")], within: .milliseconds(100))
    }
    #expect(fault?.problem == .stalled)
    try fleet.server.signal("CONT", Int32(pid))
    #expect(
      try store.session.perform([PostgresStatement("SELECT 1 AS one")], within: .seconds(2)).first?.first?.integer(
        "one") == 1)
  }

  @Test("somebody else's lock is not waited for beyond the limit")
  func locked() throws {
    let fleet = try Fleet()
    let store = try fleet.store()
    _ = try store.append(.sample(1), under: nil)
    let holder = try fleet.store()
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      let fault = words {
        _ = try holder.session.perform(
          [
            PostgresStatement("SELECT 1 FROM crossfade.rollout FOR UPDATE"), PostgresStatement("SELECT pg_sleep(3)"),
          ], within: .seconds(4))
      }
      #expect(fault == nil)
      done.signal()
    }
    let isHeld = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3)'"
    try fleet.wait { try fleet.sql(isHeld) != "0" }
    #expect(
      words { _ = try store.append(.sample(2), under: nil) }?.hasSuffix("does not answer in time; see what holds it up")
        == true)
    done.wait()
    #expect(try store.append(.sample(2), under: nil) != .lapsed)
  }

  @Test(
    "a server that stops and starts is reached again, and a connection lost while idle is no failure",
    arguments: ["fast", "immediate"])
  func restart(_ mode: String) throws {
    let fleet = try Fleet(server: ThrowAwayPostgres())
    let store = try fleet.store()
    _ = try store.append(.sample(1), under: nil)
    try fleet.server.stop(mode)
    let words = words { _ = try store.append(.sample(2), under: nil) }
    #expect(words?.contains("cannot be reached") == true)
    // While it is left alone nobody waits for it.
    let start = ContinuousClock.now
    #expect(throws: StoreFault.self) { try store.append(.sample(2), under: nil) }
    #expect(start.duration(to: .now) < .milliseconds(50))
    try fleet.server.start()
    let other = try fleet.store()
    _ = try other.meet(.sample(1))
    _ = try other.meet(.sample(1))
    try fleet.server.stop(mode)
    try fleet.server.start()
    #expect(try other.meet(.sample(1)).lease != nil)
  }

  @Test("a role that may not create is told who can, and one that was granted what it needs works")
  func roles() throws {
    let fleet = try Fleet(isMigrated: false)
    let role = "app_\(fleet.database)"
    try fleet.sql("CREATE ROLE \(role) LOGIN")
    let store = try fleet.store(user: role)
    #expect(words { try store.migrate() }?.contains("the role \(role) may not create its tables; let an owner") == true)
    #expect(words { try store.requireTables() }?.contains("run: crossfade migrate") == true)
    let owner = try fleet.store()
    #expect(try owner.migrate() == Array(1...SharedSchema.steps.count))
    #expect(words { _ = try store.append(.sample(1), under: nil) }?.contains("--grant \(role)") == true)
    try owner.grant(to: role)
    #expect(try store.migrate() == [])
    try store.requireTables()
    #expect(try store.meet(.sample(1)).lease != nil)
    _ = try store.append(.sample(1), under: nil)
    try store.enter(.sample(1, 1))
    try store.prune("r", upTo: [.sample(1): 1])
    _ = try store.settle(badUnits: [1], of: "r", by: .sample(1))
    try store.keep(StoredCheckpoint(rollout: "r", seq: 1, at: Instant(nanoseconds: 1), state: [1]))
    try store.keep(StoredAccounts(rollout: "r", replica: "a", at: Instant(nanoseconds: 1), blob: [1]), inPlaceOf: ["b"])
    _ = try store.takeSlice(
      BudgetSlice(rollout: "r", replica: .sample(1), budget: "b", day: 1, dollars: 1, limit: 1))
    try store.leave(.sample(1), of: "r")
    #expect(throws: SharedStoreError.self) {
      try store.session.perform([PostgresStatement("DELETE FROM crossfade.decision")], within: .seconds(1))
    }
  }

  @Test("many that migrate at once make one set of tables")
  func migrating() async throws {
    let fleet = try Fleet(isMigrated: false)
    let added = try await withThrowingTaskGroup(of: [Int].self) { group in
      for _ in 0..<6 {
        let store = try fleet.store()
        group.addTask { try store.migrate() }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(added.sorted() == Array(1...SharedSchema.steps.count))
  }

  @Test("tables of a newer version are left alone")
  func newer() throws {
    let fleet = try Fleet()
    try fleet.sql("INSERT INTO crossfade.migration (number) VALUES (99)")
    #expect(words { try fleet.store().migrate() }?.contains("newer crossfade (step 99") == true)
  }

  @Test("a database in another encoding is refused")
  func encoding() throws {
    let server = try #require(ThrowAwayPostgres.shared)
    try server.sql("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
    defer { _ = try? server.sql("DROP DATABASE latin WITH (FORCE)") }
    let store = try SharedStore(SharedStoreAddress(server.url("latin")))
    #expect(words { try store.migrate() }?.contains("encoded in LATIN1") == true)
  }

  @Test("a wrong password is said, and which it was is not; the right one works")
  func password() throws {
    let fleet = try Fleet()
    try fleet.sql("DROP ROLE IF EXISTS guarded; CREATE ROLE guarded LOGIN SUPERUSER PASSWORD 's3cret'")
    let url = { (password: String) in
      "postgres://guarded:\(password)@/\(fleet.database)?host=\(fleet.server.directory)"
    }
    let store = try SharedStore(SharedStoreAddress(url("wr0ng")))
    let words = try #require(words { _ = try store.rollouts() })
    #expect(words.contains("password authentication failed") && !words.contains("wr0ng"))
    #expect(try SharedStore(SharedStoreAddress(url("s3cret"))).rollouts() == [])
  }

  @Test(
    "a pooler in transaction mode hands sessions around, and nobody notices",
    .enabled(if: ThrowAwayPostgres.hasPooler, "no PgBouncer is installed"))
  func pooler() async throws {
    let fleet = try Fleet()
    try fleet.server.withPooler(sessions: 2) { url in
      let stores = try (0..<20).map { _ in try SharedStore(SharedStoreAddress(url(fleet.database))) }
      for (replica, store) in stores.enumerated() {
        #expect(try store.meet(.sample(replica)).replicas.count == replica + 1)
        try store.enter(.sample(replica, 1))
      }
      _ = try stores[0].append(.sample(1), under: try stores[0].meet(.sample(0)).lease)
      #expect(throws: SharedStoreError.self) {
        try stores[1].session.perform([PostgresStatement("SELECT pg_sleep(5)")], within: .milliseconds(100))
      }
      for (replica, store) in stores.enumerated() {
        #expect(try store.meet(.sample(replica)).decisions.map(\.seq) == [1])
      }
      let left = try stores[3].session.perform(
        [PostgresStatement("SELECT 1")], within: .seconds(1))
      #expect(left.count == 1)
      #expect(try stores[0].batches(of: "r", beyond: [:], bytes: 1 << 20).count == 20)
    }
  }
}
