/// Reads one JSON document of an answer, piece by piece, and keeps only what it says about the answer.

struct AnswerDocument: Sendable {
  private(set) var statement = AnswerStatement()
  private var tokenizer = JSONTokenizer()

  /// The places around the current one, eight bits each, the innermost lowest. No way through `AnswerPlace` is longer
  /// than 16; what is not on one is skipped as a whole.
  private var outer: UInt128 = 0
  private var place = AnswerPlace.outside
  private var name: AnswerName?

  // Of the choice and the content part being read; their members come in any order.
  private var choiceCount = 0
  private var choiceIndex: Int?
  private var choiceIsFinished = false
  private var partHasText = false
  private var partIsReasoning = false
  private var itemIsReasoning = false

  /// A value has begun and ended, and nothing else was there.
  var isComplete: Bool { tokenizer.isClosed }
  /// A value has begun and ended, whatever came after it.
  var hasEnded: Bool { tokenizer.hasEnded }
  var hasFailed: Bool { tokenizer.state == .failed }

  mutating func reset() {
    tokenizer.reset()
    statement = AnswerStatement()
    outer = 0
    place = .outside
    name = nil
    choiceCount = 0
  }

  /// No more bytes will come.
  mutating func finish() { _ = tokenizer.finish() }

  /// - Parameter knowsIdentity: id and model are known from an earlier document and need no keeping.
  mutating func read(_ bytes: RawSpan, _ start: Int, _ end: Int, knowsIdentity: Bool) {
    var at = start
    while true {
      switch tokenizer.next(in: bytes, at: &at, to: end) {
      case .more, .failed: return
      case .key: keyRead(knowsIdentity)
      case .string: stringRead()
      case .number: numberRead()
      case .bool(let value): boolRead(value)
      case .null, .skipped: break
      case .beginObject: containerBegan(isObject: true)
      case .beginArray: containerBegan(isObject: false)
      case .end: containerEnded()
      }
    }
  }

  private mutating func keyRead(_ knowsIdentity: Bool) {
    name = AnswerName(tokenizer.text)
    if place == .error { statement.signs.insert(.error) }
    guard let name else { return }
    let isKnown = knowsIdentity && (name == .id || name == .model)
    tokenizer.keepsText = (name.hasTellingText && !isKnown) || place.holdsNumbers
    if place == .errorMetadata, name == .reasons || name == .patterns || name == .flaggedInput {
      statement.signs.insert(.contentPolicy)
    }
  }
}

// MARK: Containers

extension AnswerDocument {
  private mutating func containerBegan(isObject: Bool) {
    noteContainer(isObject: isObject)
    guard let inner = innerPlace(isObject: isObject) else { return tokenizer.skipContainer() }
    outer = outer << 8 | UInt128(place.rawValue)
    place = inner
    name = nil
    switch inner {
    case .choice:
      choiceIndex = nil
      choiceIsFinished = false
    case .part:
      partHasText = false
      partIsReasoning = false
    case .item: itemIsReasoning = false
    default: break
    }
  }

  private func innerPlace(isObject: Bool) -> AnswerPlace? {
    if isObject, let element = place.element { return element }
    if place == .outside { return .roots }
    return name.flatMap { place.below($0, isObject: isObject) }
  }

  private mutating func noteContainer(isObject: Bool) {
    switch place {
    case .toolCalls: statement.parts.insert(.toolCall)
    case .reasoning: statement.parts.insert(.reasoning)
    case .media: statement.parts.insert(.content)
    case .data: statement.parts.insert(.data)
    case .root, .answer, .chunk:
      switch name {
      case .functionCall where isObject && place == .chunk: statement.parts.insert(.toolCall)
      case .audio where isObject && place == .chunk: statement.parts.insert(.content)
      case .error where !isObject: statement.signs.insert(.error)
      case .detail: statement.signs.insert(.detail)
      case .message, .msg: statement.signs.insert(.message)
      case .choices, .output, .content, .data: statement.parts.insert(.answer)
      default: break
      }
    default: break
    }
  }

  private mutating func containerEnded() {
    switch place {
    case .choice:
      let bit = UInt64(1) << UInt64(min(max(choiceIndex ?? choiceCount, 0), 63))
      statement.choices |= bit
      if choiceIsFinished { statement.finishedChoices |= bit }
      choiceCount += 1
    case .part where partHasText:
      statement.parts.insert(partIsReasoning || itemIsReasoning ? .reasoning : .content)
    case .item: itemIsReasoning = false
    default: break
    }
    place = AnswerPlace(rawValue: UInt8(truncatingIfNeeded: outer)) ?? .outside
    outer >>= 8
    name = nil
  }
}

// MARK: Scalars

extension AnswerDocument {
  private mutating func stringRead() {
    let isEmpty = tokenizer.text.isEmpty
    switch place {
    case .outside: if !isEmpty { statement.signs.insert(.bareString) }
    case .parts, .media, .data, .toolCalls, .reasoning: if !isEmpty { elementRead() }
    case .choice, .chunk, .eventDelta, .part, .item: if !isEmpty { pieceRead() }
    case .root, .answer, .error, .dataObject, .incompleteDetails: labelRead(isEmpty: isEmpty)
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
    let media: [StaticString] = ["image", "output_image", "output_audio"]
    if media.contains(where: { tokenizer.text.hasPrefix($0) }) { statement.parts.insert(.content) }
    partIsReasoning = tokenizer.text.contains("reasoning") || tokenizer.text == "thinking"
    if tokenizer.text == "redacted_thinking" { statement.parts.insert(.reasoning) }
  }

  /// A string beside or within an error, or of the document's head.
  private mutating func labelRead(isEmpty: Bool) {
    guard !isEmpty else { return }
    switch (place, name) {
    case (.root, .id), (.answer, .id): statement.id = statement.id ?? tokenizer.text.string
    case (.root, .model), (.answer, .model): statement.model = statement.model ?? tokenizer.text.string
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
    case (.root, .errorType), (.error, .errorType): statement.errorType = tokenizer.text.string
    case (.root, .cost): statement.cost = tokenizer.text.string.flatMap(Decimal.parse)
    case (.error, .code): statement.errorCode = tokenizer.text.string
    case (.error, .type), (.error, .status): statement.errorType = statement.errorType ?? tokenizer.text.string
    case (.dataObject, .status): if tokenizer.text == "failed" { statement.signs.insert(.failedData) }
    case (.incompleteDetails, .reason): statement.incompleteReason = tokenizer.text.string
    default: break
    }
  }

  private mutating func boolRead(_ value: Bool) {
    switch (place, name) {
    case (.usage, .isBYOK): statement.usage.isBYOK = value
    case (.root, .error), (.answer, .error), (.choice, .error): if value { statement.signs.insert(.error) }
    default: break
    }
  }
}

// MARK: Numbers

extension AnswerDocument {
  private mutating func numberRead() {
    guard let name, let text = tokenizer.text.string else {
      return place == .data ? elementRead() : ()
    }
    switch place {
    case .choice: if name == .index { choiceIndex = Int(text) }
    case .usage, .inputDetails, .outputDetails, .costDetails: statement.usage.note(name, in: place, text)
    case .error: if name == .code { statement.errorCode = text }
    case .baseResponse:
      if name == .statusCode, text != "0" {
        statement.signs.insert(.failedBase)
        statement.baseStatus = text
      }
    case .root:
      switch name {
      case .code: statement.code = text
      case .status: statement.status = text
      case .cost: statement.cost = Decimal.parse(text)
      case .error: if Double(text) != 0 { statement.signs.insert(.error) }
      default: break
      }
    case .data: elementRead()
    default: break
    }
  }
}
