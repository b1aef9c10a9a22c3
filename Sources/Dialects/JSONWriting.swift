/// Writes JSON as bytes: what is taken over as it was spelled, what is ours escaped.

extension [UInt8] {
  package mutating func write(_ text: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  package mutating func write(_ number: Int) { append(contentsOf: String(number).utf8) }

  package mutating func write(_ value: JSONSlice) { append(contentsOf: value.raw) }

  /// A string with its quotes.
  package mutating func write(quoted text: String) {
    append(UInt8(ascii: "\""))
    append(contentsOf: JSONText.escaped(text.utf8))
    append(UInt8(ascii: "\""))
  }

  /// A string of which the inside is escaped already.
  package mutating func write(inside: some Sequence<UInt8>) {
    append(UInt8(ascii: "\""))
    append(contentsOf: inside)
    append(UInt8(ascii: "\""))
  }

  /// A comma, but before the first.
  package mutating func separate() {
    if let last, last != UInt8(ascii: "{"), last != UInt8(ascii: "[") { append(UInt8(ascii: ",")) }
  }

  package mutating func write(list: [[UInt8]]) {
    append(UInt8(ascii: "["))
    for (index, element) in list.enumerated() {
      if index > 0 { append(UInt8(ascii: ",")) }
      append(contentsOf: element)
    }
    append(UInt8(ascii: "]"))
  }
}

/// A member where its value says something: not where it is absent or null.
package func said(_ value: JSONSlice?) -> JSONSlice? {
  guard let value, !value.isNull else { return nil }
  return value
}

/// Whether a string's inside, or its text, holds nothing but space.
package func isBlank(_ inside: some Sequence<UInt8>) -> Bool {
  var isEscaped = false
  for byte in inside {
    if isEscaped {
      guard [UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t")].contains(byte) else { return false }
      isEscaped = false
    } else if byte == UInt8(ascii: "\\") {
      isEscaped = true
    } else if byte != 0x20, byte != 0x0A, byte != 0x0D, byte != 0x09 {
      return false
    }
  }
  return true
}
