/// One connection to the store, and the one place where SQLite's failures become the journal's.

import GRDB
import RolloutJudge

/// Opened by `Journal` for writing, by `JournalReader` for reading.
package struct JournalStore: Sendable {
  let path: String
  let queue: DatabaseQueue

  /// - Parameter access: Readers never create, change or lock the store.
  init(path: String, access: Access, busyTimeout: Duration) throws(JournalError) {
    var configuration = Configuration()
    configuration.readonly = access == .read
    configuration.busyMode = .timeout(busyTimeout.milliseconds / 1000)
    configuration.label = "crossfade.journal"
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA trusted_schema = OFF")
      // Elsewhere than on Apple's systems this changes nothing.
      try db.execute(sql: "PRAGMA fullfsync = ON")
    }
    self.path = path
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
    } catch {
      throw JournalError(path: path, failure: error)
    }
  }

  enum Access: Sendable { case read, write }

  func run<Value>(_ body: (DatabaseQueue) throws -> Value) throws(JournalError) -> Value {
    do {
      return try body(queue)
    } catch {
      throw JournalError(path: path, failure: error)
    }
  }

  /// For `throw` inside of `run`.
  func error(_ problem: JournalError.Problem) -> JournalError { JournalError(path: path, problem: problem) }
}

extension JournalError {
  init(path: String, failure: any Error) {
    switch failure {
    case let known as JournalError: self = known
    case let failure as DatabaseError: self.init(path: path, problem: Problem(failure))
    case is DecodingError, is RowDecodingError, is RowMismatch: self.init(path: path, problem: .damaged("\(failure)"))
    default: self.init(path: path, problem: .unexpected("\(failure)"))
    }
  }
}

extension JournalError.Problem {
  /// The problem by SQLite's result codes (sqlite.org/rescode.html). The message never holds statement arguments.
  init(_ failure: DatabaseError) {
    let detail = "\(failure.message ?? "no message"), SQLite \(failure.extendedResultCode.rawValue)"
    switch failure.resultCode {
    case .SQLITE_FULL: self = .full
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked
    case .SQLITE_READONLY where failure.extendedResultCode == .SQLITE_READONLY_DBMOVED: self = .moved
    case .SQLITE_READONLY: self = .readOnly
    case .SQLITE_IOERR: self = .inputOutput(detail)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(detail)
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: self = .cannotOpen(detail)
    default: self = .unexpected(detail)
    }
  }
}
