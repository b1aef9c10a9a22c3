/// Accounts by stage, arm and population, the one asked for last at hand: attempt after attempt is of the same.

import RolloutJudge

struct AccountTable<Account: Sendable>: Sendable {
  typealias Key = Accounts.Key

  private(set) var keys: [Key] = []
  private(set) var accounts: [Account] = []
  private var places: [Key: Int] = [:]
  private var last: Int?

  var entries: Zip2Sequence<[Key], [Account]> { zip(keys, accounts) }

  subscript(key: Key) -> Account? { places[key].map { accounts[$0] } }

  mutating func update(_ key: Key, new: @autoclosure () -> Account, _ change: (inout Account) -> Void) {
    if let last, keys[last] == key { return change(&accounts[last]) }
    let place = places[key] ?? insert(new(), key)
    last = place
    change(&accounts[place])
  }

  /// - Returns: its place.
  @discardableResult
  mutating func insert(_ account: Account, _ key: Key) -> Int {
    keys.append(key)
    accounts.append(account)
    places[key] = keys.count - 1
    return keys.count - 1
  }
}
