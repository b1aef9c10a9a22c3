/// The store's file on disk: created readable by its owner only, held by one process, noticed when it is taken away.

import Foundation
import Synchronization

/// Held for the life of a `Journal`; the system lets go of it when the process ends, however it ends.
final class StoreFile: Sendable {
  /// With symbolic links resolved, so that one file has one lock.
  let path: String
  private let locks: Mutex<StoreLock?>
  private let seen: Mutex<Seen>

  /// How the file and its log looked when they were last found in order.
  private struct Seen {
    var file: Identity
    var log: Identity?
    var size: Int
    var changed: Int64
  }

  /// Creates the file if there is none, and locks it against other processes that would write.
  ///
  /// - Parameter mayCreate: asked, with the lock held, whether a missing file is a new store.
  init(path given: String, mayCreate: (String) throws(JournalError) -> Void) throws(JournalError) {
    let path = Self.resolved(given)
    var lock = try StoreLock(beside: path)
    do throws(JournalError) {
      if !Self.exists(path) { try mayCreate(path) }
      try Self.createIfMissing(path)
      try lock.holdFile(path)
      guard let identity = Identity(path: path) else { throw JournalError(path: path, problem: .moved) }
      seen = Mutex(Seen(file: identity, log: nil, size: 0, changed: 0))
    } catch {
      lock.release()
      throw error
    }
    self.path = path
    locks = Mutex(lock)
  }

  deinit { unlock() }

  func unlock() {
    locks.withLock { lock in
      lock?.release()
      lock = nil
    }
  }

  static func resolved(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

  /// - Throws: `moved` when the path no longer leads to the file that was opened: what is written would be lost.
  func checkInPlace() throws(JournalError) {
    let known = seen.withLock { $0.file }
    guard Identity(path: path) == known else { throw JournalError(path: path, problem: .moved) }
  }

  /// Remembers the file as found in order: from here on a change that is not the journal's own is noticed.
  func remember() {
    seen.withLock { seen in
      seen.log = Identity(path: path + "-wal")
      (seen.size, seen.changed) = Self.look(path)
    }
  }

  enum Change: Equatable {
    case none
    /// Someone has written to the file: worth a look.
    case touched
    /// Something that it cannot do without is gone.
    case damaged(String)
  }

  /// - Throws: `moved`.
  func change() throws(JournalError) -> Change {
    try checkInPlace()
    let seen = seen.withLock { $0 }
    let (size, changed) = Self.look(path)
    if size < seen.size { return .damaged("it was cut from \(seen.size) to \(size) bytes while in use") }
    if let log = seen.log, Identity(path: path + "-wal") != log {
      return .damaged("its log was deleted or replaced while in use")
    }
    return size == seen.size && changed == seen.changed ? .none : .touched
  }

  static func exists(_ path: String) -> Bool { Identity(path: path) != nil }

  static func size(_ path: String) -> Int { look(path).size }

  /// Size, and when it was last written to, in nanoseconds.
  private static func look(_ path: String) -> (size: Int, changed: Int64) {
    var status = stat()
    guard stat(path, &status) == 0 else { return (0, 0) }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return (Int(status.st_size), Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

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
      throw failure(path, exists: false)
    }
    close(file)
    try syncFolder(of: path)
  }

  /// A name must survive a power cut as surely as the content.
  static func syncFolder(of path: String) throws(JournalError) {
    let folder = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { throw failure(path, exists: true) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw failure(path, exists: true) }
  }

  /// Under the first free name, the log with it; the mark stays.
  static func putAside(_ given: String) throws(JournalError) {
    let path = resolved(given)
    var number = 1
    while exists("\(path).damaged-\(number)") { number += 1 }
    for suffix in ["-shm", "-wal", ""] where exists(path + suffix) {
      guard rename(path + suffix, "\(path).damaged-\(number)\(suffix)") == 0 else { throw failure(path, exists: true) }
    }
    try syncFolder(of: path)
  }

  /// The last system call's failure, as the journal says it.
  ///
  /// - Parameters:
  ///   - exists: whether there is a store already: then it cannot be written, else it cannot be made, which is a mistake
  ///     of whoever named it.
  ///   - short: whether less was written than was asked, which only a full disk does.
  static func failure(
    _ path: String, _ code: Int32 = errno, exists: Bool, short: Bool = false
  ) -> JournalError {
    let text = String(cString: strerror(code))
    let problem: JournalError.Problem =
      switch code {
      case _ where short: .full
      case ENOSPC, EDQUOT: .full
      case EROFS where exists, EACCES where exists, EPERM where exists: .readOnly
      case EIO, EMFILE, ENFILE, ENOMEM: .inputOutput(text)
      default: .cannotOpen(text)
      }
    return JournalError(path: path, problem: problem)
  }
}
