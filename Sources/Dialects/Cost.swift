/// Puts a price on an answer: from what the arm's headers say, or from its tokens and the playbook's prices.

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

  /// A count of tokens: a whole number below 2^53, however it is written.
  static func count(_ text: String) -> Int? {
    if let count = Int(text) { return count >= 0 && count < 1 << 53 ? count : nil }
    guard let value = parse(text), value < 0x1p53, Double(Int(value)) == value else { return nil }
    return Int(value)
  }
}
