/// How long a vendor asks not to be asked again: seconds, or until a date (RFC 9110, 10.2.3 and 5.6.7).

import RolloutJudge

enum RetryAfter {
  /// A day: who asks for more is not waited for.
  private static let most = 86_400.0

  /// - Returns: nil for what is neither, and for what is in the past.
  static func duration(_ text: String, at now: Instant) -> Duration? {
    let seconds = Double(text) ?? date(text).map { (Double($0.nanoseconds) - Double(now.nanoseconds)) / 1e9 }
    guard let seconds, seconds >= 0, seconds < most else { return nil }
    return .seconds(seconds)
  }

  /// All three forms that there are, in whichever zone they say: it is GMT.
  private static func date(_ text: String) -> Instant? {
    let parts = text.split { $0 == " " || $0 == "," || $0 == "-" }.dropFirst().map(String.init)
    guard parts.count >= 4 else { return nil }
    // `Sun Nov  6 08:49:37 1994`, else the day goes first.
    let isAsctime = Int(parts[0]) == nil
    let (day, month) = isAsctime ? (parts[1], parts[0]) : (parts[0], parts[1])
    let (year, time) = isAsctime ? (parts[3], parts[2]) : (parts[2], parts[3])
    guard let number = Int(year), let day = Int(day), let place = months.firstIndex(of: month) else { return nil }
    // Two digits mean no year that is more than 50 ahead.
    let whole = number < 100 ? number + (number < 77 ? 2000 : 1900) : number
    return Instant(rfc3339: "\(whole)-\(two(place + 1))-\(two(day))T\(time)Z")
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}
