/// Maps where one can be inside of an answer, in all dialects at once: their shapes do not contradict each other.

/// A container of an answer that is worth entering.
enum AnswerPlace: UInt8, Sendable {
  /// Around the document itself.
  case outside
  /// The document's object; an array of them (Gemini's errors) has `roots` around it.
  case root, roots
  /// `response` of the Responses API and `message` of an Anthropic `message_start`: a root within the root.
  case answer
  case choices, choice
  /// `delta` or `message` of a choice.
  case chunk
  /// `delta` of an Anthropic event.
  case eventDelta
  /// Content parts and blocks; `output` of the Responses API and its items.
  case parts, part, items, item
  /// Arrays of which only matters that something is in them.
  case toolCalls, reasoning, media, data
  case dataObject
  case usage, inputDetails, outputDetails, costDetails
  case error, errorMetadata
  case incompleteDetails, groq, baseResponse

  /// Where the container under a name leads, or nil if nothing in it matters.
  @inline(__always)
  func below(_ name: AnswerName, isObject: Bool) -> AnswerPlace? {
    isObject ? object(below: name) : array(below: name)
  }

  private func object(below name: AnswerName) -> AnswerPlace? {
    switch (self, name) {
    case (_, .usage): .usage
    case (.root, .error), (.answer, .error), (.choice, .error), (.chunk, .error): .error
    case (.root, .response), (.root, .message): .answer
    case (.root, .delta): .eventDelta
    case (.root, .contentBlock), (.root, .part): .part
    case (.root, .item): .item
    case (.root, .data): .dataObject
    case (.root, .groq): .groq
    case (.root, .baseResponse): .baseResponse
    case (.root, .incompleteDetails), (.answer, .incompleteDetails): .incompleteDetails
    case (.choice, .delta), (.choice, .message): .chunk
    case (.usage, .promptTokensDetails), (.usage, .inputTokensDetails): .inputDetails
    case (.usage, .completionTokensDetails), (.usage, .outputTokensDetails): .outputDetails
    case (.usage, .costDetails): .costDetails
    case (.error, .metadata): .errorMetadata
    default: nil
    }
  }

  private func array(below name: AnswerName) -> AnswerPlace? {
    switch (self, name) {
    case (.root, .choices): .choices
    case (.root, .content), (.answer, .content), (.chunk, .content), (.item, .content): .parts
    case (.root, .output), (.answer, .output): .items
    case (.root, .data): .data
    case (.chunk, .toolCalls): .toolCalls
    case (.chunk, .images): .media
    case (.chunk, .reasoningDetails), (.part, .thinking), (.item, .summary): .reasoning
    default: nil
    }
  }

  /// Usage, whose numbers some relays write as strings.
  @inline(__always)
  var holdsNumbers: Bool {
    switch self {
    case .usage, .inputDetails, .outputDetails, .costDetails: true
    default: false
    }
  }

  /// What the elements of this array are, where they are worth entering.
  @inline(__always)
  var element: AnswerPlace? {
    switch self {
    case .outside, .roots: .root
    case .choices: .choice
    case .parts: .part
    case .items: .item
    default: nil
    }
  }
}
