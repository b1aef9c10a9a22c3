/// Tells what a content part, a block or an output item of an answer brings, once all of its members have been read.

/// Members come in any order, so what it is and what is in it are put together only at its end.
struct ContentPart: Sendable {
  enum Kind: UInt8, Sendable {
    case text, reasoning, hiddenReasoning, picture, sound
    /// A call that the application answers, which has a name.
    case call
    /// A call that the arm answers itself.
    case ownCall
    case pictureCall
  }

  private(set) var kind = Kind.text
  private var hasText = false
  private var hasData = false
  private var hasName = false

  mutating func read(_ name: AnswerName?, _ text: borrowing ShortText) {
    switch name {
    case .type: kind = Kind(text)
    case .text, .transcript: hasText = true
    case .data, .imageURL, .base64JSON, .result: hasData = true
    case .name: hasName = true
    default: break
    }
  }

  /// - Parameter item: the Responses API's item around it.
  func parts(within item: ContentPart) -> AnswerStatement.Parts {
    switch kind {
    case .hiddenReasoning: .reasoning
    case .picture: hasData ? [.content, .picture] : []
    case .sound: hasData || hasText ? [.content, .sound] : []
    case .call: hasName ? .toolCall : []
    case .ownCall: .toolCall
    case .reasoning: hasText ? .reasoning : []
    case .text, .pictureCall: hasText ? (item.kind == .reasoning ? .reasoning : .content) : []
    }
  }

  /// The same of an item whose content parts have been read by themselves.
  var partsOfItem: AnswerStatement.Parts {
    switch kind {
    case .call: hasName ? .toolCall : []
    case .ownCall: .toolCall
    case .pictureCall: hasData ? [.content, .picture] : []
    case .text, .reasoning, .hiddenReasoning, .picture, .sound: []
    }
  }
}

extension ContentPart.Kind {
  /// - Parameter text: `type` of a part, a block or an item.
  init(_ text: borrowing ShortText) {
    // By far the most common ones first.
    if text == "text" || text == "output_text" || text == "message" {
      self = .text
    } else if text.hasSuffix("tool_use") || text == "function_call" || text == "custom_tool_call" {
      self = .call
    } else if text == "image_generation_call" {
      self = .pictureCall
    } else if text.hasSuffix("_call") {
      self = .ownCall
    } else if text == "redacted_thinking" {
      self = .hiddenReasoning
    } else if text == "thinking" || text.contains("reasoning") {
      self = .reasoning
    } else if text.hasPrefix("image") || text.hasPrefix("output_image") || text.hasPrefix("input_image") {
      self = .picture
    } else {
      self = text.contains("audio") ? .sound : .text
    }
  }
}
