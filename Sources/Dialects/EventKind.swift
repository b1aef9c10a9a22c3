/// Sorts the event types of the Responses API, of Anthropic's Messages and of images by what they mean for an answer.

extension ShortText {
  /// One of the names under which Anthropic's SDKs read an event.
  var namesMessageEvent: Bool { hasPrefix("message_") || hasPrefix("content_block_") }
}

enum EventKind: UInt8, Sendable {
  case error, ping
  /// Ends the answer: `message_stop`, `response.completed` and its kin.
  case terminal, failed
  /// `response.created`: a response begins.
  case created
  /// Deltas of the Responses API, by what they bring.
  case contentDelta, reasoningDelta, refusalDelta, toolDelta
  /// A picture while it is made, and as it is.
  case partialPicture, picture
  case other

  /// - Parameter text: `type` of the event's data, or its SSE name.
  init(_ text: borrowing ShortText) {
    if text.hasPrefix("response.") {
      self = Self.ofResponse(text)
    } else if text == "message_stop" {
      self = .terminal
    } else if text == "error" {
      self = .error
    } else if text.hasPrefix("image_generation.") || text.hasPrefix("image_edit.") {
      self = Self.ofPicture(text)
    } else {
      self = text == "ping" ? .ping : .other
    }
  }

  private static func ofPicture(_ text: borrowing ShortText) -> EventKind {
    if text.hasSuffix(".partial_image") { return .partialPicture }
    if text.hasSuffix(".failed") { return .failed }
    return text.hasSuffix(".completed") ? .picture : .other
  }

  /// Also the names of OpenRouter's prose, `response.content_part.delta` and `response.done`. New ones ship without
  /// notice, so deltas go by the words in their names.
  private static func ofResponse(_ text: borrowing ShortText) -> EventKind {
    if text.hasSuffix(".delta") {
      if text.contains("refusal") { return .refusalDelta }
      if text.contains("reasoning") { return .reasoningDelta }
      if text.contains("arguments") { return .toolDelta }
      return text.contains("_call") ? .toolDelta : .contentDelta
    }
    if text == "response.created" { return .created }
    if text == "response.failed" { return .failed }
    if text == "response.completed" { return .terminal }
    if text == "response.incomplete" { return .terminal }
    if text == "response.done" { return .terminal }
    return text == "response.cancelled" ? .terminal : .other
  }
}
