/// Reads a request's body on its way in: one strict pass that accepts it and notes what matters as it goes.

package struct RequestReader: Sendable {
  /// A body with more members than this is not read.
  static let memberLimit = 1024
  /// A string token longer than this many bytes counts as absent where its text is wanted.
  static let textLimit = 1024
  /// More choices than this count as so many.
  static let choiceLimit = 1 << 10

  /// A field that was asked for.
  struct Field: Sendable {
    let name: FieldName
    let path: [FieldName]
  }
  private let fields: [Field]

  /// - Parameter fields: body fields to report in `RequestFacts.values`, such as `user` or, by a dotted path,
  ///   `metadata.team`.
  package init(fields: [String] = []) {
    self.fields = Set(fields).map {
      Field(name: FieldName($0), path: $0.split(separator: ".").map { FieldName(String($0)) })
    }
  }

  /// - Returns: nil where the body is not exactly one JSON object, as RFC 8259 has it, in UTF-8, at most 128 levels
  ///   deep and of at most 1,024 members.
  package func read(_ body: RawSpan) -> RequestFacts? {
    let start = JSONSyntax.skipSpace(body, 0)
    guard var members = JSONMembers(body, at: start, depth: 0) else { return nil }
    var facts = RequestFacts()
    facts.places.reserveCapacity(16)
    var conversation = Conversation()
    var end = start
    while let key = members.nextKey(body, after: end) {
      let value = members.value
      let name = Self.name(of: key, body, &facts)
      guard facts.places.count < Self.memberLimit,
        let valueEnd = Self.skipValue(of: name, body, value, &facts, &conversation)
      else { return nil }
      let place = RequestFacts.Place(
        name: name, other: facts.otherKeys.count &- 1, key: key, value: value..<valueEnd)
      facts.places.append(place)
      if let name {
        facts.features.insert(name)
        Self.note(name, place.value, body, &facts)
      }
      end = valueEnd
    }
    guard !members.hasFailed, JSONSyntax.skipSpace(body, members.value) == body.byteCount else { return nil }
    facts.systemMessage = conversation.systemMessage
    facts.firstMessage = conversation.firstMessage
    facts.messageCount = conversation.messageCount
    facts.traits.formUnion(conversation.traits)
    facts.extras = conversation.extras
    if facts.hasSchema, facts.stream || facts.hasTools { facts.traits.insert(.schemaWithTools) }
    facts.asksForChoices = facts.asksForChoices || conversation.promptCount > 1
    for field in fields { Self.note(field, body, &facts) }
    return facts
  }

  /// Nil for a name that is kept as text.
  @inline(__always)
  private static func name(of key: Range<Int>, _ body: RawSpan, _ facts: inout RequestFacts) -> RequestName? {
    if let name = RequestName(body, key) { return name }
    let text = JSONText.decoded(body, key)
    // Escaped, it may be one all the same.
    if let name = RequestName(text: text) { return name }
    facts.otherKeys.append(text)
    facts.features.insertOther()
    return nil
  }

  @inline(__always)
  private static func skipValue(
    of name: RequestName?, _ body: RawSpan, _ start: Int, _ facts: inout RequestFacts,
    _ conversation: inout Conversation
  ) -> Int? {
    switch name {
    case .messages, .input, .prompt, .system, .instructions: conversation.read(name, body, start)
    case .tools, .functions: skipTools(body, start, &facts)
    default: JSONSyntax.skipValue(body, start, depth: 1)
    }
  }

  /// The last of several duplicates counts.
  @inline(__always)
  private static func note(_ name: RequestName, _ value: Range<Int>, _ body: RawSpan, _ facts: inout RequestFacts) {
    switch name {
    case .model:
      facts.model = string(body, value)
      noteVariant(value, body, &facts)
    case .stream: facts.stream = isTrue(body, value)
    case .streamOptions:
      var usage: Range<Int>?
      _ = JSONSyntax.skipValue(body, value.lowerBound, depth: 0, finding: "include_usage", &usage)
      facts.includesUsage = usage.map { isTrue(body, $0) } ?? false
    case .n:
      facts.choiceCount = max(1, min(count(body, value) ?? 1, Self.choiceLimit))
      facts.asksForChoices = facts.choiceCount > 1
      noteTraits(name, value, body, &facts)
    case .modalities:
      facts.media = media(body, value)
      if facts.media.contains(.pictures) { facts.traits.insert(.pictures) }
      noteTraits(name, value, body, &facts)
    case .background:
      facts.runsInBackground = isTrue(body, value)
      noteTraits(name, value, body, &facts)
    case .sessionID: facts.sessionID = string(body, value)
    case .promptCacheKey: facts.promptCacheKey = string(body, value)
    case .metadata: facts.userID = JSONSyntax.value(of: userIDName, body, in: value).flatMap { string(body, $0) }
    case .maxTokens, .maxCompletionTokens, .maxOutputTokens:
      facts.maxTokens = count(body, value) ?? facts.maxTokens
    case .messages, .input, .tools, .temperature, .topP: break
    default: noteTraits(name, value, body, &facts)
    }
  }

  private static let userIDName = FieldName("user_id")

  private static func media(_ body: RawSpan, _ value: Range<Int>) -> AskedMedia {
    var media: AskedMedia = []
    guard var words = JSONElements(body, at: value.lowerBound, depth: 1) else { return media }
    var end = value.lowerBound
    while words.next(body, after: end), let wordEnd = JSONSyntax.skipValue(body, words.at, depth: 2) {
      let word = words.at..<wordEnd
      if isString(body, word), JSONText.holds("image", body, word) { media.insert(.pictures) }
      if isString(body, word), JSONText.holds("audio", body, word) { media.insert(.sound) }
      end = wordEnd
    }
    return media
  }

  /// Over the tools, of any duplicate of them.
  private static func skipTools(_ body: RawSpan, _ start: Int, _ facts: inout RequestFacts) -> Int? {
    guard var tools = JSONElements(body, at: start, depth: 1) else {
      return JSONSyntax.skipValue(body, start, depth: 1)
    }
    var end = start
    while tools.next(body, after: end) {
      facts.hasTools = true
      var type: Range<Int>?
      guard let toolEnd = JSONSyntax.skipValue(body, tools.at, depth: 2, finding: "type", &type) else { return nil }
      if let type, isString(body, type), !JSONText.holds("function", body, type), !JSONText.holds("custom", body, type),
        !isRunByApplication(JSONText.decoded(body, type))
      {
        facts.traits.insert(.serverTools)
        NestedSecrets.find(body, tools.at..<toolEnd, &facts.nestedSecrets)
      }
      end = toolEnd
    }
    return tools.hasFailed ? nil : tools.at
  }

  /// Tools that a vendor defines and the application runs.
  private static func isRunByApplication(_ type: String) -> Bool {
    type == "local_shell"
      || ["bash_20", "text_editor_20", "computer_20", "memory_20"].contains { type.hasPrefix($0) }
  }
}

// MARK: Values

extension RequestReader {
  @inline(__always)
  private static func isTrue(_ body: RawSpan, _ value: Range<Int>) -> Bool {
    body.byte(at: value.lowerBound) == UInt8(ascii: "t")
  }

  @inline(__always)
  static func isString(_ body: RawSpan, _ value: Range<Int>) -> Bool {
    body.byte(at: value.lowerBound) == UInt8(ascii: "\"") && value.count <= textLimit
  }

  private static func string(_ body: RawSpan, _ value: Range<Int>) -> String? {
    isString(body, value) ? JSONText.decoded(body, value) : nil
  }

  static func scalar(_ body: RawSpan, _ value: Range<Int>) -> String? {
    switch body.byte(at: value.lowerBound) {
    case UInt8(ascii: "\""): string(body, value)
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "n"): nil
    default: value.count <= textLimit ? body.string(value) : nil
    }
  }

  static func count(_ body: RawSpan, _ value: Range<Int>) -> Int? {
    guard value.count <= 18 else { return scalar(body, value).flatMap { Int($0) } }
    var count = 0
    for offset in value {
      let digit = body.byte(at: offset) &- UInt8(ascii: "0")
      guard digit < 10 else { return scalar(body, value).flatMap { Int($0) } }
      count = count &* 10 &+ Int(digit)
    }
    return count
  }
}
