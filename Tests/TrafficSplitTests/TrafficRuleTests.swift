/// Which requests a rule is about.

import Testing

@testable import TrafficSplit

@Suite("TrafficRule")
struct TrafficRuleTests {
  private let request = SampleRequest(
    model: "openai/gpt-5", headers: ["x-team": "internal"], body: ["user": "u1", "metadata.tier": "gold"])

  @Test(
    "matches model, path, header and body field by glob",
    arguments: [
      (.model, "openai/*", true), (.model, "anthropic/*", false), (.path, "*/chat/completions", true),
      (.path, "/v1/embeddings", false), (.header("x-team"), "internal", true), (.header("x-team"), "ext*", false),
      (.body("user"), "u*", true), (.body("metadata.tier"), "gold", true), (.body("metadata.tier"), "silver", false),
    ] as [(TrafficRule.Attribute, String, Bool)])
  func attributes(_ attribute: TrafficRule.Attribute, _ pattern: String, _ expected: Bool) {
    #expect(TrafficRule.when(attribute, pattern, 0).matches(request) == expected)
  }

  @Test("does not match an attribute that the request lacks, not even with a star")
  func absent() {
    #expect(!TrafficRule.when(.header("x-none"), "*", 0).matches(request))
    #expect(!TrafficRule.when(.body("none"), "*", 0).matches(request))
    #expect(!TrafficRule.when(.model, "*", 0).matches(SampleRequest(model: nil)))
  }

  @Test("needs every one of its matchers")
  func all() {
    var rule = TrafficRule.when(.model, "openai/*", 0)
    rule.match.append(.init(attribute: .header("x-team"), glob: Glob("internal")))
    #expect(rule.matches(request))
    rule.match.append(.init(attribute: .body("user"), glob: Glob("u2")))
    #expect(!rule.matches(request))
  }
}
