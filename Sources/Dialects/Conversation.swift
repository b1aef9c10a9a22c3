/// Finds where a request's conversation begins, which is what tells it from others.

/// The conversation is told by how it begins. A system message further on does not count: it would move a conversation
/// to another unit in the turn that adds it.
struct Conversation {
  /// `system`, else `instructions`; the last of several duplicates.
  private var system: Range<Int>?
  private var systemName: RequestName?
  /// The member it begins in: `messages`, else `input`, else `prompt`; the last of several duplicates.
  private var openingName: RequestName?
  private var openingSystem: Range<Int>?
  private(set) var firstMessage: Range<Int>?
  private(set) var messageCount = 0
  private(set) var traits: RequestTraits = []
  private(set) var extras = MessageExtras()
  /// In a list of them: each gets an answer of its own.
  private(set) var promptCount = 0

  var systemMessage: Range<Int>? { system ?? openingSystem }

  /// - Parameter name: one of the five that this is told by.
  /// - Returns: the offset after the value; nil where it is not JSON.
  mutating func read(_ name: RequestName?, _ body: RawSpan, _ start: Int) -> Int? {
    if name == .system || name == .instructions {
      guard let end = JSONSyntax.skipValue(body, start, depth: 1) else { return nil }
      if name == .system || systemName != .system {
        (systemName, system) = (name, Self.withoutVolatileBlocks(body, start..<end))
      }
      return end
    }
    let counts =
      name == .messages || (name == .input && openingName != .messages)
      || (name == .prompt && (openingName == nil || openingName == .prompt))
    guard counts else { return JSONSyntax.skipValue(body, start, depth: 1) }
    openingName = name
    openingSystem = nil
    firstMessage = nil
    messageCount = 0
    promptCount = 0
    return readOpening(body, start)
  }

  /// The part of `system` that stays the same: without blocks that change with every request. Claude Code's begins
  /// `x-anthropic-billing-header:` and ends in a number used once (anthropics/claude-code#68900).
  ///
  /// - Returns: the first blocks of a list that come without such a one between them; of a text what follows such a line.
  private static func withoutVolatileBlocks(_ body: RawSpan, _ system: Range<Int>) -> Range<Int> {
    guard var blocks = JSONElements(body, at: system.lowerBound, depth: 1) else {
      return withoutVolatileLine(body, system)
    }
    var end = system.lowerBound
    var start: Int?
    while blocks.next(body, after: end) {
      var text: Range<Int>?
      guard let next = JSONSyntax.skipValue(body, blocks.at, depth: 2, finding: "text", &text) else { return system }
      let isVolatile = text.map { Self.isVolatile(body, $0) } ?? false
      if isVolatile, let start { return start..<end }
      // With nothing to leave out before it, the list's own beginning counts, as it always has.
      if !isVolatile, start == nil { start = end == system.lowerBound ? end : blocks.at }
      end = next
    }
    guard let start else { return end == system.lowerBound ? system : end..<system.upperBound }
    return start..<system.upperBound
  }

  private static func isVolatile(_ body: RawSpan, _ text: Range<Int>) -> Bool { endOfVolatileName(body, text) != nil }

  private static let escapedSpaces: [StaticString] = ["\\n", "\\r", "\\t"]

  private static func endOfVolatileName(_ body: RawSpan, _ text: Range<Int>) -> Int? {
    guard body.byte(at: text.lowerBound) == UInt8(ascii: "\"") else { return nil }
    var at = text.lowerBound + 1
    // Space before it, as it stands or escaped.
    while let byte = body.byte(ifAt: at) {
      if byte == UInt8(ascii: " ") {
        at += 1
      } else if escapedSpaces.contains(where: { body.holds($0, at: at) }) {
        at += 2
      } else {
        break
      }
    }
    let name: StaticString = "x-anthropic-billing-header:"
    return body.holds(name, at: at) ? at + name.utf8CodeUnitCount : nil
  }

  /// The text from the end of its first line on, where that line is volatile.
  private static func withoutVolatileLine(_ body: RawSpan, _ text: Range<Int>) -> Range<Int> {
    guard var at = endOfVolatileName(body, text) else { return text }
    while at < text.upperBound, !body.holds("\\n", at: at) { at += body.byte(at: at) == UInt8(ascii: "\\") ? 2 : 1 }
    return min(at, text.upperBound)..<text.upperBound
  }

  private mutating func readOpening(_ body: RawSpan, _ start: Int) -> Int? {
    guard var messages = JSONElements(body, at: start, depth: 1) else {
      guard let end = JSONSyntax.skipValue(body, start, depth: 1) else { return nil }
      firstMessage = start..<end
      return end
    }
    var end = start
    var isBatch = false
    while messages.next(body, after: end) {
      let message = messages.at
      if openingName == .prompt, isPrompt(body, message) { promptCount += 1 }
      var parts = MessageParts()
      guard let messageEnd = parts.read(body, message) else { return nil }
      end = messageEnd
      traits.formUnion(parts.traits)
      extras.formUnion(parts.extras)
      if isBatch || firstMessage != nil {
        if !isBatch { messageCount += 1 }
        continue
      }
      if parts.isSystem {
        openingSystem = openingSystem ?? message..<messageEnd
      } else if body.byte(at: message) == UInt8(ascii: "{") {
        firstMessage = message..<messageEnd
        messageCount = 1
      } else {
        // An array of bare strings or token numbers is one prompt, or one batch to embed.
        isBatch = true
      }
    }
    guard !messages.hasFailed else { return nil }
    if isBatch { firstMessage = start..<messages.at }
    return messages.at
  }

  /// A text or a list of tokens; a bare number is one token of a single prompt.
  private func isPrompt(_ body: RawSpan, _ start: Int) -> Bool {
    body.byte(at: start) == UInt8(ascii: "\"") || body.byte(at: start) == UInt8(ascii: "[")
  }
}
