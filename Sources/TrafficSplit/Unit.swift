/// Finds what is assigned to an arm: the request's conversation, session or user, else the request alone.

/// A request that can say what it belongs to.
package protocol UnitSource: RequestAttributes {
  /// Made with `Unit.conversationHash` from the first system message and the first other one; nil where there is
  /// neither. Asked last, since it is the dearest to answer.
  func conversationHash() -> UInt64?
  /// `metadata.user_id` of a request to `/messages`; nil for every other.
  var messagesUser: String? { get }
}

extension UnitSource {
  package var messagesUser: String? { nil }
}

package struct Unit: Sendable, Equatable {
  package var hash: UInt64
  /// False for a request that is its own unit.
  package var isSticky: Bool

  package init(hash: UInt64, isSticky: Bool) {
    self.hash = hash
    self.isSticky = isSticky
  }

  /// The first of `keys` that the request has; an empty value counts as absent.
  ///
  /// - Parameter draw: Random bits of this exchange, which become the unit of a request without any of the keys.
  package init(of request: some UnitSource, keys: [StickyKey], draw: UInt64) {
    for key in keys {
      guard let hash = Self.hash(of: request, key: key) else { continue }
      self.init(hash: hash, isSticky: true)
      return
    }
    self.init(hash: Self.hash(.single, number: draw), isSticky: false)
  }

  /// Hashes the messages' raw bytes as they stand in the body; nil where both are absent.
  package static func conversationHash(system: RawSpan?, first: RawSpan?) -> UInt64? {
    guard system != nil || first != nil else { return nil }
    var hasher = UnitHasher(seed: Kind.conversation.rawValue)
    if let system { hasher.combine(field: system) }
    if let first { hasher.combine(first) }
    return hasher.finish()
  }

  private static func hash(of request: some UnitSource, key: StickyKey) -> UInt64? {
    switch key {
    case .conversation:
      conversation(of: request)
    case .header(let name):
      present(request.header(name)).map { hash(.header, name, $0) }
    case .body(let path):
      present(request.bodyValue(path)).map { hash(.body, path, $0) }
    }
  }

  /// On `/messages` Claude Code puts its session where Anthropic has a place for the user.
  ///
  /// Else OpenRouter's order. A session is the same session whether the body or the header names it.
  private static func conversation(of request: some UnitSource) -> UInt64? {
    if let user = present(request.messagesUser) { return hash(.messagesUser, user) }
    if let session = present(request.bodyValue("session_id")) ?? present(request.header("x-session-id")) {
      return hash(.session, session)
    }
    if let key = present(request.bodyValue("prompt_cache_key")) { return hash(.promptCacheKey, key) }
    guard let conversation = request.conversationHash() else { return nil }
    let caller = present(request.header("authorization")) ?? present(request.header("x-api-key")) ?? ""
    return hash(.conversation, caller, number: conversation)
  }

  private static func present(_ value: String?) -> String? { value?.isEmpty == false ? value : nil }

  /// The kind of a hash's origin is part of the hash: a session `a` and a header value `a` are two units. Never
  /// renumbered.
  private enum Kind: UInt64 {
    case single = 0
    case session = 1
    case promptCacheKey = 2
    case conversation = 3
    case header = 4
    case body = 5
    case messagesUser = 6
  }

  @inline(__always)
  private static func hash(_ kind: Kind, _ field: String, number: UInt64 = 0) -> UInt64 {
    var hasher = UnitHasher(seed: kind.rawValue)
    hasher.combine(field: field)
    hasher.combine(number)
    return hasher.finish()
  }

  private static func hash(_ kind: Kind, _ name: String, _ value: String) -> UInt64 {
    var hasher = UnitHasher(seed: kind.rawValue)
    hasher.combine(field: name)
    hasher.combine(field: value)
    hasher.combine(0)
    return hasher.finish()
  }

  private static func hash(_ kind: Kind, number: UInt64) -> UInt64 {
    var hasher = UnitHasher(seed: kind.rawValue)
    hasher.combine(number)
    return hasher.finish()
  }
}
