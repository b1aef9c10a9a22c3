/// Where a rollout's store is, and how it is opened there.

import Foundation
import Journal
import RolloutSteering
import SharedStore

struct StorePlace: Sendable {
  /// As an operator is told of it: a path, or an address without its secrets.
  let name: String
  /// The file's; nil where replicas share a database.
  let path: String?
  let open: @Sendable () throws(StoreFault) -> any RolloutStore
  /// Opens a damaged one as it is, because a person says so.
  let accept: @Sendable () throws(StoreFault) -> any RolloutStore

  var isShared: Bool { path == nil }

  /// What `--store` says, else what CROSSFADE_STORE holds, else a file here.
  ///
  /// - Throws: `SharedStoreError` for an address that is none, or without libpq.
  static func named(_ argument: String?) throws -> StorePlace {
    let text = Self.text(argument)
    guard SharedStoreAddress.isOne(text) else { return file(text) }
    return shared(try address(text))
  }

  static func text(_ argument: String?) -> String {
    argument ?? ProcessInfo.processInfo.environment["CROSSFADE_STORE"].flatMap { $0.isEmpty ? nil : $0 }
      ?? "crossfade.db"
  }

  static func address(_ text: String) throws(SharedStoreError) -> SharedStoreAddress {
    try SharedStoreAddress(text, password: ProcessInfo.processInfo.environment["PGPASSWORD"])
  }

  /// A SQLite file, made where there is none.
  static func file(_ path: String) -> StorePlace {
    StorePlace(
      name: path, path: path,
      open: { () throws(StoreFault) in
        try opened { () throws(JournalError) in try Journal(path: path, busyTimeout: busyTimeout) }
      },
      accept: { () throws(StoreFault) in
        try opened { () throws(JournalError) in try Journal.accept(path: path, busyTimeout: busyTimeout) }
      })
  }

  /// A PostgreSQL; its tables are made where the role may.
  private static func shared(_ address: SharedStoreAddress) -> StorePlace {
    let open: @Sendable () throws(StoreFault) -> any RolloutStore = { () throws(StoreFault) in
      let store = SharedStore(address)
      do throws(SharedStoreError) {
        try store.migrate()
      } catch {
        throw StoreFault(error)
      }
      return store
    }
    return StorePlace(name: address.description, path: nil, open: open, accept: open)
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
