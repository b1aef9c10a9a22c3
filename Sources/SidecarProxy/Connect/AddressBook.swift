/// The knowledge about an arm's name: its addresses, how old they are, and whether someone is asking. A pure value.

struct AddressBook<Address: Hashable & Sendable>: Sendable {
  /// The addresses for a connection that is to be opened, or why there are none.
  enum Entry: Equatable {
    case addresses([Address])
    /// A look-up is under way, and nothing is known until it ends.
    case wait
    /// The last look-up failed, and a new one is not due yet.
    case unknown(reason: String)
  }

  struct Answer: Equatable {
    var entry: Entry
    /// The caller is to ask; `found` or `failed` says what came of it.
    var asks: Bool
  }

  /// In the order of the last answer.
  private(set) var addresses: [Address] = []
  /// When each address was last among those of an answer, in answers.
  private var seen: [Address: Int] = [:]
  private var answers = 0
  /// Why the last look-up found nothing.
  private(set) var reason: String?
  private var isAsking = false
  /// When the last look-up ended, in nanoseconds; nil before the first.
  private var endedAt: Int64?
  private var isDoubted = false
  /// Addresses that could not be reached, until when they come last.
  private var troubled: [Address: Int64] = [:]
  /// Moves when `isCurrent` may say otherwise than before.
  private(set) var generation = 0

  /// A moved name is followed within twice this: many names give another part of their addresses every time, so that one
  /// is over only when it is missing a second time.
  static var refreshAfter: Int64 { 15_000_000_000 }
  /// After a look-up that failed, and where an address is doubted.
  static var retryAfter: Int64 { 1_000_000_000 }
  static var troubleFor: Int64 { 30_000_000_000 }
  /// Addresses of one answer that are used.
  static var addressLimit: Int { 16 }

  /// Somebody wants to connect.
  mutating func wanted(at now: Int64) -> Answer {
    let asks = refresh(at: now)
    guard addresses.isEmpty else { return Answer(entry: .addresses(ordered(at: now)), asks: asks) }
    if isAsking { return Answer(entry: .wait, asks: asks) }
    return Answer(entry: .unknown(reason: reason ?? "no address"), asks: false)
  }

  /// Connections are open: whether their addresses still hold is to be known in time.
  ///
  /// - Returns: whether the caller is to ask.
  mutating func refresh(at now: Int64) -> Bool {
    guard !isAsking else { return false }
    if let endedAt {
      let isOld = now - endedAt >= (reason == nil && !isDoubted ? Self.refreshAfter : Self.retryAfter)
      guard isOld else { return false }
    }
    isAsking = true
    isDoubted = false
    return true
  }

  mutating func found(_ found: [Address], at now: Int64) {
    guard !found.isEmpty else { return failed("no address", at: now) }
    (isAsking, endedAt, reason) = (false, now, nil)
    answers += 1
    addresses = []
    for address in found.prefix(Self.addressLimit) where seen[address] != answers {
      seen[address] = answers
      addresses.append(address)
    }
    seen = seen.filter { $0.value >= answers - 1 }
    troubled = troubled.filter { $0.value > now && seen[$0.key] != nil }
    generation += 1
  }

  /// The addresses known before go on being used.
  mutating func failed(_ reason: String, at now: Int64) {
    (isAsking, endedAt) = (false, now)
    self.reason = reason
  }

  /// Whether a connection to it may be used again.
  func isCurrent(_ address: Address) -> Bool { seen[address] != nil }

  /// It could not be reached: others come first for a while, and the name may have moved.
  mutating func unreachable(_ address: Address, at now: Int64) {
    guard seen[address] != nil else { return }
    troubled[address] = now + Self.troubleFor
    isDoubted = true
  }

  mutating func reached(_ address: Address) {
    guard !troubled.isEmpty else { return }
    troubled[address] = nil
  }

  private func ordered(at now: Int64) -> [Address] {
    guard !troubled.isEmpty else { return addresses }
    func isTroubled(_ address: Address) -> Bool { troubled[address].map { $0 > now } ?? false }
    return addresses.filter { !isTroubled($0) } + addresses.filter(isTroubled)
  }
}
