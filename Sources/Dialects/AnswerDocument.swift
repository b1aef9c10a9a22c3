/// Reads one JSON document of an answer, piece by piece, and keeps only what it says about the answer.

struct AnswerDocument: ~Copyable, Sendable {
  var statement = AnswerStatement()
  var tokenizer = JSONTokenizer()

  /// The places around the current one, eight bits each, the innermost lowest. No way through `AnswerPlace` is longer
  /// than 16; what is not on one is skipped as a whole.
  private var outer = Bits128()
  var place = AnswerPlace.outside
  var name: AnswerName?

  /// Id and model are known from an earlier document, so their text is not kept.
  private(set) var knowsIdentity = false

  /// The request asked for more than one choice, so an application tells them apart by their index. Otherwise it reads
  /// the first of each document, whatever index that has.
  private let tellsChoicesApart: Bool
  private var choiceCount = 0
  var choiceIndex: Int?
  var choiceIsFinished = false
  /// Within a choice; within its `message`, not its `delta`.
  private(set) var isInChoice = false
  private(set) var isInMessage = false
  // Of the content part and the item being read; their members come in any order.
  var part = ContentPart()
  var item = ContentPart()
  /// The element of a list that is being read holds a picture.
  var elementIsPicture = false

  init(tellsChoicesApart: Bool = false) {
    self.tellsChoicesApart = tellsChoicesApart
    tokenizer.keepsText = true
  }

  /// A value has begun and ended, and nothing else was there.
  var isComplete: Bool { tokenizer.isClosed }
  /// A value has begun and ended, whatever came after it.
  var hasEnded: Bool { tokenizer.hasEnded }
  var hasFailed: Bool { tokenizer.state == .failed }

  mutating func reset() {
    tokenizer.reset()
    statement.clear()
    outer = Bits128()
    place = .outside
    name = nil
    choiceCount = 0
    isInChoice = false
    isInMessage = false
    elementIsPicture = false
    // An error can be a bare string.
    tokenizer.keepsText = true
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
      case .null: nullRead()
      case .skipped: break
      case .beginObject: if !containerBegan(isObject: true) { tokenizer.skipContainer(in: piece, at: &at) }
      case .beginArray:
        let wanted = containerBegan(isObject: false)
        let isDecided = wanted && place == .vector && vectorIsDecided(by: piece, at)
        if !wanted || isDecided { tokenizer.skipContainer(in: piece, at: &at) }
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
    tokenizer.keepsText =
      (name.hasTellingText && !isKnown) || place.holdsNumbers || (place.holdsProse && name.holdsProse)
    if place == .choice, name == .delta { statement.signs.insert(.delta) }
    if place == .choice, name == .text { statement.signs.insert(.text) }
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
    outer.push(byte: place.rawValue)
    if inner == .chunk { isInMessage = name == .message }
    place = inner
    name = nil
    switch inner {
    case .choice:
      isInChoice = true
      choiceIndex = nil
      choiceIsFinished = false
    case .part: part = ContentPart()
    case .item: item = ContentPart()
    default: break
    }
    return true
  }

  private mutating func innerPlace(isObject: Bool) -> AnswerPlace? {
    // Nobody reads a second choice who asked for one.
    if place == .choices, choiceCount > 0, !tellsChoicesApart { return nil }
    if isObject, let element = place.element { return element }
    if place == .data, !isObject { return .vector }
    if place == .outside { return .roots }
    return name.flatMap { place.below($0, isObject: isObject) }
  }

  private mutating func noteContainer(isObject: Bool) {
    switch place {
    case .errors: if !isObject { statement.signs.insert(.error) }
    case .vector: statement.parts.insert(.data)
    case .root, .answer, .chunk:
      switch name {
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
      let index = tellsChoicesApart ? choiceIndex ?? choiceCount : 0
      let bit = UInt64(1) << UInt64(min(max(index, 0), 63))
      statement.choices |= bit
      if choiceIsFinished { statement.finishedChoices |= bit }
      choiceCount += 1
      isInChoice = false
    case .chunk: isInMessage = false
    case .part: insert(part.parts(within: item))
    case .item:
      insert(item.partsOfItem)
      item = ContentPart()
    default: break
    }
    leavePlace()
    if elementIsPicture, place == .data || place == .media {
      elementIsPicture = false
      statement.pictures += 1
    }
  }

  private mutating func leavePlace() {
    place = AnswerPlace(rawValue: outer.popByte()) ?? .outside
    name = nil
  }

  // MARK: embeddings

  /// An embedding's first element tells whether it is one: a server that has failed may send as many nulls. The others
  /// are left out at once where that one is at hand.
  /// - Returns: false where it has still to come.
  private mutating func vectorIsDecided(by piece: RawSpan, _ start: Int) -> Bool {
    guard let first = piece.byte(ifAt: JSONSyntax.skipSpace(piece, start)) else { return false }
    switch first {
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "["), UInt8(ascii: "{"):
      statement.parts.insert(.data)
    default: break
    }
    leavePlace()
    return true
  }

  /// The same for a first element that came in a later piece.
  mutating func vectorBegan(isVector: Bool) {
    if isVector { statement.parts.insert(.data) }
    leavePlace()
    tokenizer.skippingFrom = tokenizer.depth
  }
}
