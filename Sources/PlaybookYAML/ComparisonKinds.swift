/// The kinds of single values that only comparison, tags and budgets have.

extension ScalarKind {
  /// 0…1, bare.
  static let likeness = ScalarKind(
    noun: "a number from 0 to 1, such as 0.6", schema: number("number", [("minimum", 0), ("maximum", 1)])
  ) { text in
    if let share = readShare(text).value {
      return Refusal("must be a number from 0 to 1", say: "say \(decimalText(share, digits: 4))")
    }
    switch readNumber(text) {
    case .value(let value):
      guard value > 1 else { return nil }
      return Refusal(
        "cannot be more than 1", say: value <= 100 ? "did you mean \(decimalText(value / 100, digits: 4))?" : nil)
    case .refused(let message, let say): return Refusal(message, say: say)
    }
  }

  /// Person-days.
  static let effort = ScalarKind(
    noun: "a number of days, such as 3", schema: number("number", [("minimum", 0), ("maximum", 100_000)])
  ) { text in
    switch readNumber(text) {
    case .value(let days): return days > 100_000 ? Refusal("cannot be more than 100000 days") : nil
    case .refused(let message, let say):
      let days = readDuration(text).value.map { Double($0.components.seconds) / 86400 }
      return Refusal(message, say: days.map { "say \(decimalText($0, digits: 2)), in person-days" } ?? say)
    }
  }

  /// USD for a day.
  static let dayAmount = ScalarKind(
    noun: "an amount of money such as $50", schema: pattern("^\\$[0-9]+(\\.[0-9]+)?$")
  ) { text in
    if readDailyBudget(text).value != nil {
      return Refusal("the key says already that it is for a day", say: "say \(text.dropLast(4))")
    }
    switch readDollars(text) {
    case .value(let dollars):
      return dollars > 0 ? nil : Refusal("must be more than $0", say: "weights of 0% keep everything from a candidate")
    case .refused(let message, let say): return Refusal(message, say: say)
    }
  }

  /// 1 KiB to 4 MiB.
  static let sampleBody = ScalarKind(noun: "a size such as 64KiB", schema: size.schema) { text in
    if let refusal = size.check(text) { return refusal }
    return readSize(text).value ?? 0 > 4 << 20 ? Refusal("a kept body cannot be larger than 4MiB") : nil
  }

  /// Dotted steps, each a name, `*` or `**`, with or without an index.
  static let answerPath = ScalarKind(
    noun: "a path of an answer, such as usage.* or choices[0].message", schema: pattern("^[^.\\s]+(\\.[^.\\s]+)*$")
  ) { text in
    if text.isEmpty { return Refusal("a path must not be empty") }
    if text.utf8.count > 256 { return Refusal("a path cannot be longer than 256 bytes") }
    if text.contains(where: \.isWhitespace) { return Refusal("a path holds no spaces") }
    if text == "**" { return Refusal("that is all of the answer", say: "say which parts") }
    let steps = text.split(separator: ".", omittingEmptySubsequences: false)
    if steps.contains("") { return Refusal("a path's steps must not be empty", say: "say usage.cost or usage.*") }
    let isPartial = steps.map { $0.prefix { $0 != "[" } }.contains { $0.contains("*") && $0 != "*" && $0 != "**" }
    return isPartial ? Refusal("* stands for a whole step", say: "say usage.*, not usage*") : nil
  }

  static let textPattern = ScalarKind(
    noun: "a regular expression", schema: .object([("type", "string"), ("minLength", 1)])
  ) { text in
    do throws(TextPattern.Refused) {
      let pattern = try TextPattern(text)
      return pattern.matchesNothing ? Refusal("matches even an empty text", say: "say what must be there") : nil
    } catch {
      return Refusal(error.message, say: error.say)
    }
  }

  static let tagSource = ScalarKind(
    noun: "header.NAME or body.FIELD",
    schema: pattern("^(header\\.[!#$%&'*+.^_`|~0-9A-Za-z-]+|body\\..+)$")
  ) { text in
    if text.hasPrefix("header.") {
      let name = text.dropFirst(7).lowercased()
      guard isHeaderName(name) else { return Refusal("not a header's name", say: "say header.x-team") }
      return namesCredential(name)
        ? Refusal("credentials would stand in every report", say: "name another header") : nil
    }
    if text.hasPrefix("body.") {
      let steps = text.dropFirst(5).split(separator: ".", omittingEmptySubsequences: false)
      if steps.contains("") { return Refusal("body. needs a field", say: "say body.user or body.metadata.feature") }
      return steps.contains(where: { namesCredential(String($0)) })
        ? Refusal("credentials would stand in every report", say: "name another field") : nil
    }
    let near = nearestWord(to: String(text.prefix { $0 != "." && $0 != ":" }), among: ["header", "body"])
    return Refusal(
      "must be header.NAME or body.FIELD", say: near.map { "did you mean '\($0).'?" } ?? "say header.x-team")
  }

  /// `TAG=VALUE`.
  static let tagValue = ScalarKind(noun: "a tag and its value, such as team=search", schema: pattern("^[^=]+=.+$")) {
    text in
    guard let (name, value) = splitTagValue(text) else {
      return Refusal("must be a tag and its value", say: "say team=search")
    }
    if let refusal = KeyKind.tag.check(name) { return refusal }
    return value.utf8.count > 256 ? Refusal("a tag's value cannot be longer than 256 bytes") : nil
  }
}

/// Nil unless there is something on either side of the first `=`.
func splitTagValue(_ text: String) -> (tag: String, value: String)? {
  guard let equals = text.firstIndex(of: "="), equals != text.startIndex else { return nil }
  let value = text[text.index(after: equals)...]
  return value.isEmpty ? nil : (String(text[..<equals]), String(value))
}
