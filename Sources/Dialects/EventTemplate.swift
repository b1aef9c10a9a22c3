/// Knows an event again that differs from an earlier one only in its text: most events of most streams, which so cost a
/// comparison instead of a reading.

/// The bytes of an event that brought part of an answer and nothing else, with holes where other bytes mean the same.
///
/// Reading such an event a second time changes nothing but the count of events: what it brings has been seen, and
/// there is no error, finish reason, usage or cost in it. So an event that fits need not be read. One that does
/// not fit, or is cut, is read as ever; a template never decides that something is wrong.
struct EventTemplate: Sendable {
  /// An event longer than this is not learnt.
  static let capacity = 768
  private static let holeLimit = 8

  private struct Hole: Sendable {
    let range: Range<Int>
    /// The inside of a string that is not empty, of which no more matters; otherwise any string, number or literal.
    let isText: Bool
  }

  private var bytes: [UInt8] = []
  private var holes: [Hole] = []
  /// Events that have fitted, to be counted by the reader.
  var hits = 0

  /// - Parameters:
  ///   - event: all of it, from its first line through the blank one; it has been read already.
  ///   - knowsIdentity: id and model are known from this event or an earlier one.
  ///   - tellsChoicesApart: as the event was read.
  /// - Returns: nil where it is of more than one line of data, too long, or says something that counts each time.
  init?(_ event: RawSpan, knowsIdentity: Bool, tellsChoicesApart: Bool = false) {
    guard event.byteCount <= Self.capacity else { return nil }
    var stream = EventStream()
    var at = 0
    guard case .data(let data) = stream.next(in: event, at: &at), case .dispatch = stream.next(in: event, at: &at),
      at == event.byteCount
    else { return nil }
    var document = AnswerDocument(tellsChoicesApart: tellsChoicesApart)
    findHoles(in: event.extracting(0..<data.upperBound), from: data.lowerBound, &document, knowsIdentity)
    guard document.isComplete, document.statement.changesNothing(named: stream.name), holes.count <= Self.holeLimit
    else { return nil }
    event.withUnsafeBytes { bytes = Array($0) }
  }

  private mutating func findHoles(
    in piece: RawSpan, from start: Int, _ document: inout AnswerDocument, _ knowsIdentity: Bool
  ) {
    var holes: [Hole] = []
    document.read(piece, start, piece.byteCount, knowsIdentity: knowsIdentity) { token, read, wasKept, after in
      switch token {
      case .string where !wasKept:
        // Before its quote there is at most a comma and space.
        guard let quote = read.first(where: { piece.byte(at: $0) == UInt8(ascii: "\"") }), quote + 2 < read.upperBound
        else { return }
        holes.append(Hole(range: quote + 1..<read.upperBound - 1, isText: true))
      case .key where after > read.upperBound:
        let value = JSONSyntax.skipSpace(piece, read.upperBound)
        if Self.endOfScalar(piece, value) == after { holes.append(Hole(range: value..<after, isText: false)) }
      default: break
      }
    }
    self.holes = holes
  }

  /// - Returns: where the event that starts here ends; nil where it does not fit or is not all at hand.
  func end(in event: RawSpan, at start: Int) -> Int? {
    let bytes = bytes.span.bytes
    var (at, known, passed) = (start, 0, 0)
    while true {
      // What is the same means the same, in a hole or outside of one.
      let same = event.countOfSame(bytes, from: known, at: at)
      at &+= same
      known &+= same
      if known == bytes.byteCount { return at }
      while passed < holes.count, holes[passed].range.upperBound < known { passed &+= 1 }
      guard passed < holes.count, holes[passed].range.lowerBound <= known else { return nil }
      let hole = holes[passed]
      at &-= known &- hole.range.lowerBound
      guard let end = hole.isText ? Self.endOfText(event, at) : Self.endOfScalar(event, at) else { return nil }
      at = end
      known = hole.range.upperBound
      passed &+= 1
    }
  }

  /// Over the inside of a string that is not empty, to its quote.
  @inline(__always)
  private static func endOfText(_ bytes: RawSpan, _ start: Int) -> Int? {
    let end = bytes.endOfPlainRun(from: start, asciiOnly: false)
    guard let last = bytes.byte(ifAt: end) else { return nil }
    if last == UInt8(ascii: "\"") { return end > start ? end : nil }
    return JSONSyntax.skipString(bytes, start &- 1, checksUTF8: false).map { $0 &- 1 }
  }

  /// Over a string, number or literal; a container is too deep at this depth.
  @inline(__always)
  private static func endOfScalar(_ bytes: RawSpan, _ start: Int) -> Int? {
    JSONSyntax.skipValue(bytes, start, depth: JSONSyntax.depthLimit, checksUTF8: false)
  }
}

extension AnswerStatement {
  /// Read once more, it would leave the facts as they are, and it is part of an answer.
  fileprivate mutating func changesNothing(named name: borrowing ShortText) -> Bool {
    let kind = kind(named: name)
    switch kind {
    case .error, .ping, .terminal, .failed, .created, .partialPicture, .picture: return false
    case .contentDelta, .reasoningDelta, .refusalDelta, .toolDelta, .other, nil: break
    }
    return !allParts.subtracting(.answer).isEmpty && signs.ofErrors.isEmpty && finishReason == nil
      && finishedChoices == 0
      && status == nil && usage.isEmpty && cost == nil && error(kind: kind, isWhole: false) == nil
  }
}

extension RawSpan {
  /// How many bytes from here on are those of other bytes from an offset on.
  @inline(__always)
  fileprivate func countOfSame(_ other: RawSpan, from known: Int, at start: Int) -> Int {
    precondition(known >= 0 && start >= 0)
    let limit = min(other.byteCount &- known, byteCount &- start)
    var count = 0
    // Both spans have `limit` bytes from their offsets on.
    while count &+ 8 <= limit {
      let difference = wordInBounds(at: start &+ count) ^ other.wordInBounds(at: known &+ count)
      if difference != 0 { return count &+ difference.trailingZeroBitCount &>> 3 }
      count &+= 8
    }
    while count < limit, byte(at: start &+ count) == other.byte(at: known &+ count) { count &+= 1 }
    return count
  }
}
