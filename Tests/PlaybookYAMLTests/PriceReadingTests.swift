/// Prices in another currency, and fees that no answer tells of.

import RolloutJudge
import Testing

@testable import PlaybookYAML

@Suite struct PriceReadingTests {
  private func text(_ settings: String) -> String {
    Sample.text(
      candidates:
        "[{ name: b, vendor: newapi, url: \"https://relay.example.com/v1\", key: \"${KEY}\", models: { \"*\": \"*\" }, \(settings) }]"
    )
  }

  @Test(
    "prices in yuan become dollars at the playbook's rate",
    arguments: ["14.2", "¥14.2", "￥14.2", "14.2元", "14.2 元", "CNY 14.2", "14.2 RMB"])
  func yuan(price: String) throws {
    let arm = try Sample.playbook(
      text("currency: CNY, per_dollar: 7.1, prices: { m: { input: \"\(price)\", output: 71 } }")
    ).candidates[0]
    let found = try #require(arm.prices["m"])
    #expect(abs(found.input - 2) < 1e-12 && abs(found.output - 10) < 1e-12 && arm.costFactor == 1)
  }

  @Test("pictures and videos have prices of their own, in dollars that say so whatever the currency")
  func media() throws {
    let arm = try Sample.playbook(
      text(
        "currency: CNY, per_dollar: 7, overhead: 10%, prices: { p: { per_image: $0.04 }, m: { per_megapixel: 0.07, "
          + "per_second: ¥7 }, t: { input: 7, output: 14, per_image: 0.7 } }")
    ).candidates[0]
    #expect(abs((arm.prices["p"]?.media?.perImage ?? 0) - 0.044) < 1e-12 && arm.prices["p"]?.isOfTokens == false)
    #expect(abs((arm.prices["m"]?.media?.perMegapixel ?? 0) - 0.011) < 1e-12)
    #expect(abs((arm.prices["m"]?.media?.perSecond ?? 0) - 1.1) < 1e-12)
    let both = try #require(arm.prices["t"])
    #expect(both.isOfTokens && abs(both.input - 1.1) < 1e-12 && abs((both.media?.perImage ?? 0) - 0.11) < 1e-12)
    let lines = explain(try Sample.playbook(text("prices: { p: { per_image: $0.04, per_megapixel: 0.01 } }")))
    #expect(lines.contains("    p costs $0.04 per_image and $0.01 per_megapixel"))
  }

  @Test("an overhead is on prices and on what answers state")
  func overhead() throws {
    let arm = try Sample.playbook(text("overhead: 5.5%, prices: { m: { input: 2, output: 10 } }")).candidates[0]
    #expect(abs(arm.costFactor - 1.055) < 1e-12)
    #expect(abs((arm.prices["m"]?.input ?? 0) - 2.11) < 1e-12)
    let lines = explain(try Sample.playbook(text("overhead: 5.5%, prices: { m: { input: 2, output: 10 } }")))
    #expect(lines.contains("    costs 5.5% more than its answers and prices say: overhead"))
  }

  @Test(
    "bills are asked for where the vendor says what they were and the key is the arm's own, unless the playbook says no"
  )
  func reconcile() throws {
    func baseline(_ settings: String) throws -> Playbook {
      try Sample.playbook(text("overhead: 0%").replacing("baseline: {", with: "baseline: { \(settings), "))
    }
    #expect(try baseline("key: k").baseline.reconcile == 0.05)
    #expect(try baseline("key: k, reconcile: 0%").baseline.reconcile == 0)
    #expect(try baseline("reconcile: 20%").baseline.reconcile == 0.2)
    #expect(try baseline("key: k").candidates[0].reconcile == 0)
    let line =
      "    its bills are asked for afterwards: of answers that told no cost, of 100 others and of 5% of the rest"
    #expect(explain(try baseline("key: k")).contains(line))
    #expect(!explain(try baseline("effort_days: 0")).contains(line))
    let problems = readPlaybook(text: text("reconcile: 5%"), file: "p.yaml", environment: ["KEY": "k"]).problems
    #expect(
      problems.contains { $0.description.contains("is not known to say afterwards what it billed") }, "\(problems)")
  }

  @Test(
    "a price in yuan without a currency, and a currency without a rate, say what to write",
    arguments: [
      ("prices: { m: { input: \"¥35\", output: 1 } }", "is a price in yuan, and prices are in USD; say currency: CNY"),
      (
        "currency: EUR, per_dollar: 0.9, prices: { m: { input: 35元, output: 1 } }",
        "is a price in yuan, and prices are in EUR"
      ),
      ("currency: CNY, prices: { m: { input: 1, output: 1 } }", "'CNY' has no rate; say per_dollar: 7.1"),
      ("per_dollar: 7.1, prices: { m: { input: 1, output: 1 } }", "a rate of no currency; say currency: CNY"),
      ("prices: { m: { input: 1 } }", "'output' is missing; say output: 25.00"),
      ("prices: { m: {} }", "'input' is missing; say input: 5.00"),
      ("prices: { m: { per_image: 1, cached_input: 1 } }", "'input' is missing; say input: 5.00"),
      ("prices: { m: { per_image: four } }", "per_image: not a number: 'four'"),
      ("currency: yuan, per_dollar: 7, prices: {}", "a currency is three capital letters"),
      ("currency: CNY, per_dollar: 0, prices: {}", "must be more than 0"),
    ])
  func refusals(settings: String, message: String) {
    let problems = readPlaybook(text: text(settings), file: "p.yaml", environment: ["KEY": "k"]).problems
    #expect(problems.contains { $0.description.contains(message) }, "\(problems)")
  }
}
