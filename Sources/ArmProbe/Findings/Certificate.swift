/// The certificate that an arm shows, as far as an operator must know it.

package import RolloutJudge

package struct Certificate: Sendable, Equatable {
  package var subject: String
  package var issuer: String
  /// Nil where the date is in no known form.
  package var expires: Instant?

  package init(subject: String, issuer: String, expires: Instant?) {
    self.subject = subject
    self.issuer = issuer
    self.expires = expires
  }

  /// Whole days that are left, below 0 once it has expired.
  package func daysLeft(at now: Instant) -> Int? {
    expires.map { Int((Double($0.nanoseconds - now.nanoseconds) / 86_400e9).rounded(.down)) }
  }

  /// - Parameter curlFields: `Name:value`, as libcurl lists them.
  init?(curlFields: [String]) {
    var values: [String: String] = [:]
    for field in curlFields {
      guard let colon = field.firstIndex(of: ":") else { continue }
      values[String(field[..<colon])] = String(field[field.index(after: colon)...].prefix(512))
    }
    guard let subject = values["Subject"], let issuer = values["Issuer"] else { return nil }
    self.init(subject: subject, issuer: issuer, expires: values["Expire date"].flatMap(Self.date))
  }

  /// `Oct 29 18:26:38 2126 GMT` (OpenSSL) or `2126-10-29 18:26:38 GMT` (others). Dates after 2200 count as 2200.
  static func date(_ text: String) -> Instant? {
    let words = text.split(separator: " ")
    if words.count >= 2, words[0].contains("-") {
      let parts = words[0].split(separator: "-").map(String.init)
      guard parts.count == 3 else { return nil }
      return instant(year: parts[0], month: parts[1], day: parts[2], time: String(words[1]))
    }
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    guard words.count >= 4, let month = months.firstIndex(of: String(words[0])) else { return nil }
    return instant(
      year: String(words[3]), month: twoDigits(month + 1), day: Int(words[1]).map(twoDigits) ?? "",
      time: String(words[2]))
  }

  private static func instant(year: String, month: String, day: String, time: String) -> Instant? {
    guard let number = Int(year), (1970...9999).contains(number) else { return nil }
    // Nanoseconds since 1970 end in 2262.
    return Instant(rfc3339: "\(min(number, 2200))-\(month)-\(day)T\(time)Z")
  }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
