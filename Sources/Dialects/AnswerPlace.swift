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
  /// One of `tool_calls`, and the `function`, `custom` or `function_call` with its name.
  case toolCall, function
  /// `delta` of an Anthropic event.
  case eventDelta
  /// Content parts and blocks; `output` of the Responses API and its items.
  case parts, part, items, item
  /// Arrays of which only matters that something is in them.
  case toolCalls, reasoning, media, data
  /// The elements of those arrays: a piece of reasoning, a picture, something to hear, an embedding and its numbers.
  case thought, picture, sound, datum, vector
  case dataObject
  case usage, inputDetails, outputDetails, costDetails
  /// A cost that is an object, in `usage` and beside it; `outputs` of a job.
  case usageCost, cost, outputs
  case error, errors, errorMetadata
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
    case (.root, .cost), (.answer, .cost): .cost
    case (.root, .outputs): .outputs
    case (.root, .delta): .eventDelta
    case (.root, .contentBlock), (.root, .part): .part
    case (.root, .item): .item
    case (.root, .data): .dataObject
    case (.root, .groq): .groq
    case (.root, .baseResponse): .baseResponse
    case (.root, .incompleteDetails), (.answer, .incompleteDetails): .incompleteDetails
    case (.choice, .delta), (.choice, .message): .chunk
    case (.chunk, .functionCall), (.toolCall, .function), (.toolCall, .custom): .function
    case (.chunk, .audio), (.part, .audio), (.part, .inputAudio): .sound
    case (.picture, .imageURL), (.part, .imageURL), (.part, .source): .picture
    case (.usage, .cost): .usageCost
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
    case (.datum, .embedding): .vector
    case (.root, .error), (.answer, .error), (.choice, .error): .errors
    case (.chunk, .toolCalls): .toolCalls
    case (.chunk, .images), (.root, .images): .media
    case (.chunk, .reasoningDetails), (.part, .thinking), (.item, .summary): .reasoning
    default: nil
    }
  }

  /// Usage, whose numbers some relays write as strings.
  @inline(__always)
  var holdsNumbers: Bool {
    switch self {
    case .usage, .inputDetails, .outputDetails, .costDetails, .usageCost, .cost, .outputs: true
    default: false
    }
  }

  /// Where a text can be prose about an error.
  @inline(__always)
  var holdsProse: Bool {
    switch self {
    case .root, .error, .errorMetadata, .baseResponse: true
    default: false
    }
  }

  /// The place of this array's elements, where they are worth entering.
  @inline(__always)
  var element: AnswerPlace? {
    switch self {
    case .outside, .roots: .root
    case .choices: .choice
    case .parts: .part
    case .items: .item
    case .toolCalls: .toolCall
    case .reasoning: .thought
    case .media: .picture
    case .data: .datum
    case .errors: .error
    default: nil
    }
  }
}
