/// One writer, any number of readers, and nobody else's eyes.

import Foundation
import GRDB
import RolloutJudge
import Testing

@testable import Journal

@Suite("StoreFile and JournalReader")
struct StoreFileTests {
  private let files: TestStore

  init() throws { files = try TestStore() }

  @Test("is readable and writable by its owner only, its companions too")
  func permissions() throws {
    let journal = try files.open()
    try journal.append(.sample(1))
    for name in ["crossfade.db", "crossfade.db-wal", "crossfade.db-shm", "crossfade.db-mark", "crossfade.db.lock"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: files.path(name))
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
    }
  }

  @Test("refuses a second writer by any path that leads to it, names the first, and lets it in when that has closed")
  func secondWriter() throws {
    let journal = try files.open()
    let link = files.path("link.db")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: files.path)
    let owner = "process \(ProcessInfo.processInfo.processIdentifier)"
    #expect(problem { _ = try files.open() } == .inUse(by: owner))
    #expect(problem { _ = try Journal(path: link) } == .inUse(by: owner))
    try journal.append(.sample(1))
    try journal.close()
    #expect(try files.open().decisions().count == 1)
  }

  @Test("refuses a second writer through a hard link and where the lock file was cleaned away, and names the first")
  func secondWriterByInode() throws {
    let journal = try files.open()
    let link = files.path("link.db")
    try FileManager.default.linkItem(atPath: files.path, toPath: link)
    let owner = JournalError.Problem.inUse(by: "process \(ProcessInfo.processInfo.processIdentifier)")
    #expect(problem { _ = try Journal(path: link) } == owner)
    try files.remove(".lock")
    #expect(problem { _ = try files.open() } == owner)
    try journal.append(.sample(1))
    try journal.close()
    #expect(try files.open().decisions().count == 1)
  }

  @Test("says of an existing store that it is full or read-only, of a new one that it cannot be made")
  func failures() {
    let problems = [ENOSPC, EROFS, EACCES, EIO, ENOENT].map { code in
      [true, false].map { StoreFile.failure("p", code, exists: $0).problem }
    }
    func text(_ code: Int32) -> String { String(cString: strerror(code)) }
    #expect(problems[0] == [.full, .full])
    #expect(problems[1] == [.readOnly, .cannotOpen(text(EROFS))])
    #expect(problems[2] == [.readOnly, .cannotOpen(text(EACCES))])
    #expect(problems[3] == [.inputOutput(text(EIO)), .inputOutput(text(EIO))])
    #expect(problems[4] == [.cannotOpen(text(ENOENT)), .cannotOpen(text(ENOENT))])
  }

  @Test("lets readers see every decision while the writer writes")
  func readers() throws {
    let journal = try files.open()
    let reader = try Journal.reading(path: files.path)
    for seq in 1...3 {
      try journal.append(.sample(seq))
      #expect(try reader.decisions() == (1...seq).map { .sample($0) })
      #expect(try Journal.reading(path: files.path).lastDecision(rollout: "r") == .sample(seq))
    }
  }

  @Test("lets readers in when nobody writes")
  func readersAlone() throws {
    let journal = try files.open()
    try journal.append(.sample(1))
    try journal.close()
    #expect(try Journal.reading(path: files.path).decisions() == [.sample(1)])
  }

  @Test("does not let a reader create a store, or write to one")
  func readersOnly() throws {
    #expect(problem { _ = try Journal.reading(path: files.path) } == .missing)
    #expect(!FileManager.default.fileExists(atPath: files.path))
    _ = try files.open()
    let reader = try Journal.reading(path: files.path)
    let written = problem {
      try reader.store.run { try $0.writeWithoutTransaction { try $0.execute(sql: "DELETE FROM checkpoint") } }
    }
    #expect(written == .readOnly)
  }

  @Test("cannot be opened in a directory that is not there, or where a directory stands")
  func noDirectory() throws {
    #expect(problem { _ = try Journal(path: files.path("no/such/crossfade.db")) }?.isCannotOpen == true)
    try FileManager.default.createDirectory(atPath: files.path, withIntermediateDirectories: false)
    #expect(problem { _ = try files.open() }?.isCannotOpen == true)
  }

  @Test("refuses to write where nobody would find it: the file was deleted")
  func deleted() throws {
    let journal = try files.open()
    try journal.append(.sample(1))
    try FileManager.default.removeItem(atPath: files.path)
    #expect(problem { try journal.append(.sample(2)) } == .moved)
    #expect(problem { try journal.compact() } == .moved)
  }

  @Test("refuses to write where nobody would find it: another file took its place")
  func replaced() throws {
    let journal = try files.open()
    try journal.append(.sample(1))
    try FileManager.default.moveItem(atPath: files.path, toPath: files.path("old.db"))
    try Data().write(to: URL(fileURLWithPath: files.path))
    #expect(problem { try journal.append(.sample(2)) } == .moved)
  }
}
