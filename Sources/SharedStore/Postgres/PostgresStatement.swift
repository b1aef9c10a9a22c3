/// A statement with its values apart, and the rows that it answers with.

struct PostgresStatement: Sendable {
  var sql: String
  /// `$1`, `$2`, …
  var values: [Value]

  init(_ sql: String, _ values: [Value] = []) {
    self.sql = sql
    self.values = values
  }

  enum Value: Sendable {
    case text(String?)
    case integer(Int64?)
    case real(Double)
    case flag(Bool)
    case bytes([UInt8])

    static func integer(_ value: Int) -> Value { .integer(Int64(value)) }

    /// An array literal, as `$1::text[]` reads it.
    static func texts(_ texts: some Sequence<String>) -> Value {
      .text(
        "{"
          + texts.map { "\"" + $0.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\"" }
          .joined(separator: ",") + "}")
    }

    /// As `$1::bigint[]` reads it.
    static func integers(_ integers: some Sequence<Int64>) -> Value {
      .text("{" + integers.map(String.init).joined(separator: ",") + "}")
    }

    /// Nil is null.
    var octets: [UInt8]? {
      switch self {
      // PostgreSQL has no text with a zero byte in it.
      case .text(let text):
        text.map { text in text.utf8.contains(0) ? Array(text.replacing("\0", with: "\u{FFFD}").utf8) : Array(text.utf8)
        }
      case .integer(let integer): integer.map { Array(String($0).utf8) }
      case .real(let real): Array(Self.literal(real).utf8)
      case .flag(let flag): Array((flag ? "t" : "f").utf8)
      case .bytes(let bytes): bytes
      }
    }

    var isBinary: Bool { if case .bytes = self { true } else { false } }

    private static func literal(_ real: Double) -> String {
      real.isNaN ? "NaN" : real.isInfinite ? (real < 0 ? "-Infinity" : "Infinity") : "\(real)"
    }
  }
}

struct PostgresRow: Sendable {
  var columns: [String]
  /// As text; nil is null.
  var values: [String?]

  func text(_ column: String) -> String? {
    guard let index = columns.firstIndex(of: column) else {
      assertionFailure("no column \(column) among \(columns)")
      return nil
    }
    return values[index]
  }

  func integer(_ column: String) -> Int64? { text(column).flatMap { Int64($0) } }

  func real(_ column: String) -> Double? { text(column).flatMap { Double($0) } }

  func flag(_ column: String) -> Bool { text(column) == "t" }

  /// As PostgreSQL writes bytes: `\x` and two hexadecimal digits for each.
  func bytes(_ column: String) -> [UInt8]? {
    guard let text = text(column), text.hasPrefix("\\x") else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count / 2)
    var high: UInt8?
    for octet in text.utf8.dropFirst(2) {
      guard let digit = Self.digit(octet) else { return nil }
      if let former = high {
        bytes.append(former << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return high == nil ? bytes : nil
  }

  private static func digit(_ octet: UInt8) -> UInt8? {
    switch octet {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): octet - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
