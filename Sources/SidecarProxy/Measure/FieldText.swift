/// Reads the values of header fields as text; short ones, and not for every request.

extension Substring {
  /// Without the blanks that a field's value may have around it and around its list's elements (RFC 9110, 5.6.3).
  var trimmingSpace: Substring {
    var rest = drop { $0 == " " || $0 == "\t" }
    while rest.last == " " || rest.last == "\t" { rest.removeLast() }
    return rest
  }
}

extension RawSpan {
  /// Short header values only.
  func lowercasedText(_ range: Range<Int>) -> String { text(range).lowercased() }

  func text(_ range: Range<Int>) -> String {
    extracting(range).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
  }
}
