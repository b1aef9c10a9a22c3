/// The playbook's units: shares, durations, money, sizes, plain numbers; what is refused says how to write it.

/// A value, or what is wrong with the text and what to write instead.
package enum UnitReading<Value: Equatable & Sendable>: Equatable, Sendable {
  case value(Value)
  case refused(String, say: String?)

  package var value: Value? {
    if case .value(let value) = self { value } else { nil }
  }
}

/// `5%` and `0.5%`, at most 100%; as a fraction.
package func readShare(_ text: String) -> UnitReading<Double> {
  guard let (number, unit) = splitUnit(text) else { return .refused("not a share", say: "say 5%") }
  guard unit == "%" else {
    // Who writes 0.02 mostly means 2%.
    let meant =
      !unit.isEmpty
      ? "say 5%"
      : number.value > 0 && number.value < 1
        ? "say \(percentText(number.value)) or \(number.text)%" : "say \(number.text)%"
    return .refused(unit.isEmpty ? "a share needs its %" : "not a share", say: meant)
  }
  guard !number.isNegative else { return .refused("a share must not be negative", say: nil) }
  // The decimal point moves in the text, so that 99.9% is the fraction nearest to 0.999.
  guard let share = Double(number.text + "e-2"), share <= 1 else {
    return .refused("a share cannot be more than 100%", say: nil)
  }
  return .value(share)
}

/// `250ms 30s 5m 24h 2d`, also `1.5h`; at most 366 days.
package func readDuration(_ text: String) -> UnitReading<Duration> {
  guard let (number, unit) = splitUnit(text) else {
    return .refused("not a duration", say: "say 250ms, 30s, 5m, 24h or 2d")
  }
  if unit.isEmpty {
    return .refused("a duration needs its unit", say: "say \(number.text)s, \(number.text)m or \(number.text)h")
  }
  let nanoseconds: Double
  switch unit {
  case "ms": nanoseconds = 1e6
  case "s": nanoseconds = 1e9
  case "m": nanoseconds = 60e9
  case "h": nanoseconds = 3600e9
  case "d": nanoseconds = 86400e9
  default: return .refused("'\(unit.prefix(10))' is not a unit of time", say: "say 250ms, 30s, 5m, 24h or 2d")
  }
  guard !number.isNegative else { return .refused("a duration must not be negative", say: nil) }
  // Exact: the longest allowed is 3.2e16 ns, and whole milliseconds need no more than 35 of a Double's 53 bits.
  let milliseconds = (number.value * nanoseconds / 1e6).rounded()
  guard milliseconds <= 366 * 86400e3 else { return .refused("a duration cannot be longer than 366d", say: nil) }
  return .value(.milliseconds(Int64(milliseconds)))
}

/// `$0.01`; USD.
func readDollars(_ text: String) -> UnitReading<Double> {
  guard text.hasPrefix("$") else {
    let bare = splitUnit(text).map { $0.unit.isEmpty } ?? false
    return .refused(bare ? "money needs its $" : "not an amount of money", say: bare ? "say $\(text)" : "say $0.01")
  }
  guard let (number, unit) = splitUnit(String(text.dropFirst())), unit.isEmpty else {
    return .refused("not an amount of money", say: "say $0.01")
  }
  guard !number.isNegative else { return .refused("an amount of money must not be negative", say: nil) }
  guard number.value <= 1e9 else { return .refused("an amount of money cannot be more than $1000000000", say: nil) }
  return .value(number.value)
}

/// `$25/day`; USD a day.
func readDailyBudget(_ text: String) -> UnitReading<Double> {
  guard text.hasSuffix("/day") else {
    let amount = readDollars(text).value
    return .refused("a budget is money per day", say: amount == nil ? "say $25/day" : "say \(text)/day")
  }
  guard case .value(let dollars) = readDollars(String(text.dropLast(4))) else {
    return .refused("not a budget", say: "say $25/day")
  }
  guard dollars > 0 else { return .refused("a budget must be more than $0/day", say: "remove it for no limit") }
  return .value(dollars)
}

/// `32MiB`; bytes, from 1 KiB to 1 GiB.
func readSize(_ text: String) -> UnitReading<Int> {
  guard let (number, unit) = splitUnit(text) else { return .refused("not a size", say: "say 32MiB") }
  let bytes: Double
  switch unit {
  case "KiB": bytes = 1024
  case "MiB": bytes = 1_048_576
  case "GiB": bytes = 1_073_741_824
  case "KB": bytes = 1e3
  case "MB": bytes = 1e6
  case "GB": bytes = 1e9
  case "": return .refused("a size needs its unit", say: "say 32MiB")
  default: return .refused("'\(unit.prefix(10))' is not a unit of size", say: "say KiB, MiB, GiB, KB, MB or GB")
  }
  let size = (number.value * bytes).rounded()
  guard !number.isNegative, size >= 1024 else { return .refused("a size must be at least 1KiB", say: nil) }
  guard size <= 1_073_741_824 else { return .refused("a size cannot be more than 1GiB", say: nil) }
  return .value(Int(size))
}

/// A bare number, at most a million.
func readNumber(_ text: String) -> UnitReading<Double> {
  guard let (number, unit) = splitUnit(text) else { return .refused("not a number", say: nil) }
  guard unit.isEmpty else { return .refused("not a bare number", say: "say \(number.text)") }
  guard !number.isNegative else { return .refused("must not be negative", say: nil) }
  guard number.value <= 1e6 else { return .refused("cannot be more than 1000000", say: nil) }
  return .value(number.value)
}

/// A whole number, at most a thousand million.
func readCount(_ text: String) -> UnitReading<Int> {
  if text.hasPrefix("-"), Int(text) != nil { return .refused("must not be negative", say: nil) }
  guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let count = Int(text),
    count <= 1_000_000_000
  else { return .refused("not a whole number", say: "say 500") }
  return .value(count)
}

func readFlag(_ text: String) -> UnitReading<Bool> {
  switch text {
  case "true": .value(true)
  case "false": .value(false)
  case "yes", "on", "True", "TRUE", "Yes", "On": .refused("not a flag", say: "say true")
  case "no", "off", "False", "FALSE", "No", "Off": .refused("not a flag", say: "say false")
  default: .refused("not a flag", say: "say true or false")
  }
}

private struct DecimalText {
  /// Digits with at most one point, without the sign.
  var text: String
  var isNegative: Bool
  var value: Double
}

/// A decimal number (no exponent, at most 18 characters) and the text that follows it at once.
private func splitUnit(_ text: String) -> (number: DecimalText, unit: Substring)? {
  let isNegative = text.hasPrefix("-")
  let unsigned = isNegative ? text.dropFirst() : text[...]
  let end = unsigned.utf8.firstIndex {
    !((UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "."))
  }
  let digits = unsigned[..<(end ?? unsigned.endIndex)]
  guard digits.utf8.count <= 18, let first = digits.utf8.first, let last = digits.utf8.last,
    first != UInt8(ascii: "."), last != UInt8(ascii: "."), let value = Double(String(digits))
  else { return nil }
  return (
    DecimalText(text: String(digits), isNegative: isNegative && value > 0, value: value),
    unsigned[(end ?? unsigned.endIndex)...]
  )
}
