/// A checked JSON value as the bytes it was written in: what is taken from one text into another without being respelled.

/// Refers to the text that it is a part of and copies nothing. Texts and numbers that are passed on keep their spelling.
package struct JSONSlice: Sendable {
  package enum Kind: Sendable { case object, array, string, number, bool, null }

  private let bytes: [UInt8]
  private let range: Range<Int>

  /// - Returns: nil where it is not one JSON text (RFC 8259) with nothing but space around it.
  package init?(_ bytes: [UInt8]) {
    let span = bytes.span.bytes
    let start = JSONSyntax.skipSpace(span, 0)
    guard let end = JSONSyntax.skipValue(span, start, depth: 0), JSONSyntax.skipSpace(span, end) == bytes.count else {
      return nil
    }
    (self.bytes, range) = (bytes, start..<end)
  }

  private init(_ bytes: [UInt8], _ range: Range<Int>) { (self.bytes, self.range) = (bytes, range) }

  package var kind: Kind {
    switch bytes[range.lowerBound] {
    case UInt8(ascii: "{"): .object
    case UInt8(ascii: "["): .array
    case UInt8(ascii: "\""): .string
    case UInt8(ascii: "n"): .null
    case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
    default: .number
    }
  }

  package var isNull: Bool { kind == .null }
  package var isTrue: Bool { bytes[range.lowerBound] == UInt8(ascii: "t") }
  package var isFalse: Bool { bytes[range.lowerBound] == UInt8(ascii: "f") }

  /// The value as it was written.
  package var raw: ArraySlice<UInt8> { bytes[range] }

  /// A string's inside as it was written, without its quotes; nil for all else.
  package var inside: ArraySlice<UInt8>? {
    kind == .string ? bytes[range.lowerBound + 1..<range.upperBound - 1] : nil
  }

  /// A string's text; nil for all else. A lone surrogate becomes U+FFFD.
  package var text: String? { kind == .string ? JSONText.decoded(bytes.span.bytes, range) : nil }

  /// A string's text as bytes; a lone surrogate stays the escape that it was written as.
  package var textBytes: [UInt8]? { inside.map(JSONText.decoded) }

  /// Nil unless it is a whole number that an `Int` holds.
  package var integer: Int? { kind == .number ? Int(bytes.span.bytes.string(range)) : nil }

  /// Nil unless it is a number that a `Double` can hold, if not exactly.
  package var double: Double? { kind == .number ? Double(bytes.span.bytes.string(range)) : nil }

  /// Whether it is a string with exactly this text, however it is escaped.
  /// - Parameter text: letters, underscores and the like.
  package func reads(_ text: StaticString) -> Bool {
    kind == .string && JSONText.holds(text, bytes.span.bytes, range)
  }

  /// The value of an object's last member of a name; nil for all else.
  package subscript(_ name: StaticString) -> JSONSlice? {
    var found: JSONSlice?
    forEachMember { key, value in if key.reads(name) { found = value } }
    return found
  }

  /// An object's members in order, of one name all; none of anything else.
  package func forEachMember(_ take: (_ key: JSONSlice, _ value: JSONSlice) -> Void) {
    let span = bytes.span.bytes
    guard var members = JSONMembers(span, at: range.lowerBound, depth: 0) else { return }
    var end = range.lowerBound
    while let key = members.nextKey(span, after: end), let next = JSONSyntax.skipValue(span, members.value, depth: 1) {
      take(JSONSlice(bytes, key), JSONSlice(bytes, members.value..<next))
      end = next
    }
  }

  /// An array's; none of anything else.
  package var elements: [JSONSlice] {
    let span = bytes.span.bytes
    guard var walk = JSONElements(span, at: range.lowerBound, depth: 0) else { return [] }
    var elements: [JSONSlice] = []
    var end = range.lowerBound
    while walk.next(span, after: end), let next = JSONSyntax.skipValue(span, walk.at, depth: 1) {
      elements.append(JSONSlice(bytes, walk.at..<next))
      end = next
    }
    return elements
  }
}
