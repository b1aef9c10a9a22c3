/// Notes what the strings, numbers and booleans of an answer's document say, by where they stand.

extension AnswerDocument {
  mutating func stringRead() {
    let isEmpty = tokenizer.text.isEmpty
    switch place {
    case .outside:
      if !isEmpty { statement.signs.insert(.bareString) }
      proseRead()
    case .vector: vectorBegan(isVector: false)
    case .parts, .media, .data, .reasoning, .errors: if !isEmpty { elementRead() }
    case .choice, .chunk, .eventDelta, .part, .item, .picture, .sound, .thought, .toolCall, .function, .datum:
      if !isEmpty { pieceRead() }
    case .root, .answer, .error, .errorMetadata, .dataObject, .incompleteDetails, .baseResponse:
      labelRead(isEmpty: isEmpty)
    case .usage, .inputDetails, .outputDetails, .costDetails, .usageCost, .cost, .outputs: numberRead()
    default: break
    }
  }

  /// Where what is found belongs: it depends on the rest of the answer whether an application reads it.
  @inline(__always)
  mutating func insert(_ parts: AnswerStatement.Parts) {
    guard !parts.isEmpty else { return }
    if isInMessage {
      statement.messageParts.formUnion(parts)
    } else if isInChoice {
      statement.deltaParts.formUnion(parts)
    } else {
      statement.parts.formUnion(parts)
    }
  }

  /// A bare value as an element of an array.
  private mutating func elementRead() {
    switch place {
    case .parts: insert(.content)
    case .media:
      insert([.content, .picture])
      statement.pictures += 1
    case .data: statement.parts.insert(.data)
    case .reasoning: insert(.reasoning)
    case .errors: statement.signs.insert(.error)
    default: break
    }
  }

  /// A string of a message, a delta or a part.
  private mutating func pieceRead() {
    switch (place, name) {
    case (.choice, .text): statement.textParts.insert(.content)
    case (.chunk, .content), (.eventDelta, .text): insert(.content)
    case (.chunk, .reasoning), (.chunk, .reasoningContent), (.eventDelta, .thinking), (.part, .thinking),
      (.thought, .text), (.thought, .summary), (.thought, .data), (.thought, .thinking):
      insert(.reasoning)
    case (.chunk, .refusal), (.part, .refusal): insert([.refusal, .content])
    // It may begin with its name and go on without one.
    case (.toolCall, .name), (.function, .name): insert(.toolCall)
    case (.eventDelta, .partialJSON), (.toolCall, .id): insert(.argument)
    case (.picture, .url), (.picture, .data), (.picture, .base64JSON), (.picture, .imageURL):
      pictureRead()
    case (.sound, .data), (.sound, .transcript): insert([.content, .sound])
    case (.datum, .embedding): statement.parts.insert(.data)
    case (.datum, .base64JSON), (.datum, .url): pictureRead()
    case (.choice, .finishReason), (.eventDelta, .stopReason): finishRead(tokenizer.text.string)
    case (.choice, .error): statement.signs.insert(.error)
    case (.part, _): part.read(name, tokenizer.text)
    case (.item, _): item.read(name, tokenizer.text)
    default: break
    }
  }

  /// The same picture may be there under two names; it is counted where its element ends.
  private mutating func pictureRead() {
    insert([.content, .picture])
    elementIsPicture = true
  }

  private mutating func failedBaseRead() {
    guard tokenizer.string != "0" else { return }
    statement.signs.insert(.failedBase)
    statement.baseStatus = tokenizer.string
  }

  private mutating func finishRead(_ reason: String?) {
    choiceIsFinished = true
    // Of several choices the first one's reason stands for the answer, unless another failed.
    let replaces = statement.finishReason == nil || reason.map { FinishKind(native: $0) } == .error
    if replaces { statement.finishReason = reason }
  }

  /// Says whether it tells of an empty account or complains; the text itself goes nowhere.
  private mutating func proseRead() {
    if tokenizer.text.saysAccountIsSpent { statement.signs.insert(.spent) }
    if statement.complaint == nil { statement.complaint = tokenizer.text.complaint }
  }

  /// A string beside or within an error, or of the document's head.
  private mutating func labelRead(isEmpty: Bool) {
    guard !isEmpty else { return }
    if knowsIdentity, name == .id || name == .model { return }
    if name?.holdsProse == true, place.holdsProse { proseRead() }
    switch (place, name) {
    case (.root, .id), (.answer, .id): if statement.id == nil { statement.id = tokenizer.text.string }
    case (.root, .model), (.answer, .model): if statement.model == nil { statement.model = tokenizer.text.string }
    case (.root, .type):
      // Of two types the last one counts, but an error's is not taken back.
      if statement.kind != .error { statement.kind = EventKind(tokenizer.text) }
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
    case (.root, .base64JSON), (.root, .url): statement.parts.insert(.barePicture)
    case (.root, .stopReason), (.answer, .stopReason): finishRead(tokenizer.text.string)
    case (.root, .errorType), (.error, .errorType), (.errorMetadata, .errorType):
      statement.errorType = tokenizer.text.string
    case (.root, .cost), (.answer, .cost): statement.cost = amount
    case (.error, .code): statement.errorCode = tokenizer.text.string
    case (.error, .type), (.error, .status): statement.errorType = statement.errorType ?? tokenizer.text.string
    case (.dataObject, .status): if tokenizer.text == "failed" { statement.signs.insert(.failedData) }
    case (.baseResponse, .statusCode): failedBaseRead()
    case (.incompleteDetails, .reason): statement.incompleteReason = tokenizer.text.string
    default: break
    }
  }

  mutating func boolRead(_ value: Bool) {
    switch (place, name) {
    case (.usage, .isBYOK): statement.usage.isBYOK = value
    case (.root, .error), (.answer, .error), (.choice, .error): if value { statement.signs.insert(.error) }
    case (.vector, _): vectorBegan(isVector: false)
    default: break
    }
  }

  mutating func nullRead() {
    switch (place, name) {
    // `type` twice: whoever takes the last one sees no type.
    case (.root, .type): if statement.kind != .error { statement.kind = .other }
    case (.vector, _): vectorBegan(isVector: false)
    default: break
    }
  }
}

// MARK: Numbers

extension AnswerDocument {
  /// The last number or string as money; nil where it is none.
  private var amount: Double? { tokenizer.integer.map(Double.init) ?? Decimal.parse(tokenizer.text) }

  mutating func numberRead() {
    if place == .vector { return vectorBegan(isVector: true) }
    guard let name, tokenizer.text.count <= ShortText.capacity else {
      return place == .data ? elementRead() : ()
    }
    switch place {
    case .usageCost:
      if name == .totalCost { statement.usage.note(.cost, in: .usage, tokenizer.integer, tokenizer.text) }
    case .cost: if name == .totalCost { statement.cost = amount }
    case .outputs, .answer: if name == .cost { statement.cost = amount }
    case .choice: if name == .index { choiceIndex = tokenizer.integer ?? tokenizer.text.integer }
    case .usage, .inputDetails, .outputDetails, .costDetails:
      statement.usage.note(name, in: place, tokenizer.integer, tokenizer.text)
    case .error: if name == .code { statement.errorCode = tokenizer.string }
    case .baseResponse: if name == .statusCode { failedBaseRead() }
    case .root:
      switch name {
      case .code: statement.code = tokenizer.string
      case .status: statement.status = tokenizer.string
      case .cost: statement.cost = amount
      case .error: if tokenizer.string.flatMap(Double.init) != 0 { statement.signs.insert(.error) }
      default: break
      }
    case .data: elementRead()
    default: break
    }
  }
}
