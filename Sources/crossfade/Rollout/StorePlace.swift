/// Where a rollout's store is, and how it is opened there.

import Journal
import RolloutSteering

struct StorePlace: Sendable {
  /// As an operator is told of it: a path, or an address without its secrets.
  let name: String
  let open: @Sendable () throws(StoreFault) -> any RolloutStore
  /// Opens a damaged one as it is, because a person says so.
  let accept: @Sendable () throws(StoreFault) -> any RolloutStore

  /// A SQLite file, made where there is none.
  static func file(_ path: String) -> StorePlace {
    StorePlace(
      name: path,
      open: { () throws(StoreFault) in
        try opened { () throws(JournalError) in try Journal(path: path, busyTimeout: busyTimeout) }
      },
      accept: { () throws(StoreFault) in
        try opened { () throws(JournalError) in try Journal.accept(path: path, busyTimeout: busyTimeout) }
      })
  }

  private static let busyTimeout = Duration.milliseconds(50)

  private static func opened(_ journal: () throws(JournalError) -> Journal) throws(StoreFault) -> any RolloutStore {
    do throws(JournalError) {
      return SQLiteRolloutStore(try journal())
    } catch {
      throw StoreFault(error)
    }
  }
}
