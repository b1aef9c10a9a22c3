/// A failure of the shared store, told so that the operator knows what to do; no password is ever in its words.

import RolloutSteering

package struct SharedStoreError: Error, Sendable, Equatable {
  /// The store's address without its secrets.
  package var address: String
  package var problem: Problem

  package enum Problem: Sendable, Equatable {
    case noLibrary(String)
    /// Not an address that libpq understands, and why.
    case badAddress(String)
    /// No connection, or a lost one.
    case unreachable(String)
    /// It has not answered in time; whether it did what it was asked is not known.
    case stalled
    /// The server's own refusal.
    case refused(state: String, String)
    /// The role may not create the tables.
    case mayNotCreate(role: String)
    /// The role may not use the tables.
    case mayNotUse(role: String, String)
    /// The tables are not there.
    case notMigrated
    /// Written by a newer version.
    case newerFormat(Int)
    case wrongEncoding(String)
    /// Its content is not what was written.
    case damaged(String)
    case outOfOrder(rollout: String, seq: Int, expected: Int)
    case checkpointAhead(rollout: String, seq: Int, last: Int)
    case tooLarge(String, bytes: Int, limit: Int)
    /// A copy into a fleet's store that knows the rollout already.
    case alreadyThere(rollout: String)
    /// A decision that cannot be appended, and for which there is no room beside the store.
    case nowhere(rollout: String, seq: Int)
    case closed
    /// All that has no name above; a fault of Crossfade.
    case unexpected(String)
  }

  package init(_ address: String, _ problem: Problem) {
    self.address = address
    self.problem = problem
  }

  /// Whether the same call may succeed later with the store left as it is.
  package var isTransient: Bool {
    switch problem {
    case .unreachable, .stalled: true
    case .refused(let state, _): PostgresState.passing.contains(String(state.prefix(2)))
    default: false
    }
  }
}

extension SharedStoreError: CustomStringConvertible {
  /// The failure in words: what, where, what to do.
  package var description: String { "store \(address): \(what)" }

  private var what: String {
    switch problem {
    case .noLibrary(let detail):
      "needs libpq, which is not installed (\(detail)); Debian has it in libpq5: apt-get install libpq5"
    case .badAddress(let detail): "is not an address of a PostgreSQL (\(detail)); \(Self.addressForm)"
    case .unreachable(let detail): "cannot be reached (\(detail))"
    case .stalled: "does not answer in time; see what holds it up"
    case .refused(let state, let detail): "refuses (\(detail), SQLSTATE \(state))"
    case .mayNotCreate(let role):
      "the role \(role) may not create its tables; let an owner of the database run: "
        + "crossfade migrate --store postgres://OWNER@HOST/DATABASE --grant \(role)"
    case .mayNotUse(let role, let detail):
      "the role \(role) may not use its tables (\(detail)); let their owner run: "
        + "crossfade migrate --store postgres://OWNER@HOST/DATABASE --grant \(role)"
    case .notMigrated: "has no tables of this version yet; run: crossfade migrate --store with this address"
    case .newerFormat(let number):
      "was written by a newer crossfade (step \(number) of its tables); use that version, or give another --store"
    case .wrongEncoding(let encoding): "its database is encoded in \(encoding); create one in UTF8"
    case .damaged(let detail):
      "is damaged (\(detail)); restore what is missing, or let crossfade rearm take it as it is"
    case .outOfOrder(let rollout, let seq, let expected):
      "decision \(seq) of \(rollout) refused: the next is \(expected)"
    case .checkpointAhead(let rollout, let seq, let last):
      "checkpoint of \(rollout) refused: it presumes decision \(seq), the last is \(last)"
    case .tooLarge(let what, let bytes, let limit): "\(what) of \(bytes) bytes refused: at most \(limit) are kept"
    case .alreadyThere(let rollout):
      "has decisions of \(rollout) already, and a copy would be another past; give an empty store"
    case .nowhere(let rollout, let seq):
      "decision \(seq) of \(rollout) is kept nowhere until it can be reached: there is no file beside a shared store"
    case .closed: "is closed"
    case .unexpected(let detail): "unexpected: \(detail)"
    }
  }

  private static let addressForm =
    "write postgres://USER@HOST:PORT/DATABASE?sslmode=verify-full, and what has a meaning in an address as %40 (@), "
    + "%2F (/), %3A (:) or %3F (?); the password better in PGPASSWORD or a password file"
}

extension StoreFault {
  package init(_ error: SharedStoreError) {
    switch error.problem {
    case .stalled: self.init(.stalled, error.description)
    case .damaged(let detail): self.init(.damaged(detail), error.description)
    default: self.init(.other, error.description)
    }
  }
}

/// PostgreSQL's error codes that Crossfade tells apart (postgresql.org/docs/current/errcodes-appendix.html).
enum PostgresState {
  static let tooManyConnections = "53300"
  static let mayNot = "42501"
  static let readOnly = "25006"
  static let noTable = "42P01"
  static let noSchema = "3F000"
  static let canceled = "57014"
  static let lockTimedOut = "55P03"
  /// What another one has created meanwhile: a table, a schema, a row, a function or a type.
  static let duplicates: Set<String> = ["42P07", "42P06", "23505", "42723", "42710"]
  /// Classes of what passes by itself: lost connections, transactions that met, resources, a person's or a shutdown's
  /// intervention.
  static let passing: Set<String> = ["08", "40", "53", "55", "57", "25"]
}
