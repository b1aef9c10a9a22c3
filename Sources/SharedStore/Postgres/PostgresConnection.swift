/// One connection to a PostgreSQL: statements go out together, as one transaction, and nobody waits beyond a deadline.

import CPostgres

/// Used by one thread at a time. What is late or broken is closed and never used again: no request to cancel is sent, since
/// that would wait for the same server; the statement's own time-out ends it there.
struct PostgresConnection: ~Copyable {
  private let handle: OpaquePointer
  private let address: SharedStoreAddress
  private(set) var isBroken = false

  private init(_ handle: OpaquePointer, _ address: SharedStoreAddress) {
    self.handle = handle
    self.address = address
  }

  deinit { crossfade_pg_finish(handle) }

  /// - Parameter writes: Whether a server that only reads is passed over, such as one that has become a standby.
  /// - Throws: `unreachable`, `stalled`. A name is looked up without regard to the deadline.
  static func open(
    _ address: SharedStoreAddress, writes: Bool, by deadline: ContinuousClock.Instant
  ) throws(SharedStoreError) -> PostgresConnection {
    guard let handle = crossfade_pg_start(address.url, writes ? "read-write" : "any") else {
      throw SharedStoreError(address.description, .unexpected("no memory for a connection"))
    }
    let connection = PostgresConnection(handle, address)
    try connection.shakeHands(by: deadline)
    return connection
  }

  private func shakeHands(by deadline: ContinuousClock.Instant) throws(SharedStoreError) {
    guard crossfade_pg_is_alive(handle) else { throw lost() }
    var polling = CROSSFADE_PG_WRITING
    while polling != CROSSFADE_PG_OPEN {
      switch crossfade_pg_wait(
        handle, polling == CROSSFADE_PG_READING, polling == CROSSFADE_PG_WRITING, Self.milliseconds(until: deadline))
      {
      case CROSSFADE_PG_READY: polling = crossfade_pg_poll(handle)
      case CROSSFADE_PG_LATE: throw SharedStoreError(address.description, .stalled)
      default: throw lost()
      }
      if polling == CROSSFADE_PG_FAILED { throw lost() }
    }
    guard crossfade_pg_prepare(handle) else { throw lost() }
  }

  /// All of them happen or none does.
  ///
  /// - Returns: the rows of each.
  /// - Throws: `refused`, and the connection is as good as before; `stalled`, `unreachable`.
  mutating func perform(
    _ statements: [PostgresStatement], by deadline: ContinuousClock.Instant
  ) throws(SharedStoreError) -> [[PostgresRow]] {
    do throws(SharedStoreError) {
      for statement in statements { try send(statement) }
      guard crossfade_pg_sync(handle) else { throw lost() }
      return try read(statements.count, by: deadline)
    } catch {
      // A refusal is read to its end; after anything else it is not known what comes next.
      if case .refused = error.problem {} else { isBroken = true }
      throw error
    }
  }

  private func send(_ statement: PostgresStatement) throws(SharedStoreError) {
    var storage: [UInt8] = []
    let places: [(start: Int, length: Int)?] = statement.values.map { value in
      guard let octets = value.octets else { return nil }
      defer { storage += octets + [0] }
      return (storage.count, octets.count)
    }
    let isSent = storage.withUnsafeBytes { bytes in
      let base = bytes.bindMemory(to: CChar.self).baseAddress
      let pointers = places.map { place in place.flatMap { place in base.map { $0 + place.start } } }
      return crossfade_pg_send(
        handle, statement.sql, Int32(places.count), pointers, places.map { Int32($0?.length ?? 0) },
        statement.values.map { $0.isBinary ? 1 : 0 })
    }
    guard isSent else { throw lost() }
  }

  private func read(_ count: Int, by deadline: ContinuousClock.Instant) throws(SharedStoreError) -> [[PostgresRow]] {
    var found: [[PostgresRow]] = []
    var refusal: SharedStoreError?
    while true {
      try awaitAnswer(by: deadline)
      // Between two statements' results there is none.
      guard let result = crossfade_pg_next(handle) else { continue }
      defer { crossfade_pg_clear(result) }
      switch crossfade_pg_status_of(result) {
      case CROSSFADE_PG_DONE, CROSSFADE_PG_ROWS: found.append(Self.rows(result))
      case CROSSFADE_PG_REFUSED: refusal = refusal ?? self.refusal(result)
      case CROSSFADE_PG_SKIPPED: break
      case CROSSFADE_PG_SYNCED:
        if let refusal { throw refusal }
        guard found.count == count else {
          throw SharedStoreError(address.description, .unexpected("\(found.count) answers to \(count) statements"))
        }
        return found
      default: throw SharedStoreError(address.description, .unexpected("an answer of another kind"))
      }
      // What the server says before it closes the connection is no refusal of the statement.
      if !crossfade_pg_is_alive(handle) { throw lost() }
    }
  }

  private func awaitAnswer(by deadline: ContinuousClock.Instant) throws(SharedStoreError) {
    while true {
      let unsent = crossfade_pg_flush(handle)
      guard unsent >= 0 else { throw lost() }
      if unsent == 0, !crossfade_pg_is_busy(handle) { return }
      switch crossfade_pg_wait(handle, true, unsent > 0, Self.milliseconds(until: deadline)) {
      case CROSSFADE_PG_READY:
        // A socket that is only ready for more to be sent has nothing to read, which is no failure.
        guard crossfade_pg_consume(handle) else { throw lost() }
      case CROSSFADE_PG_LATE: throw SharedStoreError(address.description, .stalled)
      default: throw lost()
      }
    }
  }

  private func refusal(_ result: OpaquePointer) -> SharedStoreError {
    let state = crossfade_pg_state(result).map { String(cString: $0) }
    let reason = crossfade_pg_reason(result).map { String(cString: $0) } ?? "no reason given"
    // Without a state it is libpq's own, about the connection.
    guard let state else { return lost() }
    return SharedStoreError(address.description, .refused(state: state, address.shown(reason)))
  }

  private static func rows(_ result: OpaquePointer) -> [PostgresRow] {
    let columns = (0..<crossfade_pg_column_count(result)).map { String(cString: crossfade_pg_column_name(result, $0)) }
    return (0..<crossfade_pg_row_count(result)).map { row in
      PostgresRow(
        columns: columns,
        values: columns.indices.map { column in
          var length: Int32 = 0
          guard let value = crossfade_pg_value(result, row, Int32(column), &length) else { return nil }
          return String(decoding: UnsafeRawBufferPointer(start: value, count: Int(length)), as: UTF8.self)
        })
    }
  }

  private func lost() -> SharedStoreError {
    let message = address.shown(String(cString: crossfade_pg_message(handle)))
    return SharedStoreError(address.description, .unreachable(message.isEmpty ? "the connection was closed" : message))
  }

  /// 0 where it has passed; rounded up, so that nobody wakes just before it.
  private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
    let left = ContinuousClock.now.duration(to: deadline)
    guard left > .zero else { return 0 }
    let (seconds, attoseconds) = left.components
    return Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
  }
}
