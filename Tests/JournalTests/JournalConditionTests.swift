/// A store is believed only where nothing says that it has forgotten something.

import Foundation
import GRDB
import RolloutJudge
import Testing

@testable import Journal

@Suite("Journal: condition")
struct JournalConditionTests {
  private let files: TestStore

  init() throws { files = try TestStore() }

  /// A closed store of so many decisions, and its bytes after the first.
  private func prepare(_ count: Int = 3) throws -> [UInt8] {
    let first = try files.open()
    try first.append(.sample(1))
    try first.close()
    let before = try files.bytes()
    let journal = try files.open()
    for seq in stride(from: 2, through: count, by: 1) { try journal.append(.sample(seq)) }
    try journal.close()
    return before
  }

  private func damage() -> String? {
    guard case .damaged(let detail) = problem({ _ = try files.open() }) else { return nil }
    return detail
  }

  @Test("is damaged where the journal is behind its mark, until a person takes it as it is")
  func behind() throws {
    try files.write(try prepare())
    #expect(damage() == "its mark knows decision 3 of r (advance), which the journal does not have")
    let taken = try Journal.accept(path: files.path)
    #expect(try taken.decisions().map(\.seq) == [1])
    try taken.close()
    #expect(damage() == "it was damaged and is being taken as it is")
    let again = try Journal.accept(path: files.path)
    try again.append(.sample(2, kind: .rollback))
    try again.settle()
    try again.close()
    #expect(try files.open().decisions().map(\.seq) == [1, 2])
  }

  @Test("is damaged where the store is gone, emptied, another one, or its mark is gone or unreadable")
  func others() throws {
    _ = try prepare()
    let (store, mark) = (try files.bytes(), try files.bytes("-mark"))
    try files.remove()
    #expect(damage() == "the store is gone; its mark knows decision 3 of r (advance)")
    try files.write([])
    #expect(damage() == "the store is gone; its mark knows decision 3 of r (advance)")
    let other = try TestStore()
    let journal = try other.open()
    for seq in 1...3 { try journal.append(.sample(seq, message: "elsewhere")) }
    try journal.close()
    try files.write(try other.bytes())
    #expect(damage() == "decision 3 of r (advance) is another one than its mark knows: the store was replaced")
    try files.write(store)
    try files.remove("-mark")
    #expect(damage() == "its mark, the file beside it ending in -mark, is gone")
    try files.write([UInt8](repeating: 7, count: mark.count), "-mark")
    #expect(damage()?.hasPrefix("its mark, the file beside it ending in -mark, is not to be read") == true)
    try files.write(mark, "-mark")
    #expect(try files.open().decisions().count == 3)
  }

  @Test("gives a store of an older version its mark, unless its log lacks something")
  func older() throws {
    _ = try prepare()
    try files.remove("-mark")
    let queue = try DatabaseQueue(path: files.path)
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 0") }
    try queue.close()
    let journal = try files.open()
    #expect(journal.mark.mark.entry("r")?.seq == 3)
  }

  @Test("journals at its next start the rollback that found the disk full")
  func pending() throws {
    let journal = try files.open()
    try journal.append(.sample(1))
    let rollback = Decision.sample(2, kind: .rollback)
    try journal.keepBeside(rollback)
    try journal.close()
    #expect(try files.open().decisions() == [.sample(1), rollback])
    #expect(try files.open().mark.mark.pending.isEmpty)
  }

  @Test("puts a store that cannot be read aside, and begins a new one, for a person who asks for it")
  func unreadable() throws {
    _ = try prepare()
    try files.write([UInt8](repeating: 0x41, count: 9000))
    #expect(problem { _ = try files.open() }?.isDamage == true)
    let journal = try Journal.accept(path: files.path)
    #expect(try journal.decisions().isEmpty)
    #expect(try files.bytes(".damaged-1").count == 9000)
  }

  @Test("notices while it is open that the file was cut, its content replaced, or its log taken away", arguments: 0..<4)
  func whileOpen(_ what: Int) throws {
    let before = try prepare()
    let journal = try files.open()
    try journal.append(.sample(4))
    try journal.fold()
    #expect(try !journal.checkWhole())
    switch what {
    case 0: #expect(truncate(files.path, 4096) == 0)
    case 1:
      let size = try files.bytes().count
      try files.overwrite(at: 0, with: before + [UInt8](repeating: 0, count: max(0, size - before.count)))
    case 2: try files.remove("-wal")
    default:
      try files.remove("-mark")
      #expect(try journal.checkWhole())
      return
    }
    #expect(problem { _ = try journal.checkWhole() }?.isDamage == true)
    #expect(MarkFile.read(beside: files.path).mark?.damage != nil)
  }

  @Test("says what of a damaged store can be read, and how far it can be trusted")
  func examination() throws {
    let before = try prepare()
    #expect(try StoreExamination.examine(path: files.path).findings.isEmpty)
    try files.write(before)
    let found = try StoreExamination.examine(path: files.path)
    #expect(found.findings == ["its mark knows decision 3 of r (advance), which the journal does not have"])
    #expect(found.trusted("r") == 1 && found.rollouts == ["r"])
    try files.remove()
    let gone = try StoreExamination.examine(path: files.path)
    #expect(gone.decisions.isEmpty && gone.trusted("r") == 0 && gone.rollouts == ["r"])
    try files.remove("-mark")
    #expect(problem { _ = try StoreExamination.examine(path: files.path) } == .missing)
  }

  @Test("passes over a row that is not as it was written, and trusts what stands before it")
  func brokenRow() throws {
    _ = try prepare()
    var bytes = try files.bytes()
    let second = try #require(
      bytes.firstRange(of: Array("\"seq\":2".utf8)).map(\.lowerBound), "the row's text lies in the file as it is")
    bytes[second + 6] = UInt8(ascii: "7")
    try files.write(bytes)
    let found = try StoreExamination.examine(path: files.path)
    #expect(found.decisions.map(\.seq) == [1, 3])
    #expect(found.trusted("r") == 1)
    #expect(found.findings.contains("decision 2 of r is not as it was written"))
  }
}
