/// Connecting to a name with several addresses: the next is tried when one fails or is slow, and the first that answers wins
/// (Happy Eyeballs, RFC 8305). A pure value; addresses are known by their place.

struct ConnectRace {
  enum Action: Equatable {
    /// Try this address; where it is not the last, `isSlow` is to be called after `headStart`.
    case connect(Int, isLast: Bool)
    /// Others are still trying.
    case wait
    case lost
    case won
    /// It came too late, and is to be closed.
    case close
  }

  private let count: Int
  private var next = 0
  private var trying = 0
  private(set) var isOver = false

  /// Nanoseconds that an address has before the next is tried beside it.
  static let headStart: Int64 = 250_000_000

  /// - Parameter count: of addresses, one at least.
  init(count: Int) { self.count = count }

  mutating func begin() -> Action { tryNext() ?? .lost }

  /// The latest attempt has had its head start.
  mutating func isSlow() -> Action { isOver ? .wait : tryNext() ?? .wait }

  mutating func failed() -> Action {
    trying -= 1
    guard !isOver else { return .wait }
    if let action = tryNext() { return action }
    guard trying == 0 else { return .wait }
    isOver = true
    return .lost
  }

  mutating func connected() -> Action {
    trying -= 1
    guard !isOver else { return .close }
    isOver = true
    return .won
  }

  /// The time is over, or nobody waits any more.
  mutating func abandon() { isOver = true }

  private mutating func tryNext() -> Action? {
    guard next < count else { return nil }
    defer {
      next += 1
      trying += 1
    }
    return .connect(next, isLast: next == count - 1)
  }

  /// Families alternate, beginning with that of the first address, so that one family that goes nowhere costs one head start.
  static func interleaved<Address>(_ addresses: [Address], isSecond: (Address) -> Bool) -> [Address] {
    guard let first = addresses.first else { return [] }
    let begins = isSecond(first)
    let (a, b) = (addresses.filter { isSecond($0) == begins }, addresses.filter { isSecond($0) != begins })
    var result: [Address] = []
    for index in 0..<max(a.count, b.count) {
      if index < a.count { result.append(a[index]) }
      if index < b.count { result.append(b[index]) }
    }
    return result
  }
}
