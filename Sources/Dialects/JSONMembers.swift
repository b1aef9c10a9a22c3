/// Walks the members of objects and the elements of arrays that `JSONSyntax` accepts, each checked as the walk passes
/// it.

/// A walk over one object's members: a key, then its value, which the caller goes over, then the next key.
struct JSONMembers {
  /// Where the value of the last key starts.
  private(set) var value: Int
  /// The bytes are not an object.
  private(set) var hasFailed = false
  private var isFirst = true

  /// - Returns: nil where no object starts here, or one level too deep.
  /// - Parameter depth: containers open around the object.
  @inline(__always)
  init?(_ bytes: RawSpan, at start: Int, depth: Int) {
    guard start < bytes.byteCount, bytes.byte(at: start) == UInt8(ascii: "{"), depth < JSONSyntax.depthLimit else {
      return nil
    }
    value = start &+ 1
  }

  /// The next key with its quotes; nil at the object's end, which `value` is then after, or where it has failed.
  /// - Parameter end: of the value before; of no meaning before the first.
  mutating func nextKey(_ bytes: RawSpan, after end: Int) -> Range<Int>? {
    var at = JSONSyntax.skipSpace(bytes, isFirst ? value : end)
    guard let byte = bytes.byte(ifAt: at) else { return fail() }
    if byte == UInt8(ascii: "}") {
      value = at &+ 1
      return nil
    }
    if !isFirst {
      guard byte == UInt8(ascii: ",") else { return fail() }
      at = JSONSyntax.skipSpace(bytes, at &+ 1)
    }
    isFirst = false
    guard let keyEnd = JSONSyntax.skipString(bytes, at), let colon = JSONSyntax.skipColon(bytes, keyEnd) else {
      return fail()
    }
    value = JSONSyntax.skipSpace(bytes, colon)
    return at..<keyEnd
  }

  private mutating func fail() -> Range<Int>? {
    hasFailed = true
    return nil
  }
}

/// A walk over one array's elements, which the caller goes over.
struct JSONElements {
  /// Where the element starts.
  private(set) var at: Int
  /// The bytes are not an array.
  private(set) var hasFailed = false
  private var isFirst = true

  /// - Returns: nil where no array starts here, or one level too deep.
  /// - Parameter depth: containers open around the array.
  @inline(__always)
  init?(_ bytes: RawSpan, at start: Int, depth: Int) {
    guard start < bytes.byteCount, bytes.byte(at: start) == UInt8(ascii: "["), depth < JSONSyntax.depthLimit else {
      return nil
    }
    at = start &+ 1
  }

  /// Whether there is another element; if not, `at` is after the array, or the walk has failed.
  /// - Parameter end: of the element before; of no meaning before the first.
  mutating func next(_ bytes: RawSpan, after end: Int) -> Bool {
    at = JSONSyntax.skipSpace(bytes, isFirst ? at : end)
    guard let byte = bytes.byte(ifAt: at) else { return fail() }
    if byte == UInt8(ascii: "]") {
      at &+= 1
      return false
    }
    if !isFirst {
      guard byte == UInt8(ascii: ",") else { return fail() }
      at = JSONSyntax.skipSpace(bytes, at &+ 1)
    }
    isFirst = false
    return true
  }

  private mutating func fail() -> Bool {
    hasFailed = true
    return false
  }
}

extension JSONSyntax {
  /// Goes over one value and, where it is an object, finds its last member of a name: of duplicates the last one
  /// counts, as in Python and JavaScript.
  /// - Parameter found: the member's value; nil where there is none.
  /// - Returns: the offset after the value; nil where it is not JSON.
  static func skipValue(
    _ bytes: RawSpan, _ start: Int, depth: Int, finding name: StaticString, _ found: inout Range<Int>?
  ) -> Int? {
    found = nil
    guard var members = JSONMembers(bytes, at: start, depth: depth) else {
      return skipValue(bytes, start, depth: depth)
    }
    var end = start
    while let key = members.nextKey(bytes, after: end) {
      guard let valueEnd = skipValue(bytes, members.value, depth: depth + 1) else { return nil }
      if JSONText.holds(name, bytes, key) { found = members.value..<valueEnd }
      end = valueEnd
    }
    return members.hasFailed ? nil : members.value
  }

  /// The value of the last member of that name in an object that was accepted; nil where there is no object.
  static func value(of name: FieldName, _ bytes: RawSpan, in object: Range<Int>) -> Range<Int>? {
    guard var members = JSONMembers(bytes, at: object.lowerBound, depth: 0) else { return nil }
    var found: Range<Int>?
    var end = object.lowerBound
    while let key = members.nextKey(bytes, after: end), let valueEnd = skipValue(bytes, members.value, depth: 1) {
      if name.isSpelled(bytes, by: key) { found = members.value..<valueEnd }
      end = valueEnd
    }
    return found
  }
}

/// The name of a field that someone asked for, ready to be held against keys.
struct FieldName: Sendable {
  let text: String
  /// Nil where it is a name that is kept as text.
  let name: RequestName?
  private let bytes: [UInt8]
  private let isASCII: Bool

  init(_ text: String) {
    self.text = text
    name = RequestName(text: text)
    bytes = Array(text.utf8)
    isASCII = bytes.allSatisfy { $0 < 0x80 }
  }

  /// - Parameter key: with its quotes.
  func isSpelled(_ span: RawSpan, by key: Range<Int>) -> Bool {
    // Only a name or key that is escaped or beyond ASCII can be spelled in more than one way.
    if isASCII, !JSONText.isEscaped(span, key) {
      guard key.count == bytes.count + 2 else { return false }
      for (offset, byte) in bytes.enumerated() where span.byte(at: key.lowerBound + 1 + offset) != byte { return false }
      return true
    }
    return JSONText.decoded(span, key) == text
  }
}
