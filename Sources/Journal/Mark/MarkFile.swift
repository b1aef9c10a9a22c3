/// The mark on the disk: two copies, written in place one after the other, so that one of them is always whole.

import Foundation
import Synchronization

/// Held for the life of a `Journal`. The room that it takes is taken when it is made: a rollback that finds the disk full
/// is still written here.
final class MarkFile: Sendable {
  private let path: String
  private let state: Mutex<State>

  private struct State {
    var file: Int32
    var identity: StoreFile.Identity?
    var generation: UInt64
    var mark: StoreMark
  }

  static func path(of store: String) -> String { store + "-mark" }

  /// The mark found beside a store.
  enum Reading: Equatable {
    case absent
    /// - isHalf: One of the two copies is not as it was written.
    case whole(StoreMark, generation: UInt64, isHalf: Bool)
    case unreadable(String)

    var mark: StoreMark? {
      if case .whole(let mark, _, _) = self { mark } else { nil }
    }
  }

  static func read(beside store: String) -> Reading {
    let path = path(of: store)
    guard StoreFile.Identity(path: path) != nil else { return .absent }
    guard let data = FileManager.default.contents(atPath: path) else { return .unreadable("it cannot be opened") }
    return read(Array(data.prefix(2 * MarkSlot.bytes)))
  }

  static func read(_ bytes: [UInt8]) -> Reading {
    let slots = [bytes.prefix(MarkSlot.bytes), bytes.dropFirst(MarkSlot.bytes)].map { MarkSlot.decode($0) }
    let whole = slots.compactMap { $0 }
    guard let newest = whole.max(by: { $0.generation < $1.generation }) else {
      return .unreadable("neither of its copies is as it was written")
    }
    return .whole(newest.mark, generation: newest.generation, isHalf: whole.count < 2)
  }

  /// Makes it, with the room that it will ever need, or takes over the one that is there.
  ///
  /// - Throws: `full`, `readOnly`, `inputOutput`.
  init(beside store: String, _ reading: Reading, _ mark: StoreMark) throws(JournalError) {
    path = Self.path(of: store)
    let generation =
      if case .whole(_, let generation, _) = reading { generation } else { UInt64(0) }
    if case .whole(_, _, false) = reading, StoreFile.size(path) == 2 * MarkSlot.bytes {
      let file = open(path, O_RDWR | O_CLOEXEC)
      guard file >= 0 else { throw StoreFile.failure(path, exists: true) }
      state = Mutex(
        State(file: file, identity: StoreFile.Identity(path: path), generation: generation, mark: mark))
    } else {
      let file = try Self.make(path, mark, generation + 1)
      state = Mutex(
        State(file: file, identity: StoreFile.Identity(path: path), generation: generation + 1, mark: mark))
    }
  }

  deinit { state.withLock { _ = close($0.file) } }

  var mark: StoreMark { state.withLock { $0.mark } }

  /// Changes the mark; it is on the disk when this returns.
  ///
  /// - Throws: `inputOutput`, and then the mark is what it was.
  func update(_ change: (inout StoreMark) -> Void) throws(JournalError) {
    try state.withLock { state throws(JournalError) in
      var mark = state.mark
      change(&mark)
      if StoreFile.Identity(path: path) != state.identity {
        // Taken away: a new one, rather than writing where nobody would look.
        let file = try Self.make(path, mark, state.generation + 1)
        close(state.file)
        (state.file, state.identity) = (file, StoreFile.Identity(path: path))
      } else {
        try Self.write(state.file, path, mark, state.generation + 1)
      }
      state.generation += 1
      state.mark = mark
    }
  }

  /// - Returns: whether it had to be made anew.
  func restoreIfGone() throws(JournalError) -> Bool {
    guard state.withLock({ StoreFile.Identity(path: path) != $0.identity }) else { return false }
    try update { _ in }
    return true
  }

  private static func write(
    _ file: Int32, _ path: String, _ mark: StoreMark, _ generation: UInt64
  ) throws(JournalError) {
    let slot = try encode(mark, generation, path)
    for place in 0...1 {
      let count = pwrite(file, slot, slot.count, off_t(place * MarkSlot.bytes))
      guard count == slot.count else { throw StoreFile.failure(path, exists: true, short: count >= 0) }
      // The second is for when the first is damaged; it need not be waited for.
      guard place == 1 || fsync(file) == 0 else { throw StoreFile.failure(path, exists: true) }
    }
  }

  /// Written beside, synced, moved into place: a half-made one is never found.
  private static func make(_ path: String, _ mark: StoreMark, _ generation: UInt64) throws(JournalError) -> Int32 {
    let draft = path + ".new"
    let file = open(draft, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw StoreFile.failure(path, exists: true) }
    do throws(JournalError) {
      try write(file, path, mark, generation)
      guard fsync(file) == 0 else { throw StoreFile.failure(path, exists: true) }
      guard rename(draft, path) == 0 else { throw StoreFile.failure(path, exists: true) }
      try StoreFile.syncFolder(of: path)
    } catch {
      close(file)
      unlink(draft)
      throw error
    }
    return file
  }

  private static func encode(_ mark: StoreMark, _ generation: UInt64, _ path: String) throws(JournalError) -> [UInt8] {
    do {
      return try MarkSlot.encode(mark, generation: generation)
    } catch {
      throw JournalError(path: path, problem: .unexpected("the mark cannot be written down: \(error)"))
    }
  }
}
