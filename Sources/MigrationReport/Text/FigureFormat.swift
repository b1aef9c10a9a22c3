/// Figures as people read them: `12,345`, `4.2%`, `118 ms`, `1.24 s`, `$0.0312`. What is not known is a dash.

package enum FigureUnit: String, Sendable, Codable {
  case count, share, milliseconds, dollars, days, ratio
  case perThousand = "per_thousand"
  case tokensPerSecond = "tokens_per_second"
  case text
}

enum FigureFormat {
  static let unknown = "–"

  static func text(_ value: Double?, _ unit: FigureUnit) -> String {
    guard let value, value.isFinite else { return unknown }
    switch unit {
    case .count: return count(Int(value.rounded()))
    case .share: return share(value)
    case .milliseconds: return milliseconds(value)
    case .dollars: return dollars(value)
    case .days: return fixed(value, value == value.rounded() ? 0 : 1)
    case .ratio: return "×" + fixed(value, 2)
    case .perThousand: return fixed(value, value < 10 ? 2 : 1)
    case .tokensPerSecond: return fixed(value, value < 10 ? 1 : 0)
    case .text: return unknown
    }
  }

  static func count(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return value < 0 ? "−" + text : text
  }

  /// `1 request`, `2 requests`.
  static func counted(_ value: Int, _ one: String) -> String { "\(count(value)) \(one)\(value == 1 ? "" : "s")" }

  /// `4.2%`; of a small share as many digits as it takes to see something.
  static func share(_ value: Double) -> String {
    let percent = value * 100
    let digits = abs(percent) >= 0.1 || percent == 0 ? 1 : abs(percent) >= 0.01 ? 2 : 3
    return fixed(percent, digits) + "%"
  }

  /// A weight as the playbook has it: `5%`, `0.5%`.
  static func weight(_ value: Double) -> String {
    var text = fixed(value * 100, 4)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text + "%"
  }

  static func milliseconds(_ value: Double) -> String {
    if value < 1 { return fixed(value, 2) + " ms" }
    if value < 1000 { return fixed(value, value < 10 ? 1 : 0) + " ms" }
    return fixed(value / 1000, value < 100_000 ? 2 : 0) + " s"
  }

  /// Three digits that matter below a dollar, cents above.
  static func dollars(_ value: Double) -> String {
    let size = abs(value)
    if size >= 1000 { return (value < 0 ? "−" : "") + "$" + count(Int(size.rounded())) }
    var digits = 2
    if size > 0, size < 1 {
      var scaled = size
      digits = 2
      while scaled < 0.1, digits < 9 {
        scaled *= 10
        digits += 1
      }
      digits += size < 0.1 ? 1 : 0
    }
    return (value < 0 ? "−" : "") + "$" + fixed(size, min(9, digits))
  }

  /// Rounded half away from zero, always with so many digits.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    let scale = (0..<digits).reduce(1.0) { power, _ in power * 10 }
    guard value.isFinite, abs(value) * scale < 9e15 else { return "\(value)" }
    let scaled = Int64((abs(value) * scale).rounded())
    let (whole, part) = (scaled / Int64(scale), scaled % Int64(scale))
    let sign = value < 0 && scaled != 0 ? "−" : ""
    guard digits > 0 else { return "\(sign)\(count(Int(whole)))" }
    let fraction = String(part)
    return "\(sign)\(count(Int(whole)))." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// For machines: no group marks, an ordinary minus, no zeros at the end.
  static func plain(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
  }
}
