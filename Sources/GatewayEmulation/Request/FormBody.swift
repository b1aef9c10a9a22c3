/// The body of a request as a tree: a JSON object, or the text fields of a form (RFC 7578) as if they were one.
import NIOCore

enum FormBody {
  /// What may come: pictures to work on are in it, as data URLs.
  static let sizeLimit = 32 << 20

  /// - Returns: nil for what is neither, an empty object for no body.
  static func value(of body: ByteBuffer, type: String?) -> JSONValue? {
    guard body.readableBytes > 0 else { return .object([]) }
    let bytes = body.readableBytesUInt8Span
    if let boundary = boundary(type) {
      return form(String(decoding: JSONScan.copy(bytes, 0..<bytes.count), as: UTF8.self), boundary)
    }
    guard JSONScan.object(in: bytes, extent: 0..<bytes.count) != nil else { return nil }
    var start = 0
    while start < bytes.count, bytes[start] != UInt8(ascii: "{") { start += 1 }
    return JSONValue(bytes, start..<bytes.count, limit: sizeLimit)
  }

  private static func boundary(_ type: String?) -> String? {
    guard let type, type.lowercased().hasPrefix("multipart/form-data") else { return nil }
    guard let range = type.firstRange(of: "boundary=") else { return nil }
    return String(type[range.upperBound...].prefix { $0 != ";" }.filter { $0 != "\"" })
  }

  /// Files count as fields with their text.
  private static func form(_ text: String, _ boundary: String) -> JSONValue {
    var members: [JSONValue.Member] = []
    for part in text.split(separator: "--" + boundary) {
      guard let blank = part.firstRange(of: "\r\n\r\n"), let name = name(part[..<blank.lowerBound]) else { continue }
      var value = String(part[blank.upperBound...])
      if value.hasSuffix("\r\n") { value.removeLast() }
      members.append(.init(name: JSONText.escaped(name), value: .scalar(JSONText.literal(value))))
    }
    return .object(members)
  }

  private static func name(_ head: Substring) -> String? {
    guard let start = head.firstRange(of: " name=\"") else { return nil }
    return String(head[start.upperBound...].prefix { $0 != "\"" })
  }
}
