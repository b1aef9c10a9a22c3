/// Finds where a request's conversation begins, which is what tells it from others.

/// The conversation is told by how it begins. A system message further on does not count: it would move a conversation
/// to another unit in the turn that adds it.
struct Conversation {
  /// `system`, else `instructions`; of duplicates the last one.
  private var system: Range<Int>?
  private var systemName: RequestName?
  /// Of `messages`, else `input`, else `prompt`; of duplicates the last one.
  private var openingName: RequestName?
  private var openingSystem: Range<Int>?
  private(set) var firstMessage: Range<Int>?
  private(set) var messageCount = 0
  private(set) var traits: RequestTraits = []
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

  /// From the first block of a list on that is not one of those which change with every request: Claude Code's begins
  /// `x-anthropic-billing-header:` and ends in a number used once (anthropics/claude-code#68900).
  private static func withoutVolatileBlocks(_ body: RawSpan, _ system: Range<Int>) -> Range<Int> {
    guard var blocks = JSONElements(body, at: system.lowerBound, depth: 1) else { return system }
    var end = system.lowerBound
    while blocks.next(body, after: end) {
      var text: Range<Int>?
      guard let next = JSONSyntax.skipValue(body, blocks.at, depth: 2, finding: "text", &text) else { return system }
      guard let text, body.holds("\"x-anthropic-billing-header:", at: text.lowerBound) else {
        return end == system.lowerBound ? system : blocks.at..<system.upperBound
      }
      end = next
    }
    return end == system.lowerBound ? system : end..<system.upperBound
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
