/// Looks into a store that another process may be writing; never creates, changes or locks it.

package struct JournalReader: JournalReading {
  package let store: JournalStore

  /// - Throws: `missing`, `foreign`, `newerFormat`, `olderFormat`, `damaged`, or what SQLite says.
  init(path: String) throws(JournalError) {
    guard StoreFile.exists(path) else { throw JournalError(path: path, problem: .missing) }
    store = try JournalStore(path: path, access: .read, busyTimeout: .seconds(5))
    try JournalSchema.check(store, isReader: true)
  }

  /// One that was looked at already.
  init(store: JournalStore) { self.store = store }
}
