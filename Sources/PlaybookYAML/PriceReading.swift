/// Reads what an arm costs: prices by model, in USD or in a currency whose rate the playbook gives, and a fee on top.

import RolloutJudge
import TrafficSplit

extension PlaybookKeys {
  static let priceKeys: [ObjectShape.Key] = [
    .init("prices", .map(.model, .object(price)), "By the arm's own model id, where it reports no cost."),
    .init("currency", .scalar(.currency), "The currency of prices, with per_dollar; without it they are in USD."),
    .init("per_dollar", .scalar(.perDollar), "So much of currency is one dollar."),
    .init("overhead", .scalar(.share), "A fee on all that this arm costs which no answer tells of, such as 5.5%."),
  ]

  static let price = ObjectShape(
    title: "price",
    keys: [
      .init("input", .scalar(.price), "Per million input tokens; USD, or currency.", missing: "say input: 5.00"),
      .init("output", .scalar(.price), "Per million output tokens.", missing: "say output: 25.00"),
      .init("cached_input", .scalar(.price), "Per million input tokens read from a cache."),
      .init("cache_write", .scalar(.price), "Per million input tokens written to a cache."),
    ])
}

extension ScalarKind {
  /// Marks of the yuan, before the number or behind it.
  private static let yuan = ["¥", "￥", "元", "CNY", "RMB"]

  /// The number of a price in yuan; nil for one without such a mark.
  static func yuanPrice(_ text: String) -> Double? {
    for mark in yuan {
      let bare: Substring
      if text.hasPrefix(mark) {
        let rest = text.dropFirst(mark.count)
        bare = rest.hasPrefix(" ") ? rest.dropFirst() : rest
      } else if text.hasSuffix(mark) {
        let rest = text.dropLast(mark.count)
        bare = rest.hasSuffix(" ") ? rest.dropLast() : rest
      } else {
        continue
      }
      return readNumber(String(bare)).value
    }
    return nil
  }

  static let price = unit(
    "a price per million tokens, such as 5.00",
    .object([
      (
        "anyOf",
        .array([
          .object([("type", "number"), ("minimum", 0), ("maximum", 1_000_000)]),
          pattern("^(¥|￥|CNY ?|RMB ?)?[0-9]+(\\.[0-9]+)?( ?(元|CNY|RMB))?$"),
        ])
      )
    ]),
    { text -> UnitReading<Double> in
      if text.hasPrefix("$"), readNumber(String(text.dropFirst())).value != nil {
        return .refused("a price is a bare number, USD per million tokens", say: "say \(text.dropFirst())")
      }
      return yuanPrice(text).map { .value($0) } ?? readNumber(text)
    })

  static let currency = ScalarKind(
    noun: "a currency such as CNY", schema: pattern("^[A-Z]{3}$")
  ) { text in
    text.count == 3 && text.allSatisfy { ("A"..."Z").contains($0) }
      ? nil : Refusal("a currency is three capital letters", say: "say CNY")
  }

  static let perDollar = unit(
    "how much of the currency is a dollar, such as 7.1",
    number("number", [("exclusiveMinimum", 0), ("maximum", 1_000_000)]), readNumber
  ) { $0 > 0 && $0 <= 1_000_000 ? nil : Refusal("must be more than 0 and at most 1000000") }
}

extension PlaybookReader {
  /// - Parameter factor: of all that the arm costs.
  /// - Returns: USD.
  mutating func prices(_ node: PlaybookNode, factor: Double) -> [String: Price] {
    let currency = currency(node)
    var prices: [String: Price] = [:]
    for entry in node["prices"]?.entries ?? [] {
      func dollars(_ name: String) -> Double? {
        guard let value = entry.value[name], let text = value.text else { return nil }
        let yuan = ScalarKind.yuanPrice(text)
        if yuan != nil, currency?.name != "CNY" {
          problems.error(
            at: value, "'\(value.shown)' is a price in yuan, and prices are in \(currency?.name ?? "USD")",
            "say currency: CNY and per_dollar: 7.1 beside prices")
        }
        return (yuan ?? value.number).map { $0 / (currency?.perDollar ?? 1) * factor }
      }
      guard let input = dollars("input"), let output = dollars("output") else { continue }
      prices[entry.key] = Price(
        input: input, output: output, cachedInput: dollars("cached_input"), cacheWrite: dollars("cache_write"))
    }
    return prices
  }

  private mutating func currency(_ node: PlaybookNode) -> (name: String, perDollar: Double)? {
    let (name, rate) = (node["currency"], node["per_dollar"])
    switch (name?.text, rate?.number) {
    case (let name?, let rate?): return (name, rate)
    case ("USD", nil), (nil, nil): return nil
    case (_?, nil):
      problems.error(
        at: name ?? node, "'\(name?.shown ?? "")' has no rate", "say per_dollar: 7.1, so much of it is a dollar")
    case (nil, _?): problems.error(at: rate ?? node, "a rate of no currency", "say currency: CNY")
    }
    return nil
  }

  /// A price for a model that no line maps to is most likely a slip.
  mutating func checkPrices(_ node: PlaybookNode, _ arm: Arm) {
    for entry in node["prices"]?.entries ?? [] {
      let isServed = arm.models.lines.contains { Glob($0.to).matches(entry.key) }
      if !isServed, !arm.models.lines.isEmpty {
        let ids = (node["models"]?.entries ?? []).map(\.value.shown)
        let near = nearestWord(to: entry.key, among: ids).map { "did you mean '\($0)'?" }
        problems.warning(at: entry.value, "no line of 'models' leads to '\(entry.key.prefix(64))'", near)
      }
    }
  }
}
