/// Who may stay among the admin connections: a probe or a command finds a place however many others sit there unfinished.

/// How long an admin connection may take, in nanoseconds.
package struct AdminPatience: Sendable {
  /// For a whole head, from the connection's opening or from the head's first byte.
  package var head: Int64 = 5_000_000_000
  /// Between two requests.
  package var idle: Int64 = 60_000_000_000
  /// For the rest of the request and all of its answer.
  package var answer: Int64 = 30_000_000_000

  package init() {}
}

/// A pure value. A connection waits for its request's head (fresh, or between two requests), then is answered, then waits
/// again. Where all places are taken a newcomer gets that of the one that has waited longest.
struct CrowdMachine<ID: Hashable> {
  private enum Phase {
    /// - Parameter hasBegun: bytes of a head are there, or nothing has come since the connection was opened.
    case waiting(hasBegun: Bool)
    case answering(isReserved: Bool)
  }

  private struct Member {
    var phase: Phase
    /// Nanoseconds of a monotonic clock.
    var since: Int64
    /// Tells apart what came in the same nanosecond.
    var order: Int
  }

  private var members: [ID: Member] = [:]
  private var nextOrder = 0
  let places: Int
  private let patience: AdminPatience

  init(places: Int, patience: AdminPatience = AdminPatience()) {
    self.places = max(4, places)
    self.patience = patience
  }

  var count: Int { members.count }

  /// Those that are neither probe nor command have no more than this many answers under way.
  var ordinaryLimit: Int { places - places / 4 }

  /// - Returns: who is to be closed for it.
  mutating func opened(_ id: ID, at now: Int64) -> ID? {
    let leaver = members.count >= places ? longestWaiting : nil
    if let leaver { members[leaver] = nil }
    enter(id, .waiting(hasBegun: true), at: now)
    return leaver
  }

  mutating func heard(_ id: ID, at now: Int64) {
    guard let member = members[id], case .waiting(hasBegun: false) = member.phase else { return }
    enter(id, .waiting(hasBegun: true), at: now)
  }

  /// - Parameter isReserved: a probe or a command.
  /// - Returns: whether it may be answered.
  mutating func headRead(_ id: ID, isReserved: Bool, at now: Int64) -> Bool {
    if !isReserved, ordinaryAnswers >= ordinaryLimit { return false }
    if members[id] != nil { enter(id, .answering(isReserved: isReserved), at: now) }
    return true
  }

  mutating func answered(_ id: ID, at now: Int64) {
    if members[id] != nil { enter(id, .waiting(hasBegun: false), at: now) }
  }

  mutating func closed(_ id: ID) { members[id] = nil }

  /// - Returns: who has taken too long, and is to be closed.
  mutating func overdue(at now: Int64) -> [ID] {
    let late = members.filter { _, member in
      let limit =
        switch member.phase {
        case .waiting(hasBegun: true): patience.head
        case .waiting(hasBegun: false): patience.idle
        case .answering: patience.answer
        }
      return now - member.since >= limit
    }
    for id in late.keys { members[id] = nil }
    return Array(late.keys)
  }

  private var ordinaryAnswers: Int {
    members.values.count { if case .answering(isReserved: false) = $0.phase { true } else { false } }
  }

  /// Where every connection is being answered, the one that has been for longest.
  private var longestWaiting: ID? {
    func rank(_ member: Member) -> (Int, Int) {
      if case .waiting = member.phase { (0, member.order) } else { (1, member.order) }
    }
    return members.min { rank($0.value) < rank($1.value) }?.key
  }

  private mutating func enter(_ id: ID, _ phase: Phase, at now: Int64) {
    nextOrder += 1
    members[id] = Member(phase: phase, since: now, order: nextOrder)
  }
}

extension CrowdMachine: Sendable where ID: Sendable {}
