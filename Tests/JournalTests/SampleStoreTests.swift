/// Which samples are kept, for how long, and that no trouble with the store reaches whoever compares.

import Foundation
import GRDB
import ResponseDiff
import RolloutJudge
import Synchronization
import Testing

@testable import Journal

@Suite("SampleStore")
struct SampleStoreTests {
  private let files: TestStore
  private let journal: Journal
  private let now = Instant(nanoseconds: 1_700_000_000_000_000_000)

  init() throws {
    files = try TestStore()
    journal = try files.open()
  }

  private func store(_ policy: SamplePolicy = SamplePolicy()) -> SampleStore {
    SampleStore(path: files.path, rollout: "r", policy: policy, busyTimeout: .milliseconds(20))
  }

  private func id(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private func sample(
    _ number: Int, distance: Double = 0.5, candidate: String = "c", kinds: StoredSample.Kinds = [.different, .uniform],
    at: Instant? = nil, bytes: Int = 10, secret: String = ""
  ) -> StoredSample {
    let difference = Difference(
      path: "choices[0].message", kind: .text, severity: .minor, baseline: "a", candidate: "b")
    return StoredSample(
      exchange: id(number), rollout: "r", candidate: candidate, at: at ?? now, stage: "shadow",
      endpoint: "chat/completions", model: number % 2 == 0 ? "m" : nil, kinds: kinds,
      comparison: AnswerComparison(differences: [difference], similarity: 0.5, distance: distance),
      bodies: .init(
        request: .init(text: "{\"q\":\"ä\(secret)\"}"), baseline: .init(text: String(repeating: "x", count: bytes)),
        answer: .init(text: "y", isCut: true)))
  }

  /// Asks and keeps as the worker does.
  private func offer(_ samples: [StoredSample], to store: SampleStore) {
    for var sample in samples {
      sample.kinds = store.kinds(
        candidate: sample.candidate, exchange: sample.exchange, distance: sample.distance, at: sample.at)
      if !sample.kinds.isEmpty { store.keep(sample, at: sample.at) }
    }
  }

  @Test("a sample comes back as it was kept, in lists without its bodies")
  func roundTrip() throws {
    let store = store()
    #expect(store.keep(sample(1), at: now))
    #expect(try journal.samples(exchange: id(1)) == [sample(1)])
    #expect(try journal.samples(exchange: id(2)) == [])
    var listed = sample(1)
    listed.bodies = nil
    #expect(try Journal.reading(path: files.path).samples() == [listed])
    #expect(store.counts == .init(kept: 1))
  }

  @Test("the most different of each candidate stay, and an equal pair is never one of them")
  func different() throws {
    let store = store(SamplePolicy(different: 3, uniform: 0))
    let distances = [0.1, 0.9, 0, 0.3, 0.5, 0.2, 0.7]
    offer(distances.enumerated().map { sample($0.offset, distance: $0.element) }, to: store)
    offer([sample(100, distance: 0.05, candidate: "other"), sample(101, distance: 0, candidate: "other")], to: store)
    #expect(try journal.samples(candidate: "c").map(\.distance) == [0.9, 0.7, 0.5])
    #expect(try journal.samples(candidate: "other").map(\.distance) == [0.05])
    #expect(try journal.samples(rollout: "another") == [])
    #expect(try journal.samples(candidate: "c", order: .newest, limit: 2).count == 2)
  }

  @Test("the uniform sample depends on the ids alone: neither on the order nor on the answers")
  func uniform() throws {
    let policy = SamplePolicy(different: 0, uniform: 20)
    offer((0..<300).map { sample($0, distance: Double($0) / 300) }, to: store(policy))
    let first = Set(try journal.samples(limit: 1000).map(\.exchange))
    #expect(first.count == 20)
    try SampleStore.removeAll(path: files.path, rollout: "r")
    #expect(try journal.samples() == [])
    offer((0..<300).reversed().map { sample($0, distance: 0) }, to: store(policy))
    #expect(Set(try journal.samples(limit: 1000).map(\.exchange)) == first)
    let halves = first.count { $0 < id(150) }
    #expect((4...16).contains(halves))
  }

  @Test("what is no longer one of the most different may still be in the uniform sample")
  func bothKinds() throws {
    let store = store(SamplePolicy(different: 1, uniform: 100))
    offer([sample(1, distance: 0.2), sample(2, distance: 0.8)], to: store)
    #expect(try journal.samples().map(\.kinds) == [[.different, .uniform], .uniform])
    #expect(try journal.samples(kinds: .different).map(\.exchange) == [id(2)])
  }

  @Test("what is too old goes, with the next sample or with time")
  func age() throws {
    let store = store(SamplePolicy(maxAge: .seconds(60)))
    offer([sample(1), sample(2, at: now + .seconds(30))], to: store)
    offer([sample(3, at: now + .seconds(61))], to: store)
    #expect(try journal.samples(order: .newest).map(\.exchange) == [id(3), id(2)])
    store.expire(at: now + .seconds(3600))
    #expect(try journal.samples() == [])
  }

  @Test("the bodies never take more than they may, and the uniform sample stays uniform")
  func size() throws {
    let policy = SamplePolicy(different: 50, uniform: 50, maxBytes: 40_000)
    offer((0..<60).map { sample($0, distance: $0 < 30 ? 0 : Double($0) / 60, bytes: 1000) }, to: store(policy))
    let kept = try journal.samples(limit: 1000)
    #expect((30...39).contains(kept.count))
    let uniform = kept.filter { $0.kinds.contains(.uniform) }.map { SampleRank.of($0.exchange) }
    let ranks = (0..<60).map { SampleRank.of(id($0)) }.sorted()
    #expect(uniform.sorted() == Array(ranks.prefix(uniform.count)))
    let different = kept.filter { $0.kinds.contains(.different) }.map(\.distance)
    let expected: [Double] = (0..<different.count).map { Double(59 - $0) / 60 }
    #expect(different == expected)
  }

  @Test("what was let go of is gone from the file, not only from the tables")
  func erased() throws {
    let store = store(SamplePolicy(maxAge: .seconds(60)))
    offer([sample(1, bytes: 20_000, secret: "remember-me-not")], to: store)
    store.expire(at: now + .seconds(61))
    store.close()
    try journal.compact()
    for name in ["crossfade.db", "crossfade.db-wal"] {
      let data = (try? Data(contentsOf: URL(fileURLWithPath: files.path(name)))) ?? Data()
      #expect(data.range(of: Data("remember-me-not".utf8)) == nil, "\(name)")
    }
  }

  @Test("a locked store costs the sample, which is counted, and is tried again after a while")
  func locked() throws {
    let store = store()
    store.keep(sample(1), at: now)
    let other = try DatabaseQueue(path: files.path)
    try other.writeWithoutTransaction { db in
      try db.execute(sql: "BEGIN IMMEDIATE")
      #expect(!store.keep(sample(2), at: now))
      #expect(store.counts.fault?.problem == .locked)
      try db.execute(sql: "ROLLBACK")
    }
    #expect(store.kinds(candidate: "c", exchange: id(3), distance: 1, at: now + .seconds(1)) == [])
    #expect(store.keep(sample(3), at: now + SampleStore.retryInterval))
    #expect(store.counts.dropped == 2 && store.counts.kept == 2)
  }

  @Test("a store that is missing, not brought up to date, moved or damaged costs samples only")
  func unusable() throws {
    let absent = SampleStore(path: files.path("none.db"), rollout: "r", policy: SamplePolicy())
    #expect(!absent.keep(sample(1), at: now))
    #expect(absent.counts.fault?.problem == .missing)
    #expect(!FileManager.default.fileExists(atPath: files.path("none.db")))

    _ = try DatabaseQueue(path: files.path("empty.db"))
    let empty = SampleStore(path: files.path("empty.db"), rollout: "r", policy: SamplePolicy())
    #expect(!empty.keep(sample(1), at: now))
    #expect(empty.counts.fault?.problem == .olderFormat)

    let moved = store()
    moved.keep(sample(1), at: now)
    try FileManager.default.moveItem(atPath: files.path, toPath: files.path("away.db"))
    #expect(!moved.keep(sample(2), at: now))
    #expect(moved.counts.fault?.problem == .moved)

    try Data("no database at all, but long enough to be looked at as if it were one".utf8)
      .write(to: URL(fileURLWithPath: files.path("damaged.db")))
    let damaged = SampleStore(path: files.path("damaged.db"), rollout: "r", policy: SamplePolicy())
    #expect(!damaged.keep(sample(3), at: now))
    #expect(damaged.counts.fault?.problem.isDamage == true)
  }

  @Test("a full disk costs the sample, and the decisions go on")
  func full() throws {
    let store = store()
    store.keep(sample(1), at: now)
    // A quota on the file: the journal's own pages are there already.
    try journal.append(.sample(1))
    store.limitPages(1)
    #expect(!store.keep(sample(2, bytes: 1 << 20), at: now))
    #expect(store.counts.fault?.problem == .full)
    try journal.append(.sample(2))
  }

  @Test("a store of the first version is brought up to date by the writer, and a reader says that it is older")
  func migration() throws {
    let old = try DatabaseQueue(path: files.path("old.db"))
    try JournalSchema.migrator.migrate(old, upTo: "1: decisions and checkpoints")
    try old.writeWithoutTransaction { try $0.execute(sql: "PRAGMA application_id = \(JournalSchema.applicationID)") }
    try old.close()
    #expect(problem { _ = try Journal.reading(path: files.path("old.db")) } == .olderFormat)
    let journal = try Journal(path: files.path("old.db"))
    try journal.append(.sample(1))
    try journal.saveAccounts(rollout: "r", at: now, blob: [1])
    #expect(try journal.samples() == [])
  }
}

extension SampleStore {
  /// As if the disk had no more room than this.
  fileprivate func limitPages(_ count: Int) {
    state.withLock { state in
      let sql = "PRAGMA max_page_count = \(count)"
      #expect(throws: Never.self) {
        try state.connection?.store.queue.writeWithoutTransaction { try $0.execute(sql: sql) }
      }
    }
  }
}
