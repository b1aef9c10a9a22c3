/// Reads a request's body on its way in: one strict pass to accept it, then short looks at what matters.

package struct RequestReader: Sendable {
  /// A body with more members than this is not read.
  static let memberLimit = 1024
  /// A string token longer than this many bytes counts as absent where its text is wanted.
  static let textLimit = 1024

  private struct Field: Sendable {
    let name: String
    let path: [String]
  }
  private let fields: [Field]

  /// - Parameter fields: body fields to report in `RequestFacts.values`, such as `user` or, by a dotted path,
  ///   `metadata.team`.
  package init(fields: [String] = []) {
    self.fields = Set(fields).map { Field(name: $0, path: $0.split(separator: ".").map(String.init)) }
  }

  /// - Returns: nil where the body is not exactly one JSON object, as RFC 8259 has it, in UTF-8, at most 128 levels
  ///   deep and of at most 1,024 members.
  package func read(_ body: RawSpan) -> RequestFacts? {
    var members: [RequestFacts.Member] = []
    members.reserveCapacity(24)
    let end = JSONSyntax.forEachMember(body, JSONSyntax.skipSpace(body, 0), depth: 0) { member in
      let range = member.key.lowerBound..<member.value.upperBound
      members.append(.init(key: JSONText.decoded(body, member.key), range: range, value: member.value))
      return members.count <= Self.memberLimit
    }
    guard let end, members.count <= Self.memberLimit, JSONSyntax.skipSpace(body, end) == body.byteCount else {
      return nil
    }
    var facts = RequestFacts(members: members)
    for member in members { note(member, body, &facts) }
    noteConversation(body, &facts)
    for field in fields { facts.values[field.name] = value(of: field, body, members) }
    return facts
  }

  /// Of duplicates the last one counts.
  private func note(_ member: RequestFacts.Member, _ body: RawSpan, _ facts: inout RequestFacts) {
    switch member.key {
    case "model": facts.model = Self.string(body, member.value)
    case "stream": facts.stream = Self.isTrue(body, member.value)
    case "stream_options":
      let usage = JSONSyntax.value(of: "include_usage", body, in: member.value)
      facts.includesUsage = usage.map { Self.isTrue(body, $0) } ?? false
    case "session_id": facts.sessionID = Self.string(body, member.value)
    case "prompt_cache_key": facts.promptCacheKey = Self.string(body, member.value)
    case "max_tokens", "max_completion_tokens", "max_output_tokens":
      facts.maxTokens = Self.scalar(body, member.value).flatMap { Int($0) } ?? facts.maxTokens
    case "tools", "functions": noteTools(body, member.value, &facts)
    default: break
    }
  }

  private func noteTools(_ body: RawSpan, _ value: Range<Int>, _ facts: inout RequestFacts) {
    JSONSyntax.forEachElement(body, value.lowerBound) { tool in
      facts.hasTools = true
      let type = JSONSyntax.value(of: "type", body, in: tool).flatMap { Self.string(body, $0) }
      if let type, type != "function", type != "custom" { facts.hasServerTools = true }
      return true
    }
  }

  /// The conversation is told by how it begins. A system message further on does not count: it would move a
  /// conversation to another unit in the turn that adds it.
  private func noteConversation(_ body: RawSpan, _ facts: inout RequestFacts) {
    facts.systemMessage = facts.value(ofFirst: "system", "instructions")
    guard let opening = facts.value(ofFirst: "messages", "input", "prompt") else { return }
    guard body.byte(at: opening.lowerBound) == UInt8(ascii: "[") else {
      facts.firstMessage = opening
      return
    }
    JSONSyntax.forEachElement(body, opening.lowerBound) { message in
      let role = JSONSyntax.value(of: "role", body, in: message).flatMap { Self.string(body, $0) }
      guard role == "system" || role == "developer" else {
        // An array of bare strings or token numbers is one prompt, or one batch to embed.
        facts.firstMessage = body.byte(at: message.lowerBound) == UInt8(ascii: "{") ? message : opening
        return false
      }
      if facts.systemMessage == nil { facts.systemMessage = message }
      return true
    }
  }

  private func value(of field: Field, _ body: RawSpan, _ members: [RequestFacts.Member]) -> String? {
    // A member whose own name has the dots goes before the path.
    if let member = members.last(where: { $0.key == field.name }) { return Self.scalar(body, member.value) }
    guard let first = field.path.first, var range = members.last(where: { $0.key == first })?.value else { return nil }
    for name in field.path.dropFirst() {
      guard let inner = JSONSyntax.value(of: name, body, in: range) else { return nil }
      range = inner
    }
    return Self.scalar(body, range)
  }

  private static func isTrue(_ body: RawSpan, _ value: Range<Int>) -> Bool {
    body.byte(at: value.lowerBound) == UInt8(ascii: "t")
  }

  private static func string(_ body: RawSpan, _ value: Range<Int>) -> String? {
    guard body.byte(at: value.lowerBound) == UInt8(ascii: "\""), value.count <= textLimit else { return nil }
    return JSONText.decoded(body, value)
  }

  private static func scalar(_ body: RawSpan, _ value: Range<Int>) -> String? {
    switch body.byte(at: value.lowerBound) {
    case UInt8(ascii: "\""): string(body, value)
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "n"): nil
    default: value.count <= textLimit ? body.string(value) : nil
    }
  }
}

extension RequestFacts {
  /// The value of the first of these names that is there; of duplicates the last one.
  fileprivate func value(ofFirst names: String...) -> Range<Int>? {
    for name in names {
      if let member = members.last(where: { $0.key == name }) { return member.value }
    }
    return nil
  }
}
