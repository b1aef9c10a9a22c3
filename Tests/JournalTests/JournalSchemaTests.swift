/// A file is trusted only after it has been looked at.

import Foundation
import GRDB
import RolloutJudge
import Testing

@testable import Journal

@Suite("JournalSchema")
struct JournalSchemaTests {
  private let files: TestStore

  init() throws { files = try TestStore() }

  /// A closed store of so many decisions.
  private func prepare(decisions: Int) throws {
    let journal = try files.open()
    for seq in stride(from: 1, through: decisions, by: 1) { try journal.append(.sample(seq)) }
    try journal.close()
  }

  private func change(_ sql: String) throws {
    let queue = try DatabaseQueue(path: files.path)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }

  private var openings: [JournalError.Problem?] {
    [problem { _ = try files.open() }, problem { _ = try Journal.reading(path: files.path) }]
  }

  @Test("refuses a file that is not a database")
  func notADatabase() throws {
    try Data("crossfade: 1\nname: this is a playbook and no store\n".utf8).write(to: URL(fileURLWithPath: files.path))
    for problem in openings { #expect(problem?.isDamage == true) }
  }

  @Test("refuses another program's database, and leaves it as it was")
  func foreign() throws {
    try change("CREATE TABLE t (a)")
    let before = try Data(contentsOf: URL(fileURLWithPath: files.path))
    #expect(openings == [.foreign, .foreign])
    #expect(try Data(contentsOf: URL(fileURLWithPath: files.path)) == before)
  }

  @Test("refuses a store of a newer version, and leaves it as it was")
  func newer() throws {
    try prepare(decisions: 1)
    try change("INSERT INTO grdb_migrations (identifier) VALUES ('9: from the future')")
    #expect(openings == [.newerFormat, .newerFormat])
  }

  @Test("brings a store that was only just created up to date when writing, not when reading")
  func empty() throws {
    try Data().write(to: URL(fileURLWithPath: files.path))
    #expect(problem { _ = try Journal.reading(path: files.path) } == .olderFormat)
    try files.open().append(.sample(1))
  }

  @Test("refuses a store of which any page was overwritten, or goes on with all decisions", arguments: [1, 2, 3])
  func overwrittenPages(_ seed: Int) throws {
    try prepare(decisions: 60)
    let whole = try Data(contentsOf: URL(fileURLWithPath: files.path))
    #expect(whole.count > 10 * 4096)
    var refused = 0
    for offset in stride(from: 0, to: whole.count, by: 4096) {
      try whole.write(to: URL(fileURLWithPath: files.path))
      try files.overwrite(at: offset, with: (0..<64).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ seed) })
      var decisions: [Decision] = []
      let found = problem {
        let journal = try files.open()
        decisions = try journal.decisions()
        try journal.close()
      }
      if let found {
        #expect(found.isDamage, "page at \(offset): \(found)")
        refused += 1
      } else {
        #expect(decisions.count == 60, "page at \(offset)")
      }
    }
    #expect(refused >= whole.count / 4096 - 1)
  }

  @Test("notices one changed character in a decision, which SQLite itself cannot")
  func changedBody() throws {
    try prepare(decisions: 3)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: files.path))
    let place = try #require(bytes.range(of: Data(#""weights_after":{"litellm":0}"#.utf8)))
    bytes[place.upperBound - 2] = UInt8(ascii: "1")
    try bytes.write(to: URL(fileURLWithPath: files.path))
    let journal = try files.open()
    #expect(problem { _ = try journal.decisions() }?.isDamage == true)
    #expect(try Journal.reading(path: files.path).store.path == files.path)
  }
}
