/// The store's file on disk: created readable by its owner only, held by one process, noticed when it is taken away.

import Foundation
import Synchronization

/// Held for the life of a `Journal`; the system lets go of it when the process ends, however it ends.
final class StoreFile: Sendable {
  /// With symbolic links resolved, so that one file has one lock.
  let path: String
  /// The lock file, open; nil after `unlock`.
  private let lock: Mutex<Int32?>
  private let identity: Identity

  /// Creates the file if there is none, and locks it against other processes that would write.
  init(path given: String) throws(JournalError) {
    let path = URL(fileURLWithPath: given).resolvingSymlinksInPath().path
    let file = try Self.acquireLock(beside: path)
    do throws(JournalError) {
      try Self.createIfMissing(path)
      guard let identity = Identity(path: path) else { throw JournalError(path: path, problem: .moved) }
      self.identity = identity
    } catch {
      close(file)
      throw error
    }
    self.path = path
    lock = Mutex(file)
  }

  deinit { unlock() }

  func unlock() {
    lock.withLock { file in
      if let open = file.take() { close(open) }
    }
  }

  /// - Throws: `moved` when the path no longer leads to the file that was opened: what is written would be lost.
  func checkInPlace() throws(JournalError) {
    guard Identity(path: path) == identity else { throw JournalError(path: path, problem: .moved) }
  }

  static func exists(_ path: String) -> Bool { Identity(path: path) != nil }

  struct Identity: Equatable, Sendable {
    var device: UInt64
    var inode: UInt64

    init?(path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      device = UInt64(truncatingIfNeeded: status.st_dev)
      inode = UInt64(truncatingIfNeeded: status.st_ino)
    }
  }

  private static func createIfMissing(_ path: String) throws(JournalError) {
    let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      if errno == EEXIST { return }
      throw JournalError(path: path, problem: .cannotOpen(systemMessage()))
    }
    close(file)
    // The name must survive a power cut as surely as the content.
    let directory = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
    guard directory >= 0 else { throw JournalError(path: path, problem: .cannotOpen(systemMessage())) }
    defer { close(directory) }
    guard fsync(directory) == 0 else { throw JournalError(path: path, problem: .inputOutput(systemMessage())) }
  }

  /// The lock file stays when the process ends: deleting it would let two processes hold locks on two files of one
  /// name.
  private static func acquireLock(beside path: String) throws(JournalError) -> Int32 {
    let file = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw JournalError(path: path, problem: .cannotOpen(systemMessage())) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      let (code, holder) = (errno, holder(file))
      close(file)
      if code == EWOULDBLOCK { throw JournalError(path: path, problem: .inUse(by: holder)) }
      throw JournalError(path: path, problem: .cannotOpen(systemMessage(code)))
    }
    // The number is for the message only; the lock holds without it.
    let text = Array("\(getpid())\n".utf8)
    if ftruncate(file, 0) == 0 { _ = pwrite(file, text, text.count, 0) }
    return file
  }

  private static func holder(_ file: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = pread(file, &bytes, bytes.count, 0)
    let digits = bytes.prefix(max(0, count)).prefix { $0 >= 48 && $0 <= 57 }
    return digits.isEmpty ? "another process" : "process \(String(decoding: digits, as: UTF8.self))"
  }

  private static func systemMessage(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
}
