/// Reads what an arm costs: prices by model, in USD or in a currency whose rate the playbook gives, and a fee on top.

import RolloutJudge
import TrafficSplit

extension PlaybookKeys {
  static let priceKeys: [ObjectShape.Key] = [
    .init("prices", .map(.model, .object(price)), "By the arm's own model id, where it reports no cost."),
    .init("currency", .scalar(.currency), "The currency of prices, with per_dollar; without it they are in USD."),
    .init("per_dollar", .scalar(.perDollar), "So much of currency is one dollar."),
    .init("overhead", .scalar(.share), "A fee on all that this arm costs which no answer tells of, such as 5.5%."),
    .init(
      "reconcile", .scalar(.share),
      "Share of its answers whose bill is asked for afterwards, the first hundred and those of unknown cost apart; for "
        + "OpenRouter with a key of its own, whose default is 5%. 0%: none is."),
  ]

  static let price = ObjectShape(
    title: "price",
    keys: [
      .init("input", .scalar(.price), "Per million input tokens; USD, or currency. With output."),
      .init("output", .scalar(.price), "Per million output tokens. With input."),
      .init("cached_input", .scalar(.price), "Per million input tokens read from a cache."),
      .init("cache_write", .scalar(.price), "Per million input tokens written to a cache."),
      .init("per_image", .scalar(.assetPrice), "For each picture, such as $0.04; in place of tokens."),
      .init("per_megapixel", .scalar(.assetPrice), "For each megapixel of each picture whose request says its size."),
      .init(
        "per_second", .scalar(.assetPrice),
        "For each second of a video whose request says its length, or that the vendor's machines took."),
      .init(
        "per_unit", .scalar(.assetPrice), "For each unit or credit that the vendor itself counts (fal.ai, EvoLink)."),
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

  static let assetPrice = unit(
    "a price of one, such as $0.04",
    .object([
      (
        "anyOf",
        .array([
          .object([("type", "number"), ("minimum", 0), ("maximum", 1_000_000)]),
          pattern("^(\\$|¥|￥|CNY ?|RMB ?)?[0-9]+(\\.[0-9]+)?( ?(元|CNY|RMB))?$"),
        ])
      )
    ]),
    { text -> UnitReading<Double> in
      dollarPrice(text).map { .value($0) } ?? yuanPrice(text).map { .value($0) } ?? readNumber(text)
    })

  /// The number of a price in dollars that says so; nil for one that does not.
  static func dollarPrice(_ text: String) -> Double? {
    text.hasPrefix("$") ? readNumber(String(text.dropFirst())).value : nil
  }

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
  private typealias Currency = (name: String, perDollar: Double)

  /// - Parameter factor: of all that the arm costs.
  /// - Returns: USD.
  mutating func prices(_ node: PlaybookNode, factor: Double) -> [String: Price] {
    let currency = currency(node)
    var prices: [String: Price] = [:]
    for entry in node["prices"]?.entries ?? [] {
      prices[entry.key] = price(entry.value, in: currency, factor)
    }
    return prices
  }

  private mutating func price(_ node: PlaybookNode, in currency: Currency?, _ factor: Double) -> Price? {
    let known = Dictionary(
      uniqueKeysWithValues: PlaybookKeys.price.keys.compactMap { key in
        dollars(key.name, of: node, in: currency).map { (key.name, $0 * factor) }
      })
    let media = MediaPrice(
      perImage: known["per_image"], perMegapixel: known["per_megapixel"], perSecond: known["per_second"],
      perUnit: known["per_unit"])
    let hasMedia = node.entries.contains { $0.key.hasPrefix("per_") }
    if hasMedia, node.entries.allSatisfy({ $0.key.hasPrefix("per_") }) { return Price(media: media) }
    for (name, example) in [("input", "5.00"), ("output", "25.00")] where node[name] == nil {
      problems.error(node.place, node.path, "'\(name)' is missing", "say \(name): \(example)")
    }
    guard let input = known["input"], let output = known["output"] else { return nil }
    return Price(
      input: input, output: output, cachedInput: known["cached_input"], cacheWrite: known["cache_write"],
      media: hasMedia ? media : nil)
  }

  private mutating func dollars(_ name: String, of node: PlaybookNode, in currency: Currency?) -> Double? {
    guard let value = node[name], let text = value.text else { return nil }
    if let dollars = ScalarKind.dollarPrice(text) { return dollars }
    let yuan = ScalarKind.yuanPrice(text)
    if yuan != nil, currency?.name != "CNY" {
      problems.error(
        at: value, "'\(value.shown)' is a price in yuan, and prices are in \(currency?.name ?? "USD")",
        "say currency: CNY and per_dollar: 7.1 beside prices")
    }
    return (yuan ?? value.number).map { $0 / (currency?.perDollar ?? 1) }
  }

  private mutating func currency(_ node: PlaybookNode) -> Currency? {
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
