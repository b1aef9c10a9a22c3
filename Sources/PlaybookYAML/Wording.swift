/// Values in the playbook's own spelling, for problems and explanations.

/// `5%`, `0.05%`: up to four digits after the point.
func percentText(_ share: Double) -> String { "\(decimalText(share * 100, digits: 4))%" }

/// `$0.01`, `$25`: up to six digits after the point.
func dollarsText(_ dollars: Double) -> String { "$\(decimalText(dollars, digits: 6))" }

/// `250ms`, `30s`, `5m`, `24h`, `2d`: days from two on, `5d 8h`, `2h 30m` and `1m 30s` where one unit is not enough.
func durationText(_ duration: Duration) -> String {
  let milliseconds = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
  if milliseconds % 1000 != 0 {
    return milliseconds < 10_000 ? "\(milliseconds)ms" : "\(decimalText(Double(milliseconds) / 1000, digits: 3))s"
  }
  let seconds = milliseconds / 1000
  if seconds == 0 { return "0s" }
  if seconds < 60 { return "\(seconds)s" }
  let days = seconds >= 2 * 86400 ? seconds / 86400 : 0
  let rest = seconds - days * 86400
  let parts = [(days, "d"), (rest / 3600, "h"), (rest % 3600 / 60, "m"), (rest % 60, "s")]
  return parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined(separator: " ")
}

/// `32MiB`, `100KiB`, else bytes.
func sizeText(_ bytes: Int) -> String {
  if bytes % (1 << 30) == 0 { return "\(bytes >> 30)GiB" }
  if bytes % (1 << 20) == 0 { return "\(bytes >> 20)MiB" }
  if bytes % (1 << 10) == 0 { return "\(bytes >> 10)KiB" }
  return "\(bytes) bytes"
}

/// Without zeros at its end and, where it is whole, without a point. Magnitudes up to 1e12.
func decimalText(_ value: Double, digits: Int) -> String {
  var scale: Int64 = 1
  for _ in 0..<digits { scale *= 10 }
  let scaled = Int64((value * Double(scale)).rounded())
  let whole = scaled.magnitude / scale.magnitude
  var fraction = String(scaled.magnitude % scale.magnitude)
  fraction = String(repeating: "0", count: digits - fraction.count) + fraction
  while fraction.hasSuffix("0") { fraction.removeLast() }
  let sign = scaled < 0 ? "-" : ""
  return fraction.isEmpty ? "\(sign)\(whole)" : "\(sign)\(whole).\(fraction)"
}
