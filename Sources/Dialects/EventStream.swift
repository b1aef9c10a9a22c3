/// Cuts a stream of server-sent events into the bytes of their data, as WHATWG has it, without holding any of them.

struct EventStream: Sendable {
  enum Piece {
    /// The bytes given are used up.
    case more
    /// Some of the event's data.
    case data(Range<Int>)
    /// Another line of data begins: a line feed stands between the two.
    case joint
    /// A blank line: the event is complete.
    case dispatch
  }

  private enum State: UInt8 { case field, spaceBeforeValue, value }
  private enum Field: UInt8 { case data, event, ignored }

  /// The name of the event being read.
  private(set) var name = ShortText()
  private(set) var hasData = false

  private var state = State.field
  private var field = Field.ignored
  private var fieldName: UInt64 = 0
  private var fieldLength = 0
  private var isAfterCR = false

  private static let dataName: UInt64 = 0x64_61_74_61
  private static let eventName: UInt64 = 0x65_76_65_6E_74
  private static let errorName: UInt64 = 0x65_72_72_6F_72
  /// `data:` and `event:` as they are in memory, the first byte lowest.
  private static let dataField: UInt64 = 0x3A_61_74_61_64
  private static let eventField: UInt64 = 0x3A_74_6E_65_76_65

  /// Begins the next event; to be called after `dispatch`.
  mutating func reset() {
    name.clear()
    hasData = false
  }

  /// Whether a line begins here and nothing of an event has been read; over the line feed of a CR LF before it.
  mutating func isBetweenEvents(in bytes: RawSpan, at: inout Int) -> Bool {
    guard state == .field, fieldLength == 0, !hasData, name.isEmpty else { return false }
    if isAfterCR, let byte = bytes.byte(ifAt: at) {
      isAfterCR = false
      if byte == 0x0A { at &+= 1 }
    }
    return !isAfterCR
  }

  /// An event has been skipped as a whole, through the line ending of its blank line.
  /// - Parameter last: its last byte.
  mutating func eventSkipped(endingIn last: UInt8) { isAfterCR = last == 0x0D }

  mutating func next(in bytes: RawSpan, at: inout Int) -> Piece {
    let limit = bytes.byteCount
    while at < limit {
      let byte = bytes.byte(at: at)
      if isAfterCR {
        isAfterCR = false
        if byte == 0x0A {
          at &+= 1
          continue
        }
      }
      if byte == 0x0A || byte == 0x0D {
        at &+= 1
        isAfterCR = byte == 0x0D
        if let piece = lineEnded() { return piece }
        continue
      }
      switch state {
      case .field:
        if readWholeName(bytes, &at) { continue }
        at &+= 1
        if let piece = readFieldName(byte) { return piece }
      case .spaceBeforeValue:
        state = .value
        if byte == 0x20 { at &+= 1 }
      case .value:
        let start = at
        at = bytes.endOfLine(from: start)
        if field == .data { return .data(start..<at) }
        if field == .event { name.append(bytes, start, at) }
      }
    }
    return .more
  }

  /// The first line of an event's data, and its name, if the field's name is all at hand.
  @inline(__always)
  private mutating func readWholeName(_ bytes: RawSpan, _ at: inout Int) -> Bool {
    guard fieldLength == 0, at &+ 8 <= bytes.byteCount else { return false }
    let word = bytes.word(at: at)
    if word & 0xFF_FFFF_FFFF == Self.dataField, !hasData {
      field = .data
      hasData = true
      at &+= 5
    } else if word & 0xFFFF_FFFF_FFFF == Self.eventField {
      field = .event
      name.clear()
      at &+= 6
    } else {
      return false
    }
    state = .spaceBeforeValue
    return true
  }

  @inline(__always)
  private mutating func readFieldName(_ byte: UInt8) -> Piece? {
    guard byte == UInt8(ascii: ":") else {
      fieldName = fieldName << 8 | UInt64(byte)
      fieldLength &+= 1
      return nil
    }
    state = .spaceBeforeValue
    return fieldNamed()
  }

  @inline(__always)
  private mutating func fieldNamed() -> Piece? {
    switch (fieldLength, fieldName) {
    case (4, Self.dataName):
      field = .data
      defer { hasData = true }
      return hasData ? .joint : nil
    case (5, Self.eventName):
      field = .event
      name.clear()
    case (5, Self.errorName):
      // No field of WHATWG's, but how llama.cpp's server of 2025 tells of a failure: an error event without a name.
      field = .data
      name = ShortText("error")
      defer { hasData = true }
      return hasData ? .joint : nil
    default: field = .ignored
    }
    return nil
  }

  @inline(__always)
  private mutating func lineEnded() -> Piece? {
    defer {
      state = .field
      (fieldName, fieldLength) = (0, 0)
    }
    guard state == .field else { return nil }
    if fieldLength == 0 { return .dispatch }
    // A line without a colon is a field without a value.
    return fieldNamed()
  }
}
