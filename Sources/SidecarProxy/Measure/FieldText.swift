/// Reads the values of header fields as text; short ones, and not for every request.

extension Substring {
  /// Without the blanks that a field's value may have around it and around its list's elements (RFC 9110, 5.6.3).
  var trimmingSpace: Substring {
    var rest = drop { $0 == " " || $0 == "\t" }
    while rest.last == " " || rest.last == "\t" { rest.removeLast() }
    return rest
  }
}

extension String {
  /// Takes the value of one `Content-Encoding` more: of several fields each names what was done after those before it (RFC
  /// 9110, 5.3 and 8.4).
  mutating func add(coding: String) { self += isEmpty ? coding : ",\(coding)" }
}

extension RawSpan {
  /// Short header values only.
  func lowercasedText(_ range: Range<Int>) -> String { text(range).lowercased() }

  func text(_ range: Range<Int>) -> String {
    extracting(range).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
  }
}
