/// Tells how an answer's bytes are to be read, by what its head says and by how its body begins.

package enum AnswerFormat: String, Sendable, Codable {
  case eventStream, json, other

  /// - Parameter value: the `content-type` header's value, parameters included; case does not matter.
  package static func contentType(_ value: RawSpan) -> AnswerFormat {
    guard value.byteCount <= 256 else { return .other }
    let type = value.string(0..<value.byteCount).prefix { $0 != ";" }.lowercased()
    let name = type.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
    if name == "text/event-stream" { return .eventStream }
    return name == "application/json" || name.hasSuffix("+json") || name == "text/json" ? .json : .other
  }

  /// What the first byte that is neither space nor byte order mark makes of it, whatever the head says: a stream
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
