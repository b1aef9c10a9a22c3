/// What a file says about comparison, samples, tags and budgets is what the playbook holds.

import Foundation
import ResponseDiff
import RolloutJudge
import Testing
import TrafficSplit

@testable import PlaybookYAML

@Suite struct ComparisonReadingTests {
  static let more = #"""
    compare:
      ignore: [id, "usage.*"]
      tool_calls: names
      text: { similarity: 0.6 }
      json: schema
      per_second: 20
      semantic: { url: https://embed.example.com/v1, model: m, key: "${KEY}", at_least: 0.9, share: 10% }
    samples: { different: 50, uniform: 10, body: 16KiB, keep: 7d, size: 8MiB }
    redact: ["ACME-[0-9]+"]
    tags: { team: header.X-Team, feature: body.metadata.feature }
    budgets: [{ arm: b, per_day: $50 }, { arm: b, tag: team=a=b, per_day: $5.50 }]
    """#
  static let candidates = """
    [{ name: b, vendor: together, key: "${KEY}", effort_days: 2.5, models: { "*": "*" },
    prices: { m: { input: 1, output: 1 } } }]
    """

  private func playbook(_ more: String = more) throws -> Playbook {
    try Sample.playbook(
      Sample.text(candidates: Self.candidates, more: more, stages: "stages: [{ name: s, shadow: 10%, hold: 1h }]"))
  }

  @Test("every key arrives") func values() throws {
    let playbook = try playbook()
    let compare = playbook.compare
    #expect(
      compare.rules
        == ComparisonRules(
          ignore: ["id", "usage.*"], toolCalls: .names, text: .init(similarity: 0.6), json: .schema))
    #expect(compare.perSecond == 20)
    #expect(
      compare.semantic
        == SemanticCheck(
          url: ArmURL(isTLS: true, host: "embed.example.com", port: 443, basePath: "/v1"), model: "m",
          key: Secret("sk-sample"), atLeast: 0.9, share: 0.1))
    #expect(
      compare.samples
        == SamplePolicy(
          different: 50, uniform: 10, bodyBytes: 16 << 10, maxAge: .seconds(7 * 86_400), maxBytes: 8 << 20))
    #expect(compare.redact == ["ACME-[0-9]+"])
    #expect(
      playbook.tags == [
        Tag(name: "team", source: .header("x-team")), Tag(name: "feature", source: .body("metadata.feature")),
      ])
    #expect(
      playbook.budgets == [
        Budget(arm: .candidate(0), dollarsPerDay: 50),
        Budget(arm: .candidate(0), tag: .init(tag: 0, value: "a=b"), dollarsPerDay: 5.5),
      ])
    #expect(playbook.candidates[0].effortDays == 2.5)
    #expect(playbook.baseline.effortDays == nil)
  }

  @Test("what is left out is the default, and off is nothing") func defaults() throws {
    #expect(try playbook("").compare == ComparePolicy())
    #expect(try playbook("samples: off").compare.samples == nil)
    #expect(try playbook("samples: { uniform: 7 }").compare.samples == SamplePolicy(uniform: 7))
    #expect(try playbook("compare: { ignore: [] }").compare.rules.ignore == [])
  }

  @Test("all of it is said in words, and the key is not") func words() throws {
    let playbook = try playbook()
    let lines = explain(playbook)
    let start = try #require(lines.firstIndex(of: "Compared"))
    let expected = """
      Compared
        copies' answers are held against a's, at most 20 pairs a second
        a match has outcome and finish reason the same, tool calls of the same names, structured output as its schema \
      demands and texts at least 0.6 alike; left out: id, usage.*
        of 10% of the pairs, https://embed.example.com/v1 (m) says how alike the texts are: a cosine below 0.9 is a \
      mismatch
        kept of each candidate: the 50 most different pairs and a uniform sample of 10, 16KiB of each body, 8MiB in \
      all, for 7d
        blotted out of what is kept: keys, e-mail, phone and card numbers, and what your pattern covers

      Told apart by
        team is the header x-team
        feature is the body field metadata.feature

      Budgets
      """
    #expect(lines[start...].prefix(12).joined(separator: "\n") == expected)
    #expect(lines.contains("    moving to it takes 2.5 person-days, by your estimate"))
    #expect(lines.contains { $0.hasPrefix("  b may cost $5.5 a day of requests with team=a=b; then a answers") })
    #expect(lines.contains("  - answers' texts go to embed.example.com to be compared: compare.semantic"))
    #expect(!lines.joined().contains("sk-sample"))
    let data = try JSONEncoder().encode(PlaybookExplanation(playbook))
    let json = String(decoding: data, as: UTF8.self)
    for key in ["comparison", "tags", "budgets", "effort_days"] { #expect(json.contains("\"\(key)\""), "\(key)") }
    #expect(!json.contains("sk-sample"))
  }

  @Test("without copies nothing is said about comparing them") func nothingCompared() throws {
    #expect(!explain(try Sample.playbook(Sample.text())).contains("Compared"))
  }
}
