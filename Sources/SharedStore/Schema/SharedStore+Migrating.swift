/// Brings the tables up to date; many replicas may begin at once.

extension SharedStore {
  /// How long a step may take; those that come later wait for the former to end.
  private static let stepLimit = Duration.seconds(60)

  /// Creates the tables, or adds the steps that are missing.
  ///
  /// - Returns: the steps that were added by this call.
  /// - Throws: `mayNotCreate`, `newerFormat`, `wrongEncoding`, or what the server says.
  @discardableResult
  package func migrate() throws(SharedStoreError) -> [Int] {
    var added: [Int] = []
    while case let present = try steps(), present < SharedSchema.steps.count {
      do throws(SharedStoreError) {
        try add(step: present + 1)
        added.append(present + 1)
      } catch {
        // Somebody else was first with this step: all of ours is undone.
        guard case .refused(let state, _) = error.problem, PostgresState.duplicates.contains(state) else { throw error }
      }
    }
    return added
  }

  /// Lets a role do what `run` does; only an owner can.
  package func grant(to role: String) throws(SharedStoreError) {
    _ = try session.perform(SharedSchema.grants(to: role).map { PostgresStatement($0) }, within: Self.stepLimit)
  }

  /// For those that begin to use it.
  ///
  /// - Throws: `notMigrated` where tables or steps are missing, `newerFormat`, `wrongEncoding`.
  package func requireTables() throws(SharedStoreError) {
    guard try steps() == SharedSchema.steps.count else {
      throw SharedStoreError(session.address.description, .notMigrated)
    }
  }

  /// The number of steps that the tables have; 0: there are none.
  private func steps() throws(SharedStoreError) -> Int {
    let address = session.address.description
    let found = try session.perform(
      [
        PostgresStatement(
          """
          SELECT current_setting('server_encoding') AS encoding,
            to_regclass('crossfade.migration') IS NOT NULL AS is_there
          """)
      ], within: Self.stepLimit)
    guard let row = found.first?.first else { throw SharedStoreError(address, .unexpected("no answer")) }
    let encoding = row.text("encoding") ?? ""
    guard encoding == "UTF8" else { throw SharedStoreError(address, .wrongEncoding(encoding)) }
    guard row.flag("is_there") else { return 0 }
    let numbers = try session.perform(
      [PostgresStatement("SELECT max(number) AS number FROM crossfade.migration")], within: Self.stepLimit)
    let number = Int(numbers.first?.first?.integer("number") ?? 0)
    guard number <= SharedSchema.steps.count else { throw SharedStoreError(address, .newerFormat(number)) }
    return number
  }

  private func add(step number: Int) throws(SharedStoreError) {
    let statements =
      // One after the other, without a lock that would outlive the transaction.
      ["SELECT pg_advisory_xact_lock(6360564)"] + SharedSchema.steps[number - 1]
    do throws(SharedStoreError) {
      _ = try session.attempt(
        statements.map { PostgresStatement($0) }
          + [PostgresStatement("INSERT INTO crossfade.migration (number) VALUES ($1)", [.integer(number)])],
        within: Self.stepLimit)
    } catch {
      guard case .refused(PostgresState.mayNot, _) = error.problem else { throw error }
      throw SharedStoreError(error.address, .mayNotCreate(role: session.role))
    }
  }
}
