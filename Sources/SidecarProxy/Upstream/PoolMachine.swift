/// Which connection carries the next request to an arm: the pool's books, without its sockets.

/// One per loop, arm and population, so that shadows can never take a live request's connection. Last in, first out: the
/// warmest connection is used, the others age out.
struct PoolMachine<Connection> {
  enum Lease {
    /// - Parameter since: when it was last used.
    case reuse(Connection, since: Int64)
    case connect
    /// `capacity` connections are open.
    case refused
  }

  private var idle: [(connection: Connection, since: Int64)] = []
  /// Leased, idle and connecting ones together.
  private(set) var open = 0
  let capacity: Int
  /// Nanoseconds that a connection may wait unused.
  let idleLimit: Int64

  init(capacity: Int, idleLimit: Int64) {
    self.capacity = capacity
    self.idleLimit = idleLimit
  }

  var idleCount: Int { idle.count }

  /// Whether `lease` would not refuse.
  func hasRoom(fresh: Bool) -> Bool { open < capacity || !fresh && !idle.isEmpty }

  /// - Parameter fresh: a connection that nobody has used, for a request whose reused one closed under it.
  mutating func lease(fresh: Bool = false) -> Lease {
    if !fresh, let last = idle.popLast() { return .reuse(last.connection, since: last.since) }
    guard open < capacity else { return .refused }
    open += 1
    return .connect
  }

  mutating func release(_ connection: Connection, at now: Int64) { idle.append((connection, now)) }

  /// A leased or connecting one is gone.
  mutating func closed() { open -= 1 }

  /// An idle one is gone.
  /// - Returns: since when it was idle; nil where it had been taken out before.
  mutating func idleClosed(where matches: (Connection) -> Bool) -> Int64? {
    guard let index = idle.lastIndex(where: { matches($0.connection) }) else { return nil }
    open -= 1
    return idle.remove(at: index).since
  }

  /// Takes out those that waited too long; the caller closes them.
  mutating func expire(at now: Int64) -> [Connection] {
    let keep = idle.firstIndex { now - $0.since < idleLimit } ?? idle.count
    let old = idle[..<keep].map(\.connection)
    idle.removeFirst(keep)
    open -= old.count
    return old
  }

  /// Takes out the one that has waited longest; the caller closes it.
  mutating func takeOldest() -> Connection? {
    guard !idle.isEmpty else { return nil }
    open -= 1
    return idle.removeFirst().connection
  }

  /// Takes out those of which it is so; the caller closes them.
  mutating func takeIdle(where isOver: (Connection) -> Bool) -> [Connection] {
    let gone = idle.filter { isOver($0.connection) }.map(\.connection)
    guard !gone.isEmpty else { return [] }
    idle.removeAll { isOver($0.connection) }
    open -= gone.count
    return gone
  }

  mutating func drain() -> [Connection] {
    let all = idle.map(\.connection)
    open -= all.count
    idle.removeAll()
    return all
  }
}
