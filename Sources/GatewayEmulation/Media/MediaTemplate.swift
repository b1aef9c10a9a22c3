/// A document of a vendor as its row has it, with `<name>` where a value belongs.

enum MediaTemplate {
  /// - Parameter value: what stands for a name; nil leaves it as it is. What is put in is not looked at again.
  static func fill(_ template: String, _ value: (Substring) -> String?) -> String {
    var filled = ""
    var rest = template[...]
    while let start = rest.firstIndex(of: "<") {
      filled += rest[..<start]
      rest = rest[start...]
      guard let end = rest.firstIndex(of: ">"), let text = value(rest[rest.index(after: start)..<end]) else {
        filled.append(rest.removeFirst())
        continue
      }
      filled += text
      rest = rest[rest.index(after: end)...]
    }
    return filled + rest
  }

  /// An identifier such as `task-<a8>` or `<h8>-<h4>`: so many hexadecimal digits, or small letters and digits.
  static func identifier(_ form: String, epoch: Int, using random: inout SeededRandom) -> String {
    var text = ""
    var rest = form[...]
    while let start = rest.firstIndex(of: "<"), let end = rest.firstIndex(of: ">") {
      text += rest[..<start]
      let name = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      switch (name.first, Int(name.dropFirst())) {
      case ("h", let count?): text += letters(16, count, &random)
      case ("d", let count?): text += letters(10, count, &random)
      case ("a", let count?): text += letters(36, count, &random)
      default: text += "\(epoch)"
      }
    }
    return text + rest
  }

  private static func letters(_ kinds: Int, _ count: Int, _ random: inout SeededRandom) -> String {
    (0..<count).map { _ in String(random.below(kinds), radix: 36) }.joined()
  }
}

/// An instant of the emulated calendar, which begins with the gateway and follows its clock.
enum MediaInstant {
  static func epoch(_ since: Duration) -> Int { AnswerDraft.firstCreated + Int(since.components.seconds) }

  /// As RFC 3339 has it, to the millisecond.
  static func text(_ since: Duration) -> String {
    let seconds = epoch(since)
    let days = seconds / 86_400
    let time = seconds % 86_400
    let millis = Int(since.components.attoseconds / 1_000_000_000_000_000)
    let (year, month, day) = date(days: days)
    let clock = [time / 3600, time / 60 % 60, time % 60].map { padded($0, 2) }.joined(separator: ":")
    return "\(year)-\(padded(month, 2))-\(padded(day, 2))T\(clock).\(padded(millis, 3))Z"
  }

  /// Howard Hinnant, “chrono-Compatible Low-Level Date Algorithms”, `civil_from_days`, for days from 1970 on.
  private static func date(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
