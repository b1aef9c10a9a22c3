/// Lets an answer through without the base64 of its pictures, of which only what is compared is kept: an answer of megabytes
/// becomes one of a few hundred bytes.

/// Reads the bytes of a JSON document or of a stream of them, in pieces cut anywhere, in constant memory. Every string that
/// is long and base64 from its beginning, or behind a data URL's comma, is replaced by a placeholder; all else passes.
package struct PictureSieve: Sendable {
  /// A string of fewer bytes stays as it is.
  package static let textLimit = 2 << 10

  private enum State { case outside, text, escape, longText, longEscape, picture, pictureEscape }

  private var state = State.outside
  /// The string so far, from behind its quote.
  private var text: [UInt8] = []
  private var digest = PictureDigest()
  private var named: String?

  package init() {}

  /// - Parameter pass: gets what is let through.
  package mutating func read(_ bytes: RawSpan, _ pass: (RawSpan) -> Void) {
    var out: [UInt8] = []
    out.reserveCapacity(min(bytes.byteCount, 4 << 10))
    for offset in 0..<bytes.byteCount { read(bytes.byte(at: offset), &out) }
    if !out.isEmpty { pass(out.span.bytes) }
  }

  /// What has been held back is let through: the answer has ended, whole or not.
  package mutating func end(_ pass: (RawSpan) -> Void) {
    var out: [UInt8] = []
    switch state {
    case .outside, .longText, .longEscape: break
    case .text, .escape: out = text
    case .picture, .pictureEscape: out = Array(digest.medium(named: named).placeholder.utf8)
    }
    self = PictureSieve()
    if !out.isEmpty { pass(out.span.bytes) }
  }

  private mutating func read(_ byte: UInt8, _ out: inout [UInt8]) {
    switch state {
    case .outside:
      out.append(byte)
      if byte == UInt8(ascii: "\"") { state = .text }
    case .text:
      if byte == UInt8(ascii: "\"") { return textEnded(&out) }
      text.append(byte)
      if byte == UInt8(ascii: "\\") { state = .escape }
      if text.count == Self.textLimit { limitReached(&out) }
    case .escape:
      text.append(byte)
      state = .text
      if text.count == Self.textLimit { limitReached(&out) }
    case .longText:
      out.append(byte)
      if byte == UInt8(ascii: "\"") { state = .outside } else if byte == UInt8(ascii: "\\") { state = .longEscape }
    case .longEscape:
      out.append(byte)
      state = .longText
    case .picture:
      if byte == UInt8(ascii: "\"") {
        out += Array(digest.medium(named: named).placeholder.utf8)
        text.removeAll(keepingCapacity: true)
        return textEnded(&out)
      }
      if byte == UInt8(ascii: "\\") { state = .pictureEscape } else { digest.read(byte) }
    case .pictureEscape:
      // PHP writes `\/`; line feeds and the like are no data.
      if byte == UInt8(ascii: "/") { digest.read(byte) }
      state = .picture
    }
  }

  private mutating func textEnded(_ out: inout [UInt8]) {
    out += text
    out.append(UInt8(ascii: "\""))
    text.removeAll(keepingCapacity: true)
    state = .outside
  }

  /// The string is long: its beginning tells whether it is a picture.
  private mutating func limitReached(_ out: inout [UInt8]) {
    let prefix = text.prefix(128)
    let comma = text.starts(with: "data:".utf8) ? prefix.firstIndex(of: UInt8(ascii: ",")) : nil
    let data = text[(comma.map { $0 + 1 } ?? 0)...]
    let isBase64 = data.allSatisfy { base64Value($0) != nil || $0 == UInt8(ascii: "\\") }
    guard isBase64 else {
      out += text
      text.removeAll(keepingCapacity: true)
      state = state == .escape ? .longEscape : .longText
      return
    }
    named = comma.flatMap { AnswerContent.Medium.type(ofDataURL: String(decoding: text[..<$0], as: UTF8.self)) }
    digest = PictureDigest()
    for byte in data where byte != UInt8(ascii: "\\") { digest.read(byte) }
    let isEscape = state == .escape
    state = isEscape ? .pictureEscape : .picture
    text.removeAll(keepingCapacity: true)
  }
}
