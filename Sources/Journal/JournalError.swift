/// A failure of the store, told so that the operator knows what to do and the runner whether to try again.

package struct JournalError: Error, Sendable, Equatable {
  /// The store's path.
  package var path: String
  package var problem: Problem

  package enum Problem: Sendable, Equatable {
    /// A reader was given a path where nothing is.
    case missing
    /// The file or its directory cannot be opened or created.
    case cannotOpen(String)
    /// Another process serves with this store.
    case inUse(by: String)
    /// A database, but of another program.
    case foreign
    /// Written by a newer version.
    case newerFormat
    /// A reader was given a store of an older version.
    case olderFormat
    /// Not a database any more, or its content is not what was written.
    case damaged(String)
    /// The file was moved, replaced or deleted while in use.
    case moved
    /// No space left.
    case full
    /// Another connection kept its lock for longer than the busy time-out.
    case locked
    case readOnly
    /// The disk has not answered in time; whether it did what it was asked is not known yet.
    case stalled
    case inputOutput(String)
    /// A decision that does not continue its rollout's journal.
    case outOfOrder(rollout: String, seq: Int, expected: Int)
    /// A checkpoint that presumes a decision which is not journaled.
    case checkpointAhead(rollout: String, seq: Int, last: Int)
    case checkpointTooLarge(bytes: Int, limit: Int)
    case accountsTooLarge(bytes: Int, limit: Int)
    /// All that has no name above; a fault of Crossfade.
    case unexpected(String)
  }

  package init(path: String, problem: Problem) {
    self.path = path
    self.problem = problem
  }

  /// Whether the same call may succeed later with the store left as it is.
  package var isTransient: Bool {
    switch problem {
    case .full, .locked, .stalled, .inputOutput: true
    default: false
    }
  }
}

extension JournalError: CustomStringConvertible {
  /// The failure in words: what, where, what to do.
  package var description: String { "store \(path): \(what)" }

  var what: String {
    switch problem {
    case .missing: "there is no such file; give the path that crossfade run was started with as --store"
    case .cannotOpen(let detail): "cannot be opened (\(detail)); check the directory and its permissions"
    case .inUse(let owner): "is in use by \(owner); stop it first, or give each rollout its own --store"
    case .foreign: "is the database of another program; give another --store"
    case .newerFormat: "was written by a newer crossfade; use that version, or give another --store"
    case .olderFormat: "was written by an older crossfade; crossfade run brings it up to date"
    case .damaged(let detail):
      "is damaged (\(detail)); crossfade verify shows how far it can be trusted. Restore a backup, its -mark with it, or "
        + "let crossfade rearm take it as it is: the rollback that this journals, and then the stage you name, follow it"
    case .moved: "was moved, replaced or deleted while in use; put it back and restart crossfade"
    case .full: "no space is left on its disk; free some"
    case .locked: "is locked by another program; end what holds it open for writing"
    case .readOnly: "cannot be written; check that the file, its directory and the disk are writable"
    case .stalled: "its disk does not answer; see what holds it up"
    case .inputOutput(let detail): "its disk failed to read or write (\(detail)); check it and the space left on it"
    case .outOfOrder(let rollout, let seq, let expected):
      "decision \(seq) of \(rollout) refused: the next is \(expected)"
    case .checkpointAhead(let rollout, let seq, let last):
      "checkpoint of \(rollout) refused: it presumes decision \(seq), the last is \(last)"
    case .checkpointTooLarge(let bytes, let limit):
      "checkpoint of \(bytes) bytes refused: at most \(limit) are kept"
    case .accountsTooLarge(let bytes, let limit):
      "accounts of \(bytes) bytes refused: at most \(limit) are kept"
    case .unexpected(let detail): "unexpected: \(detail)"
    }
  }
}
