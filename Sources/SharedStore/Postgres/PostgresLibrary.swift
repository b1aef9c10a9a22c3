/// libpq as this machine has it: opened when a shared store is first asked for, and missed by nobody else.

import CPostgres

enum PostgresLibrary {
  /// Why libpq cannot be used; nil where it can.
  static let failure: String? = crossfade_pg_load().map { String(cString: $0) }

  /// - Throws: `noLibrary`.
  static func require(for address: String) throws(SharedStoreError) {
    if let failure { throw SharedStoreError(address, .noLibrary(failure)) }
  }

  static func understands(_ url: String) -> Bool { crossfade_pg_is_understood(url) }

  /// An option of a connection URL; nil where it has none.
  static func option(_ keyword: String, of url: String) -> String? {
    guard let value = crossfade_pg_option(url, keyword) else { return nil }
    defer { value.deallocate() }
    return String(cString: value)
  }
}
