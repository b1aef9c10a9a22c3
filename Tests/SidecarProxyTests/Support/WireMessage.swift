/// An HTTP message as a test reads it: by the shortest way, on purpose another than the proxy's.

struct WireMessage: Sendable {
  let bytes: [UInt8]
  let ending: WirePeer.Ending

  init(_ bytes: [UInt8], ending: WirePeer.Ending = .open) {
    self.bytes = bytes
    self.ending = ending
  }

  private static let emptyLine = Array("\r\n\r\n".utf8)

  /// - Returns: nil where there is no whole message, or only the close can end it.
  static func length(of bytes: [UInt8], toHead: Bool) -> Int? {
    guard let end = bytes.firstRange(of: emptyLine)?.upperBound else { return nil }
    let message = WireMessage(Array(bytes[..<end]))
    let isRequest = !message.startLine.hasPrefix("HTTP/")
    if toHead || [100, 103, 204, 304].contains(message.status) { return end }
    if let length = message.value("content-length").flatMap({ Int($0) }) {
      return bytes.count >= end + length ? end + length : nil
    }
    guard message.value("transfer-encoding") != nil else { return isRequest ? end : nil }
    return chunksEnd(bytes, from: end)
  }

  private static func chunksEnd(_ bytes: [UInt8], from start: Int) -> Int? {
    var offset = start
    while let line = bytes[offset...].firstRange(of: [13, 10]) {
      let size = Int(String(decoding: bytes[offset..<line.lowerBound], as: UTF8.self).split { $0 == ";" }[0], radix: 16)
      guard let size else { return nil }
      if size == 0 {
        let isBare = bytes[line.upperBound...].starts(with: [13, 10])
        if isBare { return line.upperBound + 2 }
        return bytes[line.upperBound...].firstRange(of: emptyLine)?.upperBound
      }
      offset = line.upperBound + size + 2
      guard offset < bytes.count else { return nil }
    }
    return nil
  }

  private var headEnd: Int { bytes.firstRange(of: Self.emptyLine)?.upperBound ?? bytes.count }

  var head: String { String(decoding: bytes[..<headEnd], as: UTF8.self) }
  var startLine: String { head.cut(at: "\r\n")[0] }
  var status: Int { startLine.hasPrefix("HTTP/") ? Int(startLine.split(separator: " ")[1]) ?? 0 : 0 }

  /// Lines as they came, the start line and the empty one left out.
  var fieldLines: [String] { head.cut(at: "\r\n").dropFirst().filter { !$0.isEmpty } }

  func values(_ name: String) -> [String] {
    fieldLines.compactMap { line in
      let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts[0].lowercased() == name.lowercased() else { return nil }
      return parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
    }
  }

  func value(_ name: String) -> String? { values(name).first }

  /// The body as it was on the wire, chunk framing and all.
  var rawBody: [UInt8] { Array(bytes[headEnd...]) }
  var rawBodyText: String { String(decoding: rawBody, as: UTF8.self) }

  /// The body without chunk framing.
  var body: [UInt8] {
    guard value("transfer-encoding") != nil else { return rawBody }
    var payload: [UInt8] = []
    var rest = rawBody[...]
    while let line = rest.firstRange(of: [13, 10]) {
      let size = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self).split { $0 == ";" }[0], radix: 16) ?? 0
      if size == 0 { break }
      payload += rest[line.upperBound...].prefix(size)
      rest = rest[line.upperBound...].dropFirst(size + 2)
    }
    return payload
  }

  var bodyText: String { String(decoding: body, as: UTF8.self) }
}

extension String {
  /// By one separator that may be longer than a character.
  func cut(at separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
