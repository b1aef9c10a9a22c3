/// A client's request as it was read: its head's bytes, where the parts lie, its body, and what the split may ask of it.

import Dialects
import HTTPFraming
import NIOCore
import TrafficSplit

/// Made once for each request and then only referred to: a value of this size would be copied at every step of the way.
final class InboundRequest {
  let head: RequestHead
  /// Exactly the head.
  let bytes: ByteBuffer
  /// The part that is appended to an arm's base path: from the slash after `/v1` on, query included.
  let pathAfterBase: Range<Int>
  /// Set for `POST` to an endpoint whose requests may go to a candidate.
  let endpoint: Endpoint?
  var body = ByteBuffer()
  /// Read on demand; nil where the body is not one JSON object.
  var facts: RequestFacts?
  var translations = RequestTranslations()
  /// The demands on a provider that its head makes.
  private(set) lazy var demands =
    head.known.contains(.openRouterAttribution) ? HeaderDemands.read(head, bytes) : RequestTraits()

  /// - Returns: nil where the path is not one that goes to an arm.
  init?(head: RequestHead, bytes: ByteBuffer) {
    let span = bytes.readableBytesSpan
    guard head.method != .connect, let path = Self.pathAfterBase(head, span) else { return nil }
    self.head = head
    self.bytes = bytes
    pathAfterBase = path
    endpoint =
      head.method == .post
      ? Endpoint(pathAfterVersion: span.extracting(path.lowerBound + 1..<path.upperBound)) : nil
    // It would leave the arm's base path, and take the arm's key along.
    if endpoint == nil, span.climbs(path) { return nil }
  }

  /// `/api/v1/REST` and `/v1/REST` both give `/REST`.
  private static func pathAfterBase(_ head: RequestHead, _ bytes: RawSpan) -> Range<Int>? {
    guard let start = pathStart(head, bytes) else { return nil }
    let path = start..<head.target.upperBound
    if bytes.begins(path, withLowercase: "/v1/") { return path.lowerBound + 3..<path.upperBound }
    if bytes.begins(path, withLowercase: "/api/v1/") { return path.lowerBound + 7..<path.upperBound }
    return nil
  }

  private static func pathStart(_ head: RequestHead, _ bytes: RawSpan) -> Int? {
    switch head.targetForm {
    case .origin: return head.target.lowerBound
    case .absolute:
      // Past `scheme://`, then past the authority.
      var slashes = 0
      for offset in head.target {
        let octet = bytes.octet(at: offset)
        if octet == UInt8(ascii: "/") { slashes += 1 }
        if slashes == 3 { return offset }
        // An authority that a query follows has no path.
        if octet == UInt8(ascii: "?") { return nil }
      }
      return nil
    case .asterisk, .authority: return nil
    }
  }

  /// The first value of a known field.
  func value(of id: KnownField) -> String? {
    guard head.known.contains(id), let field = head.fields.first(where: { $0.id == id }) else { return nil }
    let bytes = bytes
    return bytes.readableBytesSpan.text(field.value)
  }

  /// Codex says zstd here: what it sends so cannot be looked into.
  var hasCodedBody: Bool {
    guard let coding = value(of: .contentEncoding) else { return false }
    return !coding.isEmpty && coding.lowercased() != "identity"
  }

  /// Whether the client's SDK says that this repeats a failed request; nil where it does not say.
  var saysRetry: Bool? {
    value(of: .stainlessRetryCount).flatMap { Int($0) }.map { $0 > 0 }
  }

  /// Same caller, same path, same body.
  var fingerprint: UInt64 {
    let bytes = bytes
    let span = bytes.readableBytesSpan
    var hasher = UnitHasher()
    for field in head.fields where field.id == .authorization || field.id == .xAPIKey {
      hasher.combine(field: span.extracting(field.value))
    }
    hasher.combine(field: span.extracting(pathAfterBase))
    let body = body
    hasher.combine(body.readableBytesSpan)
    return hasher.finish()
  }
}

extension InboundRequest: UnitSource {
  var model: String? { facts?.model }

  /// Not compared with nil, which would copy all of the facts.
  var isReadable: Bool { if case .some = facts { true } else { false } }

  var traits: RequestTraits {
    let traits = demands.union(facts?.traits ?? RequestTraits())
    guard let endpoint, endpoint.isMedia else { return traits }
    let body = body
    return traits.union(facts?.mediaTraits(on: endpoint, in: body.readableBytesSpan) ?? RequestTraits())
  }

  var path: String {
    let bytes = bytes
    guard let start = Self.pathStart(head, bytes.readableBytesSpan) else { return "" }
    let target = bytes.readableBytesSpan.text(start..<head.target.upperBound)
    return String(target.prefix { $0 != "?" })
  }

  func header(_ lowercasedName: String) -> String? { text(of: Array(lowercasedName.utf8)) }

  func text(of name: [UInt8]) -> String? {
    let bytes = bytes
    return valueRange(of: name).map { bytes.readableBytesSpan.text($0) }
  }

  /// Where the first value of a header lies in `bytes`.
  /// - Parameter name: lower case.
  func valueRange(of name: [UInt8]) -> Range<Int>? {
    let bytes = bytes
    let span = bytes.readableBytesSpan
    return head.fields.first { span.reads($0.name, caseInsensitively: name) }?.value
  }

  func bodyValue(_ path: String) -> String? {
    switch path {
    case "session_id": facts?.sessionID
    case "prompt_cache_key": facts?.promptCacheKey
    case "model": facts?.model
    default: facts?.values[path]
    }
  }

  func bodyValue(_ path: String, matches glob: Glob) -> Bool {
    if let value = bodyValue(path) { return glob.matches(value) }
    return facts?.elements[path]?.contains(where: glob.matches) ?? false
  }

  var messagesUser: String? { endpoint == .messages ? facts?.userID : nil }

  func conversationHash() -> UInt64? {
    guard let facts else { return nil }
    let body = body
    let span = body.readableBytesSpan
    switch (facts.systemMessage, facts.firstMessage) {
    case (nil, nil): return nil
    case (let system?, nil): return Unit.conversationHash(system: span.extracting(system), first: nil)
    case (nil, let first?): return Unit.conversationHash(system: nil, first: span.extracting(first))
    case (let system?, let first?):
      return Unit.conversationHash(system: span.extracting(system), first: span.extracting(first))
    }
  }
}
