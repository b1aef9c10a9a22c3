/// Notes what the strings, numbers and booleans of an answer's document say, by where they stand.

extension AnswerDocument {
  mutating func stringRead() {
    let isEmpty = tokenizer.text.isEmpty
    switch place {
    case .outside: if !isEmpty { statement.signs.insert(.bareString) }
    case .parts, .media, .data, .toolCalls, .reasoning: if !isEmpty { elementRead() }
    case .choice, .chunk, .eventDelta, .part, .item: if !isEmpty { pieceRead() }
    case .root, .answer, .error, .errorMetadata, .dataObject, .incompleteDetails: labelRead(isEmpty: isEmpty)
    case .usage, .inputDetails, .outputDetails, .costDetails: numberRead()
    default: break
    }
  }

  /// A bare value as an element of an array.
  private mutating func elementRead() {
    switch place {
    case .parts, .media: statement.parts.insert(.content)
    case .data: statement.parts.insert(.data)
    case .toolCalls: statement.parts.insert(.toolCall)
    case .reasoning: statement.parts.insert(.reasoning)
    default: break
    }
  }

  /// A string of a message, a delta or a part.
  private mutating func pieceRead() {
    switch (place, name) {
    case (.choice, .text), (.chunk, .content), (.eventDelta, .text): statement.parts.insert(.content)
    case (.chunk, .reasoning), (.chunk, .reasoningContent), (.eventDelta, .thinking), (.part, .thinking):
      statement.parts.insert(.reasoning)
    case (.chunk, .refusal), (.part, .refusal): statement.parts.formUnion([.refusal, .content])
    case (.eventDelta, .partialJSON): statement.parts.insert(.toolCall)
    case (.choice, .finishReason): finishRead(tokenizer.text.string)
    case (.choice, .error): statement.signs.insert(.error)
    case (.eventDelta, .stopReason): finishRead(tokenizer.text.string)
    case (.part, .text): partHasText = true
    case (.part, .type): partTypeRead()
    case (.item, .type):
      itemIsReasoning = tokenizer.text == "reasoning"
      if tokenizer.text.hasSuffix("_call") { statement.parts.insert(.toolCall) }
    default: break
    }
  }

  private mutating func finishRead(_ reason: String?) {
    choiceIsFinished = true
    // Of several choices the first one's reason stands for the answer, unless another failed.
    let replaces = statement.finishReason == nil || reason.map { FinishKind(native: $0) } == .error
    if replaces { statement.finishReason = reason }
  }

  private mutating func partTypeRead() {
    partIsReasoning = false
    // By far the most common ones first.
    if tokenizer.text == "text" || tokenizer.text == "output_text" { return }
    if tokenizer.text.hasSuffix("tool_use") { statement.parts.insert(.toolCall) }
    let isMedia =
      tokenizer.text.hasPrefix("image") || tokenizer.text.hasPrefix("output_image")
      || tokenizer.text.hasPrefix("output_audio")
    if isMedia { statement.parts.insert(.content) }
    partIsReasoning = tokenizer.text.contains("reasoning") || tokenizer.text == "thinking"
    if tokenizer.text == "redacted_thinking" { statement.parts.insert(.reasoning) }
  }

  /// A string beside or within an error, or of the document's head.
  private mutating func labelRead(isEmpty: Bool) {
    guard !isEmpty else { return }
    if knowsIdentity, name == .id || name == .model { return }
    switch (place, name) {
    case (.root, .id), (.answer, .id): if statement.id == nil { statement.id = tokenizer.text.string }
    case (.root, .model), (.answer, .model): if statement.model == nil { statement.model = tokenizer.text.string }
    case (.root, .type):
      statement.kind = EventKind(tokenizer.text)
      // Only an error's type is wanted: events are too many to make a String of each one's.
      if tokenizer.text.hasSuffix("error") || tokenizer.text.hasSuffix("Error") {
        statement.type = tokenizer.text.string
      }
    case (.root, .object): if tokenizer.text == "error" { statement.signs.insert(.objectIsError) }
    case (.root, .code): statement.code = tokenizer.text.string
    case (.root, .status), (.answer, .status): statement.status = tokenizer.text.string
    case (.root, .message), (.root, .msg): statement.signs.insert(.message)
    case (.root, .detail): statement.signs.insert(.detail)
    case (.root, .error), (.answer, .error): statement.signs.insert(.error)
    case (.root, .delta): statement.parts.insert(.plainDelta)
    case (.root, .content): statement.parts.insert(.content)
    case (.root, .stopReason), (.answer, .stopReason): finishRead(tokenizer.text.string)
    case (.root, .errorType), (.error, .errorType), (.errorMetadata, .errorType):
      statement.errorType = tokenizer.text.string
    case (.root, .cost): statement.cost = Decimal.parse(tokenizer.text)
    case (.error, .code): statement.errorCode = tokenizer.text.string
    case (.error, .type), (.error, .status): statement.errorType = statement.errorType ?? tokenizer.text.string
    case (.dataObject, .status): if tokenizer.text == "failed" { statement.signs.insert(.failedData) }
    case (.incompleteDetails, .reason): statement.incompleteReason = tokenizer.text.string
    default: break
    }
  }

  mutating func boolRead(_ value: Bool) {
    switch (place, name) {
    case (.usage, .isBYOK): statement.usage.isBYOK = value
    case (.root, .error), (.answer, .error), (.choice, .error): if value { statement.signs.insert(.error) }
    default: break
    }
  }
}

// MARK: Numbers

extension AnswerDocument {
  mutating func numberRead() {
    guard let name, tokenizer.text.count <= ShortText.capacity else {
      return place == .data ? elementRead() : ()
    }
    switch place {
    case .choice: if name == .index { choiceIndex = tokenizer.integer ?? tokenizer.text.integer }
    case .usage, .inputDetails, .outputDetails, .costDetails:
      statement.usage.note(name, in: place, tokenizer.integer, tokenizer.text)
    case .error: if name == .code { statement.errorCode = tokenizer.string }
    case .baseResponse:
      if name == .statusCode, tokenizer.string != "0" {
        statement.signs.insert(.failedBase)
        statement.baseStatus = tokenizer.string
      }
    case .root:
      switch name {
      case .code: statement.code = tokenizer.string
      case .status: statement.status = tokenizer.string
      case .cost: statement.cost = tokenizer.integer.map(Double.init) ?? Decimal.parse(tokenizer.text)
      case .error: if tokenizer.string.flatMap(Double.init) != 0 { statement.signs.insert(.error) }
      default: break
      }
    case .data: elementRead()
    default: break
    }
  }
}
