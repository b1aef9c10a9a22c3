/// Remembers for a fleet: one rollout of many processes, in a PostgreSQL that they share.

package import RolloutJudge
package import RolloutSteering

/// Calls block, so they are made on a thread of the store's own. Each is one short transaction within a limit, at the server
/// and here, and leaves nothing behind in its session, so that it works through a pooler that hands sessions around.
package final class SharedStore: Sendable {
  let session: StoreSession
  let memory = DecisionMemory()

  /// Connects with the first call.
  ///
  /// - Parameter isReader: For the commands that only look: a standby is good enough.
  package init(_ address: SharedStoreAddress, isReader: Bool = false) {
    session = StoreSession(address, isReader: isReader)
  }

  /// Without its secrets.
  package var address: String { session.address.description }

  /// Beyond it a call gives up. A caller that cannot wait so long leaves earlier.
  enum Limit {
    static let pulse = Duration.seconds(2)
    static let decision = Duration.seconds(2)
    static let evidence = Duration.seconds(5)
    static let reading = Duration.seconds(10)
    static let pruning = Duration.seconds(5)
  }

  func perform(
    _ statements: [PostgresStatement], within limit: Duration, _ durability: StoreSession.Durability = .certain
  ) throws(StoreFault) -> [[PostgresRow]] {
    do throws(SharedStoreError) {
      return try session.perform(statements, within: limit, durability)
    } catch {
      throw StoreFault(error)
    }
  }

  func fault(_ problem: SharedStoreError.Problem) -> StoreFault { StoreFault(SharedStoreError(address, problem)) }

  /// A value that a row must have: a table of ours that lacks it is not as it was written.
  func required<Value>(_ value: Value?, _ what: String) throws(StoreFault) -> Value {
    guard let value else { throw fault(.damaged("\(what) cannot be read")) }
    return value
  }
}

extension SharedStore: FleetStore {
  /// There is no log that could hide a decision: what the server has said is kept, it keeps.
  package func fold() throws(StoreFault) -> Bool { true }

  package func check() throws(StoreFault) -> Bool {
    for rollout in memory.rollouts {
      let answer = try perform(
        [PostgresStatement("SELECT last_seq FROM crossfade.rollout WHERE name = $1", [.text(rollout)])],
        within: Limit.decision)
      try remind(rollout, of: Int(answer.first?.first?.integer("last_seq") ?? 0))
    }
    return false
  }

  package func keepBeside(_ decision: Decision) throws(StoreFault) {
    throw fault(.nowhere(rollout: decision.rollout, seq: decision.seq))
  }

  /// A person has decided, and what was decided is appended: nothing is marked as damaged here.
  package func settle() throws(StoreFault) {}

  package func close() throws(StoreFault) { session.close() }
}
