/// The sentences and numbers that people read in decisions; pinned by tests.

enum Wording {
  /// `2.0%`; below a tenth of a percent as many digits as it takes to see something.
  static func share(_ value: Double) -> String {
    let percent = value * 100
    if percent != 0 && abs(percent) < 0.1 { return fixed(percent, 3) + "%" }
    return fixed(percent, 1) + "%"
  }

  /// Rounded half away from zero, always with so many digits.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    let scale = (0..<digits).reduce(1.0) { power, _ in power * 10 }
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    let scaled = Int64((abs(value) * scale).rounded())
    let (whole, part) = (scaled / Int64(scale), scaled % Int64(scale))
    let sign = value < 0 && scaled != 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(whole)" }
    let fraction = String(part)
    return "\(sign)\(whole)." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// `$12.34`; below a dollar as many digits as it takes to see two.
  static func dollars(_ value: Double) -> String {
    var digits = 2
    var smallest = 0.1
    while digits < 8, value != 0, abs(value) < smallest {
      digits += 1
      smallest /= 10
    }
    return "$" + fixed(value, abs(value) < 1 ? digits : 2)
  }

  /// `1.5`, `2`: a ratio as the playbook has it.
  static func ratio(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e9 ? String(Int(value)) : "\(value)"
  }

  /// `8s`, `250ms`, `1500ms`.
  static func milliseconds(_ value: Double) -> String {
    guard value.isFinite, value < 1e15 else { return "\(value)ms" }
    return value >= 1000 && value.truncatingRemainder(dividingBy: 1000) == 0
      ? "\(Int(value / 1000))s" : "\(Int(value.rounded()))ms"
  }

  /// `24h`, `90m`, `30s`: the largest unit that leaves no rest.
  static func duration(_ duration: Duration) -> String {
    let seconds = duration.components.seconds
    if seconds == 0 { return milliseconds(duration.milliseconds) }
    if seconds % 3600 == 0 { return "\(seconds / 3600)h" }
    if seconds % 60 == 0 { return "\(seconds / 60)m" }
    return "\(seconds)s"
  }

  /// `litellm 5.0%, evolink 5.0%`; empty where no weight is above 0.
  static func weights(_ weights: [String: Double]) -> String {
    weights.filter { $0.value > 0 }.sorted { $0.key < $1.key }
      .map { "\($0.key) \(share($0.value))" }.joined(separator: ", ")
  }
}
