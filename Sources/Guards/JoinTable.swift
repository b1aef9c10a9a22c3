/// Which requests are one: the same key or body of the same caller is asked once, and its answer is shared.

/// 128 bits that nobody outside the process can aim at.
package struct JoinHash: Sendable, Hashable {
  private var high: Int
  private var low: Int

  package init(high: Int, low: Int) {
    self.high = high
    self.low = low
  }
}

/// The content codings that a client takes beside none.
package struct JoinCodings: OptionSet, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// - Parameter text: of an `Accept-Encoding`, in small letters.
  package init(_ text: String) {
    self = []
    for part in text.split(separator: ",") {
      let words = part.split { " \t;".contains($0) }
      guard let name = words.first, name != "identity", !words.contains(where: Self.isNever) else { continue }
      let place = ["gzip", "deflate", "br", "zstd"].firstIndex(of: name) ?? 4
      insert(JoinCodings(rawValue: 1 << UInt8(place)))
    }
  }

  private static func isNever(_ word: Substring) -> Bool {
    word.hasPrefix("q=0") && !word.dropFirst(3).contains { ("1"..."9").contains($0) }
  }
}

/// A request as the table sees it.
package struct JoinRequest: Sendable, Equatable {
  /// The caller and its key; or the caller and the body, where it has no key.
  package var key: JoinHash
  package var body: JoinHash
  package var hasKey: Bool
  /// The codings that it takes: who takes no gzip cannot read an answer that was given to somebody who does.
  package var codings: JoinCodings

  package init(key: JoinHash, body: JoinHash, hasKey: Bool, codings: JoinCodings = []) {
    self.codings = codings
    self.key = key
    self.body = body
    self.hasKey = hasKey
  }
}

/// A value: instants come with the events, in nanoseconds of a monotonic clock.
///
/// An entry is *open* from its first request on until its answer ends, then *kept* until its window is over, or gone: errors
/// and answers that broke off are not kept.
package struct JoinTable: Sendable {
  package struct Ticket: Sendable, Hashable {
    package var number: UInt64
  }

  package enum Verdict: Equatable, Sendable {
    /// It goes upstream, and others may join it.
    case first(Ticket)
    /// What has come of this one's answer is its answer, and what comes.
    case join(Ticket)
    /// This one's answer is whole.
    case replay(Ticket)
    /// The key belongs to another body.
    case otherBody
    /// As many as may have joined it already.
    case crowded
    /// It goes upstream by itself: there is no room to remember it, the answer has become too long to be shared, or comes in a
    /// coding that this one may not take.
    case alone
  }

  private struct Entry {
    var ticket: Ticket
    var body: JoinHash
    var hasKey: Bool
    var codings: JoinCodings
    var began: Int64
    /// When it is forgotten; nil while its answer is under way.
    var until: Int64?
    var joiners = 0
    var bytes = 0
    var isShareable = true
  }

  package let bounds: JoinBounds
  private let keyWindow: Int64
  private let bodyWindow: Int64
  private var entries: [JoinHash: Entry] = [:]
  private var keys: [Ticket: JoinHash] = [:]
  /// Kept ones as they ended; one that is gone is passed over.
  private var order: [Ticket] = []
  private var orderStart = 0
  private var nextNumber: UInt64 = 1
  private(set) var keptBytes = 0
  private var gone: [Ticket] = []

  package init(bounds: JoinBounds, keyWindow: Duration, bodyWindow: Duration) {
    self.bounds = bounds
    self.keyWindow = keyWindow.nanoseconds
    self.bodyWindow = bodyWindow.nanoseconds
  }

  package var count: Int { entries.count }

  // MARK: requests

  package mutating func requestCame(_ request: JoinRequest, at now: Int64) -> Verdict {
    guard let entry = entries[request.key], !isOver(entry, at: now) else { return begin(request, at: now) }
    guard entry.body == request.body else { return .otherBody }
    guard entry.codings.isSubset(of: request.codings) else { return .alone }
    guard entry.until == nil else { return .replay(entry.ticket) }
    guard entry.isShareable else { return .alone }
    guard entry.joiners < bounds.joiners else { return .crowded }
    entries[request.key]?.joiners += 1
    return .join(entry.ticket)
  }

  private mutating func begin(_ request: JoinRequest, at now: Int64) -> Verdict {
    // A double click that came too late is another request; the first one may still be under way, and ends by itself.
    if let old = entries[request.key] { _ = remove(old.ticket) }
    guard entries.count < bounds.answers || dropOldestKept() else { return .alone }
    let ticket = Ticket(number: nextNumber)
    nextNumber += 1
    entries[request.key] = Entry(
      ticket: ticket, body: request.body, hasKey: request.hasKey, codings: request.codings, began: now)
    keys[ticket] = request.key
    return .first(ticket)
  }

  private func isOver(_ entry: Entry, at now: Int64) -> Bool {
    if entry.hasKey { return entry.until.map { $0 <= now } ?? false }
    return now - entry.began > bodyWindow
  }

  // MARK: answers

  /// One that had joined has left.
  package mutating func joinerLeft(_ ticket: Ticket) {
    guard let key = keys[ticket] else { return }
    entries[key]?.joiners -= 1
  }

  /// No more of the answer is remembered, so that nobody else can have all of it.
  package mutating func outgrew(_ ticket: Ticket) {
    guard let key = keys[ticket] else { return }
    entries[key]?.isShareable = false
  }

  /// - Parameters:
  ///   - isWhole: it is an answer, and all of it is there; what is not is not kept.
  ///   - bytes: of what would be kept.
  /// - Returns: whether it is kept, for as long as `isKept` says so.
  package mutating func ended(_ ticket: Ticket, isWhole: Bool, bytes: Int, at now: Int64) -> Bool {
    guard let key = keys[ticket], let entry = entries[key] else { return false }
    let until = entry.hasKey ? now + keyWindow : entry.began + bodyWindow
    guard isWhole, entry.isShareable, bytes <= bounds.answerBytes, until > now else {
      _ = remove(ticket)
      return false
    }
    while keptBytes + bytes > bounds.bytes {
      guard dropOldestKept() else {
        _ = remove(ticket)
        return false
      }
    }
    entries[key]?.until = until
    entries[key]?.bytes = bytes
    keptBytes += bytes
    order.append(ticket)
    return true
  }

  package func isKept(_ ticket: Ticket) -> Bool { keys[ticket].flatMap { entries[$0]?.until } != nil }

  /// Entries whose window is over.
  package mutating func forget(at now: Int64) {
    for (_, entry) in entries where entry.until.map({ $0 <= now }) ?? false { _ = remove(entry.ticket) }
  }

  /// Those that are remembered no more since this was asked last; one of them may still be under way, for who has it already.
  package mutating func takeGone() -> [Ticket] {
    defer { gone = [] }
    return gone
  }

  // MARK: room

  private mutating func dropOldestKept() -> Bool {
    while orderStart < order.count {
      let ticket = order[orderStart]
      orderStart += 1
      if orderStart > 1024, orderStart * 2 > order.count {
        order.removeFirst(orderStart)
        orderStart = 0
      }
      if isKept(ticket) { return remove(ticket) }
    }
    return false
  }

  private mutating func remove(_ ticket: Ticket) -> Bool {
    guard let key = keys.removeValue(forKey: ticket), let entry = entries.removeValue(forKey: key) else { return false }
    keptBytes -= entry.bytes
    gone.append(ticket)
    return true
  }
}
