/// Puts a price on an answer: from what the arm's headers say, or from its tokens and the playbook's prices.

/// The most that anybody can believe of one answer's cost. Beyond it an amount says as little as one below nothing, and a few of them
/// would make every sum infinite.
package enum PlausibleCost {
  /// USD, and whatever else a vendor counts in.
  package static let most = 1_000_000.0

  package static func of(_ amount: Double?) -> Double? { amount.flatMap { (0...most).contains($0) ? $0 : nil } }
}

/// - Parameter header: a cost header's value, such as `x-litellm-response-cost`'s `1.2499999999999999e-05`.
/// - Returns: USD; nil unless it is a finite decimal number that is not negative.
package func headerCost(_ header: RawSpan) -> Double? {
  guard header.byteCount <= 64 else { return nil }
  var text = header.string(0..<header.byteCount)[...]
  while let last = text.utf8.last, last == 0x20 || last == 0x09 { text = text.dropLast() }
  return Decimal.parse(String(text.drop { $0 == " " || $0 == "\t" }))
}

/// - Parameters: prices in USD per million tokens; a price for cached or written tokens that is nil is the input's.
/// - Returns: USD; nil where a price or a count makes no sense.
package func derivedCost(
  usage: TokenUsage, input: Double, output: Double, cachedInput: Double?, cacheWrite: Double?
) -> Double? {
  let prices = [input, output, cachedInput ?? input, cacheWrite ?? input]
  let counts = [usage.prompt, usage.completion, usage.cached, usage.cacheWrite]
  guard prices.allSatisfy({ $0.isFinite && $0 >= 0 }), counts.allSatisfy({ $0 >= 0 }) else { return nil }
  // Both are parts of the prompt; an arm that counts more than there was is not charged for it twice.
  let cached = min(usage.cached, usage.prompt)
  let written = min(usage.cacheWrite, usage.prompt - cached)
  let fresh = usage.prompt - cached - written
  let total =
    Double(fresh) * prices[0] + Double(usage.completion) * prices[1] + Double(cached) * prices[2]
    + Double(written) * prices[3]
  return total / 1_000_000
}

/// Numbers out of JSON tokens and headers.
enum Decimal {
  /// Strict: digits with at most one point and exponent. `Double` alone would also take hexadecimal, `inf` and `nan`.
  static func parse(_ text: String) -> Double? {
    let isDecimal = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"),
        UInt8(ascii: "+"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    guard isDecimal, let value = Double(text), value.isFinite, value >= 0 else { return nil }
    return value
  }

  /// The same of a text that a JSON document held; nil where it was too long to keep.
  static func parse(_ text: borrowing ShortText) -> Double? {
    // Up to 15 digits and 22 places are exact in a `Double`, and so is what one division makes of them (Clinger 1990).
    if let (digits, places) = text.decimal, places <= 15 {
      return places == 0 ? Double(digits) : Double(digits) / powersOfTen[places]
    }
    return text.string.flatMap(parse)
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]

  /// A count of tokens: a whole number below 2^53, however it is written.
  static func count(_ text: borrowing ShortText) -> Int? {
    if let (digits, places) = text.decimal, places == 0 { return digits }
    guard let text = text.string else { return nil }
    if let count = Int(text) { return count >= 0 && count < 1 << 53 ? count : nil }
    guard let value = parse(text), value < 0x1p53, Double(Int(value)) == value else { return nil }
    return Int(value)
  }
}

extension ShortText {
  /// Up to 15 digits with at most one point, as they nearly always come; nil for all else.
  /// - Returns: the number without its point, and how many digits are behind that.
  fileprivate var decimal: (digits: Int, places: Int)? {
    withBytes { bytes in
      guard count > 0, count <= 16 else { return nil }
      var (digits, point): (Int, Int?) = (0, nil)
      for offset in 0..<count {
        let digit = bytes.byte(at: offset) &- UInt8(ascii: "0")
        if digit < 10 {
          digits = digits &* 10 &+ Int(digit)
        } else if bytes.byte(at: offset) == UInt8(ascii: "."), point == nil, offset > 0, offset < count &- 1 {
          point = offset
        } else {
          return nil
        }
      }
      // Without a point sixteen could be beyond 2^53.
      guard point != nil || count <= 15 else { return nil }
      return (digits, point.map { count &- 1 &- $0 } ?? 0)
    }
  }

  /// A whole number, if the text is one.
  var integer: Int? {
    if let (digits, places) = decimal, places == 0 { return digits }
    return string.flatMap { Int($0) }
  }
}
