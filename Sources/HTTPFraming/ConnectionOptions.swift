/// The options that the `Connection` fields of a head ask of the next hop.

struct ConnectionOptions {
  private(set) var close = false
  private(set) var keepAlive = false
  /// An option is the name of a field that Crossfade does not know, so passing fields on has to look each one up.
  private(set) var namesFields = false
  private var byteCount = 0

  /// Takes in one more field value: a comma-separated list of tokens, empty elements allowed.
  mutating func add(_ value: Range<Int>, in bytes: RawSpan, limit: Int) throws(FramingViolation) {
    byteCount += value.count
    guard byteCount <= limit else { throw .connectionTooLong }
    var rest = ListElements(value)
    while let option = rest.next(in: bytes) {
      if option.isEmpty { continue }
      for offset in option where !bytes.octet(at: offset).isTokenOctet { throw .invalidConnection }
      if bytes.reads(option, asLowercase: "close") {
        close = true
      } else {
        switch KnownField(name: option, in: bytes) {
        case .keepAlive: keepAlive = true
        case .other: namesFields = true
        default: break
        }
      }
    }
  }

  /// Whether the connection can carry another message after this one.
  func keepsAlive(minorVersion: UInt8) -> Bool { !close && (minorVersion == 1 || keepAlive) }
}

/// The elements of a comma-separated value, without the whitespace around them.
struct ListElements {
  private var rest: Range<Int>
  private var isDone = false

  init(_ value: Range<Int>) { rest = value }

  mutating func next(in bytes: RawSpan) -> Range<Int>? {
    guard !isDone else { return nil }
    var comma = rest.lowerBound
    while comma < rest.upperBound && bytes.octet(at: comma) != UInt8(ascii: ",") { comma += 1 }
    let element = bytes.trimmingBlanks(rest.lowerBound..<comma)
    isDone = comma == rest.upperBound
    rest = min(comma + 1, rest.upperBound)..<rest.upperBound
    return element
  }
}
