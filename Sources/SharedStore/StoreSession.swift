/// The way to a shared store: connects when there is something to say, and again when the connection is lost.

import RolloutJudge
import Synchronization

/// Every call is one short transaction with settings of its own, so that nothing is left behind in a session that a pooler
/// gives to somebody else. Calls block, and concurrent ones take turns.
final class StoreSession: Sendable {
  let address: SharedStoreAddress
  private let isReader: Bool
  private let state = Mutex(State())

  private struct State: ~Copyable {
    var connection: PostgresConnection?
    var backoff = Backoff()
    /// Whether each call has a connection of its own: until it is known that the server has room for all replicas, so that a
    /// fleet that starts at once does not fill it.
    var isBrief = true
    var isClosed = false

    var hasConnection: Bool {
      switch connection {
      case .some: true
      case .none: false
      }
    }
  }

  /// The server is to say first that something took too long: the connection then stays good.
  private static let grace = Duration.milliseconds(250)

  init(_ address: SharedStoreAddress, isReader: Bool = false) {
    self.address = address
    self.isReader = isReader
  }

  /// How sure the server must be that what it has answered survives its own end.
  enum Durability: Sendable {
    case certain
    /// The last moments may be lost.
    case soon
  }

  /// All of the statements happen, or none. After a connection that was lost while idle they are sent again: each may
  /// have happened already, and must be one that may happen twice.
  ///
  /// - Parameter limit: of each statement at the server, and, with a little grace, of all of them here, a connection
  ///   included.
  /// - Returns: the rows of each.
  func perform(
    _ statements: [PostgresStatement], within limit: Duration, _ durability: Durability = .certain
  ) throws(SharedStoreError) -> [[PostgresRow]] {
    do throws(SharedStoreError) {
      return try attempt(statements, within: limit, durability)
    } catch {
      throw named(error)
    }
  }

  /// The same, with the server's refusals as they are.
  func attempt(
    _ statements: [PostgresStatement], within limit: Duration, _ durability: Durability = .certain
  ) throws(SharedStoreError) -> [[PostgresRow]] {
    try state.withLock { state throws(SharedStoreError) in
      let deadline = ContinuousClock.now + limit + Self.grace
      let all = [Self.settings(limit, durability)] + statements
      let isFresh = !state.hasConnection
      do throws(SharedStoreError) {
        return Array(try perform(all, &state, by: deadline).dropFirst())
      } catch {
        guard case .unreachable = error.problem, !isFresh else { throw error }
      }
      return Array(try perform(all, &state, by: deadline).dropFirst())
    }
  }

  /// - Parameter isBrief: Whether each call has a connection of its own from now on.
  func became(brief isBrief: Bool) { state.withLock { $0.isBrief = isBrief } }

  func close() {
    state.withLock { state in
      state.isClosed = true
      state.connection = nil
    }
  }

  private func perform(
    _ statements: [PostgresStatement], _ state: inout State, by deadline: ContinuousClock.Instant
  ) throws(SharedStoreError) -> [[PostgresRow]] {
    guard !state.isClosed else { throw SharedStoreError(address.description, .closed) }
    var connection = try connection(&state, by: deadline)
    do throws(SharedStoreError) {
      let rows = try connection.perform(statements, by: deadline)
      if !state.isBrief { state.connection = consume connection }
      return rows
    } catch {
      // A server that has become a standby refuses to write on every connection that it had.
      var isUsable = !connection.isBroken && !state.isBrief
      if case .refused(PostgresState.readOnly, _) = error.problem { isUsable = false }
      if isUsable { state.connection = consume connection }
      throw error
    }
  }

  private func connection(
    _ state: inout State, by deadline: ContinuousClock.Instant
  ) throws(SharedStoreError) -> PostgresConnection {
    if let connection = state.connection.take() { return connection }
    let now = ContinuousClock.now
    if let fault = state.backoff.fault, !state.backoff.isOver(at: now) { throw fault }
    do throws(SharedStoreError) {
      let connection = try PostgresConnection.open(address, writes: !isReader, by: deadline)
      state.backoff.succeeded()
      return connection
    } catch {
      state.backoff.failed(error, at: now, draw: Double.random(in: 0...1))
      throw error
    }
  }

  /// As the address names it; libpq may have another from elsewhere.
  var role: String { PostgresLibrary.option("user", of: address.url) ?? "ROLE" }

  /// The refusals whose cure is known.
  func named(_ error: SharedStoreError) -> SharedStoreError {
    guard case .refused(let state, let detail) = error.problem else { return error }
    return switch state {
    case PostgresState.canceled, PostgresState.lockTimedOut: SharedStoreError(error.address, .stalled)
    case PostgresState.noTable, PostgresState.noSchema: SharedStoreError(error.address, .notMigrated)
    case PostgresState.mayNot: SharedStoreError(error.address, .mayNotUse(role: role, detail))
    default: error
    }
  }

  /// For this transaction only. Names are never looked for where somebody else may have put functions; a client that has stopped
  /// halfway keeps its locks no longer than anybody waits.
  private static func settings(_ limit: Duration, _ durability: Durability) -> PostgresStatement {
    PostgresStatement(
      """
      SELECT set_config('search_path', 'pg_catalog, pg_temp', true), set_config('statement_timeout', $1, true),
        set_config('lock_timeout', $1, true), set_config('idle_in_transaction_session_timeout', $1, true),
        set_config('synchronous_commit', CASE WHEN $2 THEN 'off'
          WHEN current_setting('synchronous_commit') IN ('off', 'local') THEN 'on'
          ELSE current_setting('synchronous_commit') END, true)
      """, [.text(String(Int(max(limit.milliseconds, 1)))), .flag(durability == .soon)])
  }
}
