/// What a file says is what the playbook holds.

import Foundation
import Dialects
import RolloutJudge
import Testing
import TrafficSplit

@testable import PlaybookYAML
import Vendors

@Suite struct PlaybookReaderTests {
  static let design = #"""
    crossfade: 1                              # format version
    name: openrouter-to-litellm               # also names the rollout in the journal

    baseline:
      name: openrouter
      vendor: openrouter                      # a vendor profile: base URL, auth style, usage and cost fields, field policy
      # url:  https://openrouter.ai/api/v1    # overrides the profile's
      # key:  ${OPENROUTER_API_KEY}           # absent: the caller's own Authorization is passed through (baseline only)

    candidates:
      - name: litellm
        vendor: litellm
        url: http://127.0.0.1:4000/v1
        key: ${LITELLM_API_KEY}
        models:                               # application's model id -> candidate's id; "*" in both keeps the matched part
          anthropic/claude-opus-4.7: claude-opus
          "deepseek/*": "deepseek/*"
          # a model that no line matches never goes to this candidate
        fields: { drop: [provider, route] }   # on top of the vendor's field policy
        prices: { claude-opus: { input: 5.00, output: 25.00, cached_input: 0.50 } }   # USD per million tokens, where the vendor reports no cost

    traffic:
      sticky: conversation                    # conversation (default) | header:NAME | body:FIELD | none; also a list, first present wins
      rules:                                  # optional, first match wins; a request that no rule matches uses the stage's weight
        - match: { model: "openai/*" }        # model, path, header.NAME, body.FIELD; globs
          weight: 0%
        - match: { header.x-team: internal }
          weight: 50%
      fallback: [connect, timeout, 429, 5xx, 4xx, 3xx, error_in_body, empty]   # a canary that fails this way before its first token is answered by the baseline
      safety_net: { until: first_token, at_most: 5s, bytes: 64KiB }   # how long a canary's answer is held back for that; `until: head` holds nothing
      timeouts: { connect: 2s, first_byte: 60s, idle: 60s, total: 10m }
      max_body: 32MiB                         # larger requests go to the baseline unshadowed, streamed through

    shadow:
      max_in_flight: 64                       # beyond it copies are dropped and counted, never queued without bound
      budget: $25/day                         # spent: shadowing stops until the next day and says so
      noise: 5%                               # share of shadowed exchanges also repeated on the baseline, to learn its own variation

    confidence: 99%                           # at most 1 rollout in 100 of a candidate no worse than allowed is rolled back
    test: sequential                          # or: { threshold: { window: 5m, min_samples: 50 } }

    rollback_when:                            # any metric; within one entry all conditions must hold
      error_rate:  { above: 2%, ratio_above: 1.5 }
      latency_p95: { above: 8s, ratio_above: 1.25 }
    pause_when:
      cost_per_outcome: { ratio_above: 1.25 }
      mismatch_rate:    { above: 10% }

    stages:
      - { name: baseline, hold: 24h }
      - { name: shadow,   shadow: 100%, hold: 24h, advance: proven, max_hold: 72h }
      - { name: canary,   weight: 1%,  hold: 24h }
      - { name: canary-5, weight: 5%,  hold: 24h }
      - { name: ramp-10,  weight: 10%, hold: 2h, min_samples: 500 }
      - { name: ramp-25,  weight: 25%, hold: 2h }
      - { name: ramp-50,  weight: 50%, hold: 4h, approval: true }
      - { name: full,     weight: 100%, holdback: 1%, hold: 24h }

    on_decision: { webhook: https://hooks.example.com/crossfade }    # optional
    """#

  @Test("the design's own example is read without a problem, to the last value") func designExample() throws {
    let reading = readPlaybook(
      text: Self.design, file: "x.yaml", environment: ["LITELLM_API_KEY": "sk-litellm"], sha256: "abc")
    #expect(reading.problems == [])
    let playbook = try #require(reading.playbook)
    #expect(playbook.name == "openrouter-to-litellm")
    #expect(playbook.sha256 == "abc")
    #expect(playbook.baseline.url.description == "https://openrouter.ai/api/v1")
    #expect(playbook.baseline.key == nil)
    #expect(playbook.baseline.dropFields == [])
    #expect(playbook.confidence == 0.99)
    #expect(playbook.test == .sequential)
    #expect(playbook.onDecision.map(\.address.exposed) == ["https://hooks.example.com/crossfade"])
    #expect(
      playbook.traffic
        == Traffic(
          rules: [
            TrafficRule(match: [.init(attribute: .model, glob: Glob("openai/*"))], weights: [0]),
            TrafficRule(match: [.init(attribute: .header("x-team"), glob: Glob("internal"))], weights: [0.5]),
          ]))
    #expect(playbook.shadow == ShadowPolicy(maxInFlight: 64, dollarsPerDay: 25, noise: 0.05))
    #expect(
      playbook.rollbackWhen == [
        Condition(metric: .errorRate, above: 0.02, ratioAbove: 1.5),
        Condition(metric: .latencyP95, above: 8000, ratioAbove: 1.25),
      ])
    #expect(
      playbook.pauseWhen == [
        Condition(metric: .costPerOutcome, ratioAbove: 1.25), Condition(metric: .mismatchRate, above: 0.1),
      ])
  }

  @Test("copies may be of some endpoints only") func copiedEndpoints() throws {
    let text = """
      crossfade: 1
      name: n
      baseline: { name: b, vendor: openrouter }
      candidates: [{ name: c, vendor: litellm, url: "http://127.0.0.1:4000/v1", models: { "*": "*" } }]
      shadow: { endpoints: [chat, embeddings, images] }
      stages: [{ name: s, shadow: 100%, hold: 1h }]
      """
    let playbook = try Sample.playbook(text)
    #expect(playbook.shadow.endpoints == [.chatCompletions, .embeddings, .images])
    #expect(explain(playbook).contains("  only requests to chat/completions, embeddings and images are copied"))
    let problems = readPlaybook(text: text.replacing("images]", with: "pictures]"), file: "p.yaml", environment: [:])
      .problems
    #expect(problems.count == 1)
  }

  @Test("the design's candidate has its url, key, models, fields and prices") func designCandidate() throws {
    let playbook = try Sample.playbook(Self.design, ["LITELLM_API_KEY": "sk-litellm"])
    let candidate = try #require(playbook.candidates.first)
    #expect(candidate.url == ArmURL(isTLS: false, host: "127.0.0.1", port: 4000, basePath: "/v1"))
    #expect(candidate.key?.exposed == "sk-litellm")
    #expect(candidate.authentication == .bearer)
    #expect(candidate.models.candidateModel(for: "anthropic/claude-opus-4.7") == "claude-opus")
    #expect(candidate.models.candidateModel(for: "deepseek/deepseek-v3.2") == "deepseek/deepseek-v3.2")
    #expect(candidate.models.candidateModel(for: "openai/gpt-5") == nil)
    #expect(candidate.dropFields.prefix(2) == ["provider", "route"])
    #expect(candidate.dropFields.count == Set(candidate.dropFields).count)
    #expect(candidate.prices == ["claude-opus": Price(input: 5, output: 25, cachedInput: 0.5)])
  }

  @Test("the design's stages have their weights, holds and conditions") func designStages() throws {
    let day = Duration.seconds(86400)
    let hour = Duration.seconds(3600)
    let playbook = try Sample.playbook(Self.design, ["LITELLM_API_KEY": "sk-litellm"])
    #expect(
      playbook.stages == [
        Stage(name: "baseline", weights: [0], shadow: [0], hold: day),
        Stage(name: "shadow", weights: [0], shadow: [1], hold: day, advance: .proven, maxHold: hour * 72),
        Stage(name: "canary", weights: [0.01], shadow: [0], hold: day),
        Stage(name: "canary-5", weights: [0.05], shadow: [0], hold: day),
        Stage(name: "ramp-10", weights: [0.1], shadow: [0], hold: hour * 2, minSamples: 500),
        Stage(name: "ramp-25", weights: [0.25], shadow: [0], hold: hour * 2),
        Stage(name: "ramp-50", weights: [0.5], shadow: [0], hold: hour * 4, needsApproval: true),
        Stage(name: "full", weights: [0.99], shadow: [0], hold: day, holdback: 0.01),
      ])
  }

  @Test("what a playbook leaves out is the default") func defaults() throws {
    let playbook = try Sample.playbook(Sample.text())
    #expect(playbook.traffic == Traffic())
    #expect(playbook.shadow == ShadowPolicy())
    #expect(playbook.confidence == 0.99)
    #expect(playbook.test == .sequential)
    #expect(playbook.pauseWhen == [])
    #expect(playbook.onDecision.isEmpty)
  }

  @Test("several candidates take their shares by name, and those not named get none") func mappings() throws {
    let two =
      "[{ name: b, vendor: together, key: k, models: { x: y } }, { name: c, vendor: groq, key: k, models: { x: y } }]"
    let playbook = try Sample.playbook(
      Sample.text(
        candidates: two, more: "traffic: { rules: [{ match: { path: \"/v1/*\" }, weight: { c: 40% } }] }",
        stages: """
          stages:
            - { name: s, shadow: { b: 100%, c: 50% }, hold: 1h }
            - { name: w, weight: { c: 5% }, hold: 1h }
            - { name: e, weight: { b: 50%, c: 50% }, holdback: 2%, hold: 1h }
          """))
    #expect(playbook.stages.map(\.shadow) == [[1, 0.5], [0, 0], [0, 0]])
    #expect(playbook.stages.map(\.weights) == [[0, 0], [0, 0.05], [0.49, 0.49]])
    #expect(playbook.traffic.rules.map(\.weights) == [[0, 0.4]])
  }

  @Test("a threshold test has its window and samples") func threshold() throws {
    let playbook = try Sample.playbook(Sample.text(more: "test: { threshold: { window: 5m, min_samples: 50 } }"))
    #expect(playbook.test == .threshold(window: .seconds(300), minSamples: 50))
  }

  @Test(
    "sticky keys are read in all forms",
    arguments: [
      ("conversation", [StickyKey.conversation]), ("none", []), ("header:X-User-Id", [.header("x-user-id")]),
      ("body:metadata.user", [.body("metadata.user")]),
      ("[header:x-a, body:user, conversation]", [.header("x-a"), .body("user"), .conversation]),
    ])
  func sticky(text: String, keys: [StickyKey]) throws {
    let form = text.hasPrefix("[") ? text : "\"\(text)\""
    #expect(try Sample.playbook(Sample.text(more: "traffic: { sticky: \(form) }")).traffic.sticky == keys)
  }

  @Test("a list in a match stands for one rule of each, in order") func lists() throws {
    let rules = "traffic: { rules: [{ match: { model: [\"a/*\", b], body.user: [x, y] }, weight: 5% }] }"
    let matches = try Sample.playbook(Sample.text(more: rules)).traffic.rules.map { $0.match.map(\.glob.pattern) }
    #expect(matches == [["a/*", "x"], ["a/*", "y"], ["b", "x"], ["b", "y"]])
  }

  @Test("time-outs left out are the defaults, cut to the total") func timeouts() throws {
    let short = try Sample.playbook(Sample.text(more: "traffic: { timeouts: { total: 30s } }")).traffic.timeouts
    #expect(short == Timeouts(firstByte: .seconds(30), idle: .seconds(30), total: .seconds(30)))
    let long = try Sample.playbook(Sample.text(more: "traffic: { timeouts: { first_byte: 90s } }")).traffic.timeouts
    #expect(long == Timeouts(firstByte: .seconds(90)))
  }

  @Test("the other keys of traffic are read") func traffic() throws {
    let more = "traffic: { fallback: [connect, 5xx], max_body: 1MB, override: true }"
    let traffic = try Sample.playbook(Sample.text(more: more)).traffic
    #expect(traffic.fallback == [.connect, .serverError])
    #expect(traffic.maxBodyBytes == 1_000_000)
    #expect(traffic.allowsOverride)
    #expect(try Sample.playbook(Sample.text(more: "traffic: { fallback: [] }")).traffic.fallback == [])
  }

  @Test(
    "limits are in the metric's unit",
    arguments: [
      ("ttft_p50: { above: 250ms }", 250.0), ("cost_per_request: { above: $0.01 }", 0.01),
      ("retry_rate: { above: 0.5% }", 0.005),
    ]) func limits(entry: String, limit: Double) throws
  {
    let playbook = try Sample.playbook(Sample.text(rollbackWhen: "{ \(entry) }"))
    #expect(playbook.rollbackWhen.map(\.above) == [limit])
  }

  @Test("keys and headers become secrets that no description shows") func secrets() throws {
    let playbook = try Sample.playbook(
      Sample.text(
        baseline: "{ name: a, vendor: openrouter, key: \"${KEY}\" }",
        candidates: """
          [{ name: b, vendor: portkey, key: "${KEY}", headers: { x-portkey-config: "${KEY}" }, models: { "*": "*" } }]
          """), ["KEY": "sk-very-secret"])
    #expect(playbook.candidates[0].headers.map(\.value.exposed) == ["sk-very-secret"])
    #expect(!"\(playbook)".contains("sk-very-secret"))
    #expect(!explain(playbook).joined().contains("sk-very-secret"))
    var dumped = ""
    dump(playbook, to: &dumped)
    #expect(!dumped.contains("sk-very-secret"))
  }

  @Test("a problem is printed as file, line, column, severity, path, message and advice") func description() {
    let text = Sample.text(stages: "stages:\n  - { name: canary, weigth: 5%, hold: 1h }\n")
    #expect(
      Sample.read(text).problems.map(\.description) == [
        "sample.yaml:8:21: error: stages[0].weigth: unknown key 'weigth'; did you mean 'weight'?"
      ])
  }

  @Test("more problems than anyone reads are counted") func manyProblems() {
    let stages = "stages:\n" + String(repeating: "  - { x: 1 }\n", count: 90)
    let problems = Sample.read(Sample.text(stages: stages)).problems
    #expect(problems.count == ProblemList.limit + 1)
    #expect(problems.last?.message == "170 more problems are not shown")
  }

  @Test(
    "the shipped playbooks are read without a problem",
    arguments: [
      "openrouter-to-litellm", "openrouter-to-relay", "shadow-only", "demo",
    ]) func shipped(name: String) throws
  {
    let path = GoldenTests.folder.path + "/../../../playbooks/\(name).yaml"
    let keys = ["LITELLM_API_KEY": "k", "RELAY_API_KEY": "k", "TOGETHER_API_KEY": "k"]
    let reading = readPlaybook(at: path, environment: keys)
    #expect(reading.problems == [])
    #expect(reading.playbook?.name == name)
  }

  @Test("the demo's whole story fits into a minute") func demo() throws {
    let path = GoldenTests.folder.path + "/../../../playbooks/demo.yaml"
    let playbook = try #require(readPlaybook(at: path, environment: [:]).playbook)
    #expect(playbook.stages.reduce(.zero) { $0 + $1.hold } <= .seconds(60))
  }
}
