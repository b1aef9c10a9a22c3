/// Tells how an answer's bytes are to be read, by what its head says and by how its body begins.

package enum AnswerFormat: String, Sendable, Codable {
  case eventStream, json, other

  /// - Parameter value: the `content-type` header's value, parameters included; case does not matter.
  package static func contentType(_ value: RawSpan) -> AnswerFormat {
    guard value.byteCount <= 256 else { return .other }
    let limit = value.byteCount
    var start = 0
    while start < limit, isSpace(value.byte(at: start)) { start &+= 1 }
    var end = start
    while end < limit, value.byte(at: end) != UInt8(ascii: ";"), !isSpace(value.byte(at: end)) { end &+= 1 }
    switch end &- start {
    case 16 where value.reads("application/json", from: start): return .json
    case 17 where value.reads("text/event-stream", from: start): return .eventStream
    case 9 where value.reads("text/json", from: start): return .json
    case 5... where value.reads("+json", from: end &- 5): return .json
    default: return .other
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// The format by the first byte that is neither space nor byte order mark, whatever the head says: a stream
  /// request can get a JSON error, and relays stream what nobody asked them to.
  func sniffed(_ first: UInt8) -> AnswerFormat {
    switch first {
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""): .json
    // A comment, or one of the fields data, event, id and retry; no JSON begins so.
    case UInt8(ascii: ":"), UInt8(ascii: "d"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "r"): .eventStream
    case UInt8(ascii: "<"): .other
    default: self
    }
  }
}

extension RawSpan {
  /// Whether these lower-case bytes stand here in any case.
  @inline(__always)
  fileprivate func reads(_ text: StaticString, from start: Int) -> Bool {
    for offset in 0..<text.utf8CodeUnitCount {
      let byte = byte(at: start &+ offset)
      let isCapital = byte &- UInt8(ascii: "A") < 26
      if (isCapital ? byte | 0x20 : byte) != text.utf8Start[offset] { return false }
    }
    return true
  }
}
