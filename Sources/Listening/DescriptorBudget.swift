/// How the descriptors that a process may have are shared out, so that no crowd takes what it needs to steer and to remember.

/// The most that a proxy is asked to hold open.
package struct DescriptorDemand: Sendable, Equatable {
  package var clients: Int
  /// Connections to arms for live requests.
  package var live: Int
  /// Connections to arms for copies.
  package var copies: Int

  package init(clients: Int, live: Int, copies: Int) {
    self.clients = clients
    self.live = live
    self.copies = copies
  }
}

/// A pure value. `reserve` is never given to traffic: the store opens its files, a name server is asked, a thread pool looks
/// into `/proc`, an operator rolls back, all at moments of their own choosing, and some of them end the process where there
/// is no descriptor.
package struct DescriptorBudget: Sendable, Equatable {
  /// Descriptors that the process may have.
  package let limit: Int
  package let reserve: Int
  package let allowed: DescriptorDemand
  package let asked: DescriptorDemand
  private let inUse: Int

  /// - Parameters:
  ///   - limit: of the process.
  ///   - inUse: open already, for as long as the process lives.
  package init(limit: Int, inUse: Int, asked: DescriptorDemand) {
    self.limit = limit
    self.inUse = inUse
    self.asked = asked
    reserve = Self.adminPlaces(of: limit) + min(Self.ownMost, max(16, limit / 8))
    let traffic = max(Self.least, limit - inUse - reserve)
    // A request of a client takes two; what copies take, live requests cannot have.
    let copies = max(1, min(asked.copies, traffic / 5))
    let clients = max(1, min(asked.clients, (traffic - copies - Self.overshoot) / 2))
    allowed = DescriptorDemand(
      clients: clients, live: max(1, min(asked.live, traffic - copies - clients)), copies: copies)
  }

  /// For a process whose only traffic is that of its clients.
  package init(limit: Int, inUse: Int) {
    self.init(limit: limit, inUse: inUse, asked: DescriptorDemand(clients: .max, live: 0, copies: 0))
  }

  /// All that traffic may have.
  package var all: Int { max(Self.least, limit - inUse - reserve) }

  package var isReduced: Bool { allowed != asked }

  /// Admin connections at once; part of the reserve.
  package static func adminPlaces(of limit: Int) -> Int { min(256, max(8, limit / 16)) }

  /// For the store, the log, look-ups, hooks, and what the system's libraries open on demand.
  private static let ownMost = 64
  /// Clients that two listeners may accept beyond their places, each of which wants a connection to an arm.
  private static let overshoot = 2 * Int(AcceptGate.burst)
  /// Too few to serve well, and still enough to answer.
  private static let least = 12
}
