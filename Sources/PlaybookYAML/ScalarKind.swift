/// The kinds of single values: each knows in one place what it accepts, how to say so, and its JSON Schema.

import RolloutJudge

/// Why a text is refused.
struct Refusal: Equatable, Sendable {
  var message: String
  var say: String?

  init(_ message: String, say: String? = nil) {
    self.message = message
    self.say = say
  }
}

struct ScalarKind: Sendable {
  /// With article and example, such as "a share such as 5%".
  var noun: String
  /// Whether a message may show what was written.
  var isShown = true
  var schema: JSONText
  /// Nil where the text is acceptable.
  var check: @Sendable (String) -> Refusal?
}

extension ScalarKind {
  /// A string by pattern, or one with a `${NAME}` in it, whose text the schema cannot know.
  static func pattern(_ pattern: String, _ more: [(String, JSONText)] = []) -> JSONText {
    .object([("type", "string"), ("pattern", .string("\(pattern)|\\$\\{"))] + more)
  }

  /// A string with a `${NAME}` in it.
  static let reference: JSONText = .object([("type", "string"), ("pattern", "\\$\\{")])

  /// A number, or a string with a `${NAME}` in it.
  static func number(_ type: String, _ bounds: [(String, JSONText)]) -> JSONText {
    .object([
      ("anyOf", .array([.object([("type", .string(type))] + bounds), pattern("^[0-9]+(\\.[0-9]+)?$")]))
    ])
  }

  static func unit<Value: Sendable>(
    _ noun: String, _ schema: JSONText, _ read: @escaping @Sendable (String) -> UnitReading<Value>,
    _ extra: @escaping @Sendable (Value) -> Refusal? = { _ in nil }
  ) -> ScalarKind {
    ScalarKind(noun: noun, schema: schema) { text in
      switch read(text) {
      case .value(let value): extra(value)
      case .refused(let message, let say): Refusal(message, say: say)
      }
    }
  }

  private static let sharePattern = pattern("^0*(100(\\.0+)?|[0-9]{1,2}(\\.[0-9]+)?)%$")

  static let share = unit("a share such as 5%", sharePattern, readShare)

  /// More than 0% and less than 100%.
  static let properShare = unit("a share between 0% and 100%, such as 5%", sharePattern, readShare) {
    $0 > 0 && $0 < 1 ? nil : Refusal("must lie between 0% and 100%, both excluded")
  }

  private static let durationPattern = pattern("^[0-9]+(\\.[0-9]+)?(ms|s|m|h|d)$")

  static let duration = unit("a duration such as 30s", durationPattern, readDuration)

  static let positiveDuration = unit("a duration such as 30s", durationPattern, readDuration) {
    $0 > .zero ? nil : Refusal("must be longer than nothing")
  }

  /// Up to a day.
  static let timeout = unit("a duration such as 30s", durationPattern, readDuration) {
    if $0 <= .zero { return Refusal("a time-out must be longer than nothing") }
    return $0 > .seconds(86400) ? Refusal("a time-out cannot be longer than 24h") : nil
  }

  static let dollars = unit("an amount of money such as $0.01", pattern("^\\$[0-9]+(\\.[0-9]+)?$"), readDollars) {
    $0 > 0 ? nil : Refusal("must be more than $0")
  }

  static let dailyBudget = unit(
    "a budget such as $25/day", pattern("^\\$[0-9]+(\\.[0-9]+)?/day$"), readDailyBudget)

  static let size = unit(
    "a size such as 32MiB", pattern("^[0-9]+(\\.[0-9]+)?(KiB|MiB|GiB|KB|MB|GB)$"), readSize)

  static let ratio = unit("a ratio such as 1.5", number("number", [("exclusiveMinimum", 0)]), readNumber) {
    $0 > 0 ? nil : Refusal("a ratio must be more than 0")
  }

  static let speed = unit("a number of tokens such as 20", number("number", [("exclusiveMinimum", 0)]), readNumber) {
    $0 > 0 ? nil : Refusal("must be more than 0")
  }

  static let score = unit(
    "a score between 0 and 1, such as 0.8", number("number", [("exclusiveMinimum", 0), ("exclusiveMaximum", 1)]),
    readNumber
  ) {
    $0 > 0 && $0 < 1 ? nil : Refusal("a score lies between 0 and 1, both excluded here")
  }

  /// A limit of a metric: in the metric's unit, and told so where it is in another.
  static func limit(_ unit: Metric.Unit) -> ScalarKind {
    let (base, own, example): (ScalarKind, String, String) =
      switch unit {
      case .share: (.properShare, "a share", "2%")
      case .milliseconds: (.positiveDuration, "a time", "8s")
      case .dollars: (.dollars, "an amount of money", "$0.01")
      case .tokensPerSecond: (.speed, "a number", "20")
      case .score: (.score, "a number from 0 to 1", "0.8")
      }
    var kind = base
    kind.check = { text in
      guard let refusal = base.check(text) else { return nil }
      let other =
        readShare(text).value != nil
        ? "a share"
        : readDuration(text).value != nil ? "a time" : readDollars(text).value.map { _ in "an amount of money" }
      guard let other, other != own else { return refusal }
      return Refusal("this metric is \(own), not \(other)", say: "say \(example)")
    }
    return kind
  }

  static let flag = unit(
    "true or false", .object([("anyOf", .array([.object([("type", "boolean")]), pattern("^(true|false)$")]))]), readFlag
  )

  static func count(_ range: ClosedRange<Int>) -> ScalarKind {
    unit(
      "a whole number such as 500",
      number("integer", [("minimum", .integer(range.lowerBound)), ("maximum", .integer(range.upperBound))]), readCount
    ) {
      if $0 < range.lowerBound { return Refusal("must be at least \(range.lowerBound)") }
      return $0 > range.upperBound ? Refusal("cannot be more than \(range.upperBound)") : nil
    }
  }

  static func choice(_ words: [String]) -> ScalarKind {
    let values = words.flatMap { word in Int(word).map { [JSONText.integer($0), .string(word)] } ?? [.string(word)] }
    return ScalarKind(
      noun: orList(words), schema: .object([("anyOf", .array([.object([("enum", .array(values))]), reference]))])
    ) { text in
      if words.contains(text) { return nil }
      let near = nearestWord(to: text, among: words)
      return Refusal("must be \(orList(words))", say: near.map { "did you mean '\($0)'?" })
    }
  }
}
