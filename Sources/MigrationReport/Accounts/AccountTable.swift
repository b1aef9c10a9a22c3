/// Accounts by stage, arm and population, the one asked for last at hand: attempt after attempt is of the same.

import RolloutJudge

struct AccountTable<Account: Sendable>: Sendable {
  typealias Key = Accounts.Key

  private(set) var entries: [(key: Key, account: Account)] = []
  private var places: [Key: Int] = [:]
  private var last: Int?

  subscript(key: Key) -> Account? {
    get { places[key].map { entries[$0].account } }
    set {
      guard let newValue else { return assertionFailure("an account is kept") }
      update(key, new: newValue) { $0 = newValue }
    }
  }

  mutating func update(_ key: Key, new: @autoclosure () -> Account, _ change: (inout Account) -> Void) {
    if let last, entries[last].key == key { return change(&entries[last].account) }
    let place =
      places[key]
      ?? {
        entries.append((key, new()))
        places[key] = entries.count - 1
        return entries.count - 1
      }()
    last = place
    change(&entries[place].account)
  }
}
