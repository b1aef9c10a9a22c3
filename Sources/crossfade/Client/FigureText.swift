/// Figures as people read them: `12,345`, `4.2%`, `118 ms`, `1.24 s`, `$0.0312`.

import Foundation
import RolloutJudge

enum FigureText {
  static func count(_ value: Int) -> String {
    var digits = String(abs(value))
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// `1 request`, `2 requests`.
  static func counted(_ value: Int, _ one: String, _ many: String? = nil) -> String {
    "\(count(value)) \(value == 1 ? one : many ?? one + "s")"
  }

  /// The share as short as it can be: `5%`, `0.5%`.
  static func share(_ value: Double) -> String { String(format: "%.4g%%", value * 100) }

  /// Always with one decimal, so that columns line up: `5.0%`.
  static func rate(_ value: Double?) -> String { value.map { String(format: "%.1f%%", $0 * 100) } ?? "-" }

  static func milliseconds(_ value: Double?) -> String {
    guard let value else { return "-" }
    if value < 1000 { return String(format: "%.0f ms", value) }
    return value < 100_000 ? String(format: "%.2f s", value / 1000) : String(format: "%.0f s", value / 1000)
  }

  static func dollars(_ value: Double?) -> String { value.map { String(format: "$%.4f", $0) } ?? "-" }

  /// `0:07`, `1:23`.
  static func clock(_ duration: Duration) -> String {
    let seconds = max(0, duration.components.seconds)
    return "\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"
  }

  static func seconds(_ duration: Duration) -> String {
    let seconds = duration / .seconds(1)
    return seconds < 9.95 ? String(format: "%.1f s", seconds) : String(format: "%.0f s", seconds)
  }

  /// Evidence spans many powers of ten: `0.02`, `46`, `1,230`, `10^9`.
  static func evidence(_ value: Double) -> String {
    if !(value < 1e6) { return value.isFinite ? "10^\(Int(log10(value)))" : "beyond measure" }
    return value < 10 ? String(format: "%.2f", value) : count(Int(value.rounded()))
  }

  static func limit(_ limit: Double, of metric: Metric) -> String {
    switch metric.unit {
    case .share: share(limit)
    case .milliseconds: limit < 1000 ? String(format: "%g ms", limit) : String(format: "%g s", limit / 1000)
    case .dollars: "$\(String(format: "%g", limit))"
    case .tokensPerSecond, .score: String(format: "%g", limit)
    }
  }
}
