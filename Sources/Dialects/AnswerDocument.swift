/// Reads one JSON document of an answer, piece by piece, and keeps only what it says about the answer.

struct AnswerDocument: Sendable {
  var statement = AnswerStatement()
  var tokenizer = JSONTokenizer()

  /// The places around the current one, eight bits each, the innermost lowest. No way through `AnswerPlace` is longer
  /// than 16; what is not on one is skipped as a whole.
  private var outer: UInt128 = 0
  var place = AnswerPlace.outside
  var name: AnswerName?

  /// Id and model are known from an earlier document, so their text is not kept.
  private(set) var knowsIdentity = false

  // Of the choice and the content part being read; their members come in any order.
  private var choiceCount = 0
  var choiceIndex: Int?
  var choiceIsFinished = false
  var partHasText = false
  var partIsReasoning = false
  var itemIsReasoning = false

  /// A value has begun and ended, and nothing else was there.
  var isComplete: Bool { tokenizer.isClosed }
  /// A value has begun and ended, whatever came after it.
  var hasEnded: Bool { tokenizer.hasEnded }
  var hasFailed: Bool { tokenizer.state == .failed }

  mutating func reset() {
    tokenizer.reset()
    statement.clear()
    outer = 0
    place = .outside
    name = nil
    choiceCount = 0
  }

  /// No more bytes will come.
  mutating func finish() { _ = tokenizer.finish() }

  /// - Parameter knowsIdentity: id and model are known from an earlier document and need no keeping.
  mutating func read(_ bytes: RawSpan, _ start: Int, _ end: Int, knowsIdentity: Bool) {
    read(bytes, start, end, knowsIdentity: knowsIdentity) { _, _, _, _ in }
  }

  /// - Parameter note: is told of each token, the bytes that it was read from, whether its text was kept, and where
  ///   that ends which goes with it: a value that was left out with its key.
  @inline(__always)
  mutating func read(
    _ bytes: RawSpan, _ start: Int, _ end: Int, knowsIdentity: Bool, _ note: (JSONToken, Range<Int>, Bool, Int) -> Void
  ) {
    self.knowsIdentity = knowsIdentity
    let piece = bytes.extracting(0..<end)
    var at = start
    while true {
      let (before, keepsText) = (at, tokenizer.keepsText)
      let token = tokenizer.next(in: piece, at: &at)
      let tokenEnd = at
      switch token {
      case .more, .failed: return
      case .key:
        keyRead()
        // Under a name that means nothing so does all that follows.
        if name == nil { tokenizer.skipWholeValue(in: piece, at: &at) }
      case .string: stringRead()
      case .number: numberRead()
      case .bool(let value): boolRead(value)
      case .null, .skipped: break
      case .beginObject: if !containerBegan(isObject: true) { tokenizer.skipContainer(in: piece, at: &at) }
      case .beginArray: if !containerBegan(isObject: false) { tokenizer.skipContainer(in: piece, at: &at) }
      case .end: containerEnded()
      }
      note(token, Range(uncheckedBounds: (before, tokenEnd)), keepsText, at)
    }
  }

  private mutating func keyRead() {
    name = tokenizer.name
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
  /// - Returns: false where nothing in it matters.
  private mutating func containerBegan(isObject: Bool) -> Bool {
    noteContainer(isObject: isObject)
    guard let inner = innerPlace(isObject: isObject) else { return false }
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
    return true
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
