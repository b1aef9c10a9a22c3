import Foundation
import RolloutJudge
import RolloutSteering
import Synchronization
import Testing

@testable import SharedStore

@Suite(.enabled(if: ThrowAwayPostgres.isInstalled, "no PostgreSQL is installed")) struct MeetingTests {
  @Test("replicas see each other, and one of them decides")
  func meeting() throws {
    let fleet = try Fleet()
    let stores = try (0..<3).map { _ in try fleet.store() }
    let news = try stores.enumerated().map { try $1.meet(.sample($0 + 1)) }
    #expect(news.map { $0.lease != nil } == [true, false, false])
    let last = try #require(news.last)
    #expect(last.replicas.map(\.replica) == [.sample(1), .sample(2), .sample(3)])
    #expect(last.replicas.map(\.isDecider) == [true, false, false])
    #expect(last.replicas.map(\.requests) == [10, 20, 30])
    #expect(last.replicas.map(\.batch) == [1, 2, 3])
    #expect(last.replicas.allSatisfy { $0.version == "1.0" && $0.playbookSHA256 == "ab12" && !$0.hasLeft })
    #expect(last.now >= last.replicas[2].lastSeen)
  }

  @Test("whoever decides goes on deciding under one epoch, and who does not offer to never does")
  func renewing() throws {
    let fleet = try Fleet()
    let store = try fleet.store()
    #expect(try fleet.store().meet(.sample(2, offers: false)).lease == nil)
    let first = try #require(try store.meet(.sample(1)).lease)
    let second = try #require(try store.meet(.sample(1)).lease)
    #expect(second.epoch == first.epoch)
    #expect(second.until > first.until)
  }

  @Test("a heart that has not beaten is seen so by the server's clock, and another decides")
  func expiry() throws {
    let fleet = try Fleet()
    let (first, second) = (try fleet.store(), try fleet.store())
    let old = try #require(try first.meet(.sample(1)).lease)
    _ = try second.meet(.sample(2))
    // As if six seconds had gone by.
    try fleet.sql(
      """
      UPDATE crossfade.replica SET seen_at = seen_at - interval '6 seconds';
      UPDATE crossfade.rollout SET decides_until = decides_until - interval '6 seconds'
      """)
    let news = try second.meet(.sample(2))
    let expired = news.replicas.filter { news.now - $0.lastSeen >= ReplicaStanding.expiry }.map(\.replica)
    #expect(expired == [.sample(1)])
    #expect(try #require(news.lease).epoch > old.epoch)
  }

  @Test("of many that would follow one does")
  func following() async throws {
    let fleet = try Fleet()
    _ = try fleet.store().meet(.sample(1))
    try fleet.sql("UPDATE crossfade.rollout SET decides_until = clock_timestamp()")
    let leases = try await withThrowingTaskGroup(of: DeciderLease?.self) { group in
      for replica in 2..<10 {
        let store = try fleet.store()
        group.addTask { try store.meet(.sample(replica)).lease }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(leases.compactMap { $0 }.count == 1)
  }

  @Test("who leaves in good order is waited for by nobody, and another decides at once")
  func leaving() throws {
    let fleet = try Fleet()
    let (first, second) = (try fleet.store(), try fleet.store())
    _ = try first.meet(.sample(1))
    try first.leave(.sample(1), of: "r")
    let news = try second.meet(.sample(2))
    #expect(news.lease != nil)
    #expect(news.replicas.map(\.hasLeft) == [true, false])
  }

  @Test("news brings what others have decided")
  func decisions() throws {
    let fleet = try Fleet()
    let (first, second) = (try fleet.store(), try fleet.store())
    for seq in 1...3 { _ = try first.append(.sample(seq), under: nil) }
    #expect(try second.meet(.sample(2, seq: 1)).decisions.map(\.seq) == [2, 3])
    #expect(try second.meet(.sample(2, seq: 3)).decisions == [])
  }

  @Test("with more replicas than the server has room for nobody keeps a connection")
  func crowd() throws {
    let fleet = try Fleet()
    let store = try fleet.store()
    _ = try store.meet(.sample(1))
    _ = try store.meet(.sample(1))
    let own = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    #expect(try fleet.sql(own) == "1")
    try fleet.sql(
      "INSERT INTO crossfade.replica (rollout, name, run) SELECT 'r', 'pod-' || i, '0' FROM generate_series(1, 199) AS i"
    )
    _ = try store.meet(.sample(1))
    _ = try store.meet(.sample(1))
    // A server notices that a connection was closed a moment later.
    try fleet.wait { try fleet.sql(own) == "0" }
    #expect(try fleet.sql(own) == "0")
  }

  @Test("200 replicas meet on a server that has room for 100, and each of them is heard")
  func twoHundred() throws {
    let fleet = try Fleet(server: ThrowAwayPostgres())
    let stores = try (0..<200).map { _ in try fleet.store() }
    let start = try fleet.walBytes()
    let done = DispatchSemaphore(value: 0)
    let heard = Atomic(0)
    for (replica, store) in stores.enumerated() {
      Thread.detachNewThread {
        // Where there is no room for now there is in a moment.
        for _ in 0..<600 {
          if (try? store.meet(.sample(replica, offers: replica == 0))) != nil,
            (try? store.enter(.sample(replica, 1, body: [UInt8](repeating: 7, count: 200)))) != nil
          {
            heard.add(1, ordering: .relaxed)
            break
          }
          usleep(50_000)
        }
        done.signal()
      }
    }
    for _ in stores { done.wait() }
    #expect(heard.load(ordering: .relaxed) == 200)
    let news = try stores[0].meet(.sample(0))
    #expect(news.replicas.count == 200)
    #expect(try stores[0].batches(of: "r", beyond: [:], bytes: 1 << 20).count == 200)
    // Written to its log by the server for each replica that has come, met the others and entered evidence.
    let cost = try (fleet.walBytes() - start) / 200
    #expect(cost < 4000)
  }
}
