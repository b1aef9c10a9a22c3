/// Eighteen ways to tamper with a journal, each found: alone, with the playbook, and always by the head that was told.

import Foundation
import GRDB
import RolloutJudge
import Testing

@testable import Journal

@Suite("Tampering")
struct TamperingTests {
  typealias Change = @Sendable (inout [Decision]) -> Void

  /// Whoever has nothing but the file and what it holds.
  enum Finder: Sendable {
    case alone, playbook, head
  }

  /// Numbers are those of the audit that found them.
  static let tamperings: [(String, Finder, Change)] = [
    ("1 an e-value raised", .alone, { $0[last].evidence?.eValue = 9999 }),
    (
      "3 the sentence says something else", .alone,
      { $0[last].message = "rolled back litellm: error_rate 99.0% of 5000 requests, allowed 0.1%" }
    ),
    ("4 the rollback cut off", .head, { $0.removeLast() }),
    (
      "5 a decision taken out, the rest renumbered", .head,
      { journal in
        journal.removeAll { $0.decision == .hold }
        for index in journal.indices { journal[index].seq = index + 1 }
      }
    ),
    (
      "6 the rollback turned into a person's", .head,
      { journal in
        let last = journal.count - 1
        (journal[last].actor, journal[last].reason) = ("alice", "because")
        journal[last].message = "rolled back litellm by alice: because"
        (journal[last].evidence, journal[last].metric, journal[last].condition) = (nil, nil, nil)
      }
    ),
    ("7 a stricter limit than the playbook's", .playbook, { $0[last].condition?.above = 0.01 }),
    (
      "8 a lower bar", .playbook,
      { journal in
        journal[last].evidence?.alpha = 0.1
        journal[last].evidence?.threshold = 10
      }
    ),
    ("9 a rollback that leaves the weight", .alone, { $0[last].weightsAfter = ["litellm": 0.25] }),
    ("11 the baseline shown as failing", .alone, { $0[last].evidence?.baseline = .init(n: 13, bad: 13) }),
    ("12 a proof's counts improved", .alone, { $0[proven].proofs?[0].basis.starts[0].n = 1_000_000 }),
    ("13 a proof removed", .alone, { $0[proven].proofs = nil }),
    (
      "14 another playbook in every row", .playbook,
      { journal in
        for index in journal.indices { journal[index].playbookSHA256 = String(repeating: "0", count: 64) }
      }
    ),
    (
      "15 an advance to 99%", .playbook,
      { journal in
        let advance = journal.lastIndex { $0.decision == .advance } ?? 0
        journal[advance].weightsAfter = ["litellm": 0.99]
        journal[advance].message = "advanced from canary to canary-25 (litellm 99.0%): held 30s"
        for index in journal.indices where index > advance { journal[index].weightsBefore = ["litellm": 0.99] }
      }
    ),
    (
      "16 the basis emptied, e-values invented", .alone,
      { journal in
        let last = journal.count - 1
        for name in ["absolute", "ratio"] {
          journal[last].evidence?.basis?[name]?.starts = []
          journal[last].evidence?.basis?[name]?.rescues = nil
        }
        journal[last].evidence?.eValue = 5000
        journal[last].evidence?.parts = ["absolute": 5000, "ratio": 6000]
      }
    ),
    (
      "17 the basis left out, e-values invented", .alone,
      { journal in
        let last = journal.count - 1
        journal[last].evidence?.basis = nil
        journal[last].evidence?.eValue = 5000
        journal[last].evidence?.parts = ["absolute": 5000, "ratio": 6000]
      }
    ),
  ]

  static let last = TamperedJournal.decisions.count - 1
  static let proven = TamperedJournal.decisions.firstIndex { $0.decision == .advance } ?? 0

  @Test("a journal as it was written holds, with its playbook and its head")
  func untouched() throws {
    let journal = try TamperedJournal()
    let kinds = TamperedJournal.decisions.map(\.decision).filter { $0 != .hold }
    #expect(
      kinds == [.start, .advance, .advance, .rollback] && TamperedJournal.decisions.contains { $0.decision == .hold })
    #expect(TamperedJournal.decisions[Self.proven].proofs?.isEmpty == false)
    #expect(try journal.faults([TamperedJournal.playbook]) == [])
    #expect(try journal.holdsWhatWasTold())
    try journal.rewrite { _ in }
    #expect(try journal.faults([TamperedJournal.playbook]) == [], "rewriting alone changes nothing")
    #expect(try journal.holdsWhatWasTold())
  }

  @Test("whoever rewrites, seals and chains it anew is found", arguments: tamperings.indices)
  func found(index: Int) throws {
    let (name, finder, change) = Self.tamperings[index]
    let journal = try TamperedJournal()
    try journal.rewrite(.all, change)
    #expect(try !journal.holdsWhatWasTold(), "\(name): by the head")
    if finder != .head { #expect(try journal.faults([TamperedJournal.playbook]) != [], "\(name): with the playbook") }
    if finder == .alone { #expect(try journal.faults() != [], "\(name): alone") }
  }

  @Test("0 a sentence changed, whatever of the seals is left as it was")
  func seals() throws {
    for seal in [TamperedJournal.Seal(), .rows, .chain] {
      let journal = try TamperedJournal()
      try journal.rewrite(seal) { $0[1].message += " " }
      #expect(try journal.faults() != [])
    }
  }

  @Test("2 one more failure than there was, everywhere and recomputed, is found by the head")
  func recomputed() throws {
    let journal = try TamperedJournal()
    try journal.rewrite { decisions in
      let last = decisions.count - 1
      decisions[last].evidence?.candidate.n += 1
      decisions[last].evidence?.candidate.bad += 1
    }
    #expect(try !journal.holdsWhatWasTold())
  }

  @Test("10 a row's instant moved, its own ts left")
  func moved() throws {
    let journal = try TamperedJournal()
    try journal.rewrite(at: { $0.dropLast() + [$0[$0.count - 2] + .nanoseconds(1)] }) { _ in }
    #expect(try journal.faults() != [])
    #expect(try !journal.holdsWhatWasTold())
  }

  @Test(
    "a chain whose heads were taken out looks old, and the head that was told is not there once anything is changed")
  func older() throws {
    let journal = try TamperedJournal()
    let queue = try DatabaseQueue(path: journal.files.path)
    try queue.write { db in
      try db.execute(sql: "DROP TRIGGER decision_unchanged")
      try db.execute(sql: "UPDATE decision SET head = NULL")
    }
    try queue.close()
    let chain = try StoreExamination.examine(path: journal.files.path).chains["move"]
    #expect(chain?.firstLinked == nil && chain?.broken == [])
    #expect(
      chain?.decision(withHead: journal.told) == TamperedJournal.decisions.count, "unchanged rows give it all the same")
    #expect(chain?.decision(withHead: String(journal.told.prefix(8))) != nil)
    #expect(chain?.decision(withHead: String(journal.told.prefix(7))) == nil)
  }

  @Test("a store of the version before chains is read as it is, and chained from its next decision on")
  func beforeChains() throws {
    let files = try TestStore()
    let old = try DatabaseQueue(path: files.path)
    try JournalSchema.migrator.migrate(old, upTo: "3: accounts")
    try old.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA application_id = \(JournalSchema.applicationID)")
      for seq in 1...3 {
        let row = try DecisionRow(.sample(seq))
        try db.execute(
          sql: "INSERT INTO decision (rollout, seq, at, body, seal) VALUES (?, ?, ?, ?, ?)",
          arguments: [row.rollout, row.seq, row.at.nanoseconds, row.body, row.seal])
      }
    }
    try old.close()
    let before = try StoreExamination.examine(path: files.path)
    #expect(before.findings == [] && before.decisions.count == 3)
    #expect(before.chains["r"]?.firstLinked == nil && before.chains["r"]?.last?.utf8.count == 64)
    #expect(try Journal.reading(path: files.path).decisions().count == 3)
    let journal = try files.open()
    let head = try journal.append(.sample(4))
    #expect(try journal.append(.sample(4)) == head, "a repeated call tells the same head")
    try journal.append(.sample(5))
    try journal.close()
    let after = try StoreExamination.examine(path: files.path)
    #expect(after.findings == [] && after.chains["r"]?.firstLinked == 4)
    #expect(after.chains["r"]?.decision(withHead: try #require(head)) == 4)
  }

  @Test("a head is what sha256sum makes of five lines")
  func formula() throws {
    var row = try DecisionRow(.sample(1))
    row.body = "{}"
    // printf '\nr\n1\n1700000000123456790\n{}' | sha256sum
    #expect(DecisionChain.head(after: "", row) == Self.pinned)
  }

  private static let pinned = "0fb9ed8a1985f33874bb009bf026c357965d16dd37d8848f83bd2000055236ae"
}
