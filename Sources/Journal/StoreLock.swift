/// One writer to a store: by the name beside it, and by the file itself, whatever name leads there.

import Foundation

#if canImport(Darwin)
  private let getLock: Int32 = 92
  private let setLock: Int32 = 90
#else
  private let getLock: Int32 = 36
  private let setLock: Int32 = 37
#endif

/// The lock beside the store names its holder and is what older versions hold. The lock on the file holds through hard
/// links, and when the one beside it was cleaned away. It is one of an open file description (`F_OFD_SETLK`), which
/// SQLite's own, per process and far from these bytes, neither meets nor lets go of.
struct StoreLock {
  private var beside: Int32
  private var file: Int32 = -1

  private static let firstByte: off_t = 0x6000_0000
  /// Greater than any process id.
  private static let maxProcess: off_t = 1 << 23

  init(beside path: String) throws(JournalError) {
    beside = try Self.acquire(path)
  }

  /// - Throws: `inUse`, `readOnly`, `cannotOpen`.
  mutating func holdFile(_ path: String) throws(JournalError) {
    let file = open(path, O_RDWR | O_CLOEXEC)
    guard file >= 0 else { throw StoreFile.failure(path, exists: true) }
    var lock = Self.range(Self.firstByte, 1)
    guard fcntl(file, setLock, &lock) == 0 else {
      let code = errno
      let holder = Self.holder(of: file)
      close(file)
      if code == EAGAIN || code == EACCES { throw JournalError(path: path, problem: .inUse(by: holder)) }
      // A disk without such locks: the one beside has to do.
      return
    }
    // Where it is held says by whom, to a process that finds it so.
    var name = Self.range(Self.firstByte + 1 + off_t(getpid()), 1)
    _ = fcntl(file, setLock, &name)
    self.file = file
  }

  mutating func release() {
    if file >= 0 { close(file) }
    if beside >= 0 { close(beside) }
    (file, beside) = (-1, -1)
  }

  private static func range(_ start: off_t, _ count: off_t) -> flock {
    var lock = flock()
    lock.l_type = Int16(truncatingIfNeeded: Int(F_WRLCK))
    lock.l_whence = Int16(truncatingIfNeeded: Int(SEEK_SET))
    (lock.l_start, lock.l_len) = (start, count)
    return lock
  }

  private static func holder(of file: Int32) -> String {
    var lock = range(firstByte + 1, maxProcess)
    guard fcntl(file, getLock, &lock) == 0, lock.l_type != Int16(truncatingIfNeeded: Int(F_UNLCK)) else {
      return "another process"
    }
    return "process \(lock.l_start - firstByte - 1)"
  }

  /// The lock file stays when the process ends: deleting it would let two processes hold locks on two files of one
  /// name.
  private static func acquire(_ path: String) throws(JournalError) -> Int32 {
    var file = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    let code = errno
    if file < 0, code == EROFS || code == EACCES { file = open(path + ".lock", O_RDONLY | O_CLOEXEC) }
    guard file >= 0 else { throw StoreFile.failure(path, code, exists: StoreFile.exists(path)) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      let (code, holder) = (errno, holder(file))
      close(file)
      if code == EWOULDBLOCK { throw JournalError(path: path, problem: .inUse(by: holder)) }
      throw StoreFile.failure(path, code, exists: StoreFile.exists(path))
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
}
