/// Whether the store is still the one that was written: asked when it is opened and while it is in use.

import GRDB
import RolloutJudge

extension Journal {
  /// - Returns: Bytes of the log that SQLite will pass over.
  /// - Throws: `damaged`.
  @discardableResult
  static func checkBeforeOpening(_ path: String, _ reading: MarkFile.Reading) throws(JournalError) -> Int {
    let log = LogInspection(path: path + "-wal")
    let exists = StoreFile.size(path) > 0
    if let damage = StoreVerdict.beforeOpening(mark: reading, log: log, exists: exists) {
      throw JournalError(path: path, problem: .damaged(damage))
    }
    if case .broken(let bytes) = log.tail { return bytes }
    return 0
  }

  /// - Throws: `damaged` where the journal is behind its mark, or has lost it.
  static func check(_ store: JournalStore, against reading: MarkFile.Reading) throws(JournalError) {
    if reading == .absent, try JournalSchema.isMarked(store) {
      throw store.error(.damaged("its mark, the file beside it ending in -mark, is gone"))
    }
    guard let mark = reading.mark else { return }
    if let damage = try behind(mark, store) { throw store.error(.damaged(damage)) }
  }

  private static func behind(_ mark: StoreMark, _ store: JournalStore) throws(JournalError) -> String? {
    let reader = JournalReader(store: store)
    return try StoreVerdict.behind(mark) { rollout, seq throws(JournalError) in try reader.seal(rollout, seq) }
  }

  /// Looks whether somebody's hands were at the store; cheap, so that it can be asked every second.
  ///
  /// - Returns: whether the mark had been taken away and was written again.
  /// - Throws: `damaged`, which the mark then remembers; `moved`.
  package func checkWhole() throws(JournalError) -> Bool {
    do throws(JournalError) {
      // First of all: where the store itself is gone, the mark is what tells the next start.
      let isRestored = try mark.restoreIfGone()
      switch try file.change() {
      case .none: break
      case .touched: try checkContent()
      case .damaged(let what): throw store.error(.damaged(what))
      }
      return isRestored
    } catch {
      if case .damaged(let what) = error.problem {
        do { try mark.update { $0.damage = what } } catch { /* It is said all the same. */  }
      }
      throw error
    }
  }

  /// Through a connection of its own, which has nothing of it in memory.
  private func checkContent() throws(JournalError) {
    do throws(JournalError) {
      let fresh = try JournalStore(path: file.path, access: .read, busyTimeout: .milliseconds(50))
      if let damage = try Self.behind(mark.mark, fresh) {
        throw store.error(.damaged("it was changed by another program while in use: \(damage)"))
      }
      file.remember()
    } catch {
      switch error.problem {
      case .locked: break
      case .cannotOpen(let detail), .unexpected(let detail), .inputOutput(let detail):
        throw store.error(.damaged("it was changed by another program while in use: \(detail)"))
      default: throw error
      }
    }
  }

  /// The mark that goes with a store: its own, else what the journal itself says.
  static func firstMark(
    _ store: JournalStore, _ reading: MarkFile.Reading, accepting: Bool
  ) throws(JournalError) -> StoreMark {
    if let mark = reading.mark, !accepting { return mark }
    var mark = StoreMark()
    for decision in try JournalReader(store: store).decisions() {
      mark.note(decision, seal: try DecisionRow.seal(of: decision, in: store))
    }
    if accepting {
      mark.pending = reading.mark?.pending ?? []
      mark.damage = "it was damaged and is being taken as it is"
    }
    return mark
  }

  /// The decisions that the mark kept while the journal could not are journaled first of all.
  func journalPending(accepting: Bool) throws(JournalError) {
    for decision in mark.mark.pending.map(\.decision) {
      do throws(JournalError) {
        try append(decision)
      } catch {
        guard case .outOfOrder = error.problem else { throw error }
        guard accepting else {
          throw store.error(.damaged("its mark keeps decision \(decision.seq) of \(decision.rollout): \(error.what)"))
        }
      }
    }
    if accepting { try mark.update { $0.pending = [] } }
  }

  /// A person has decided, and what was decided is journaled: from here on the store is whole again.
  package func settle() throws(JournalError) { try mark.update { $0.damage = nil } }

  /// Takes a store as it is, for a person who has looked at it. One that cannot be read is put aside, under a name that
  /// says so, and a new one begun.
  ///
  /// - Throws: what `init` does but `damaged`.
  package static func accept(path: String, busyTimeout: Duration = .seconds(5)) throws(JournalError) -> Journal {
    do throws(JournalError) {
      let journal = try Journal(path: path, busyTimeout: busyTimeout, accepting: true)
      do throws(JournalError) {
        _ = try journal.decisions()
        return journal
      } catch {
        try journal.close()
        throw error
      }
    } catch {
      guard case .damaged = error.problem else { throw error }
      try StoreFile.putAside(path)
      return try Journal(path: path, busyTimeout: busyTimeout, accepting: true)
    }
  }
}
