/// What `check` says about a playbook.

import Foundation
import RolloutJudge
import RolloutSimulation
import Testing

@testable import PlaybookYAML

@Suite struct PlaybookExplanationTests {
  private func design() throws -> Playbook {
    try Sample.playbook(PlaybookReaderTests.design, ["LITELLM_API_KEY": "sk-litellm"])
  }

  @Test("the design's stages are said in words") func stages() throws {
    #expect(
      PlaybookExplanation(try design()).stages.map(\.text) == [
        "sends everything to openrouter, for at least 24h",
        "copies 100% to litellm, for at least 24h, until 'not worse than allowed' is proven at 99%, "
          + "pausing if that takes longer than 3d",
        "sends 1% to litellm, for at least 24h",
        "sends 5% to litellm, for at least 24h",
        "sends 10% to litellm, for at least 2h, until 500 requests are in",
        "sends 25% to litellm, for at least 2h",
        "sends 50% to litellm, for at least 4h, until someone says 'crossfade promote'",
        "sends 99% to litellm, keeps 1% on openrouter as the control, for at least 24h",
      ])
  }

  @Test("conditions carry their share of the false alarms") func conditions() throws {
    let parts = PlaybookExplanation(try design()).conditions
    #expect(parts.map(\.action) == ["rollback", "rollback", "pause", "pause"])
    #expect(parts.allSatisfy { abs(($0.alpha ?? 0) - 0.005) < 1e-12 })
    #expect(parts[0].text.hasPrefix("error_rate above 2% and above 1.5 times openrouter's rolls back"))
    #expect(parts[1].text.hasPrefix("latency_p95 above 8s and above 1.25 times openrouter's rolls back"))
  }

  @Test("what rollback: model means is said, and refused where nothing could follow it") func scope() throws {
    let key = ["LITELLM_API_KEY": "sk-litellm"]
    let explanation = PlaybookExplanation(
      try Sample.playbook("rollback: model\n" + PlaybookReaderTests.design, key))
    let usual = PlaybookExplanation(try design())
    #expect(explanation.rollback == "model" && usual.rollback == "candidate")
    #expect(explanation.conditions[0].text.contains("rolls back, or takes back the one model that it is about"))
    #expect(explanation.conditions[1].text.contains("rolls back (false alarms"))
    #expect(
      explanation.remarks.contains { $0.hasPrefix("a model that was taken back stays on openrouter, copies too") })
    #expect(explanation.remarks.contains { $0.hasPrefix("latency_p95 is about all requests") })
    let threshold = "rollback: model\ntest: { threshold: { window: 5m, min_samples: 50 } }"
    for (more, expected) in [
      (threshold, "a threshold test does not look at models by themselves"), ("rollback: all", "rollback"),
    ] {
      let reading = readPlaybook(text: Sample.text(more: more), file: "p.yaml", environment: [:])
      #expect(
        reading.playbook == nil && reading.problems.contains { "\($0)".contains(expected) }, "\(reading.problems)")
    }
  }

  @Test("a threshold test promises nothing") func threshold() throws {
    let playbook = try Sample.playbook(Sample.text(more: "test: { threshold: { window: 5m, min_samples: 50 } }"))
    let explanation = PlaybookExplanation(playbook)
    #expect(explanation.conditions.map(\.alpha) == [nil])
    #expect(explanation.conditions[0].text == "error_rate above 2% rolls back (over the last 5m, from 50 requests on)")
    #expect(explanation.remarks.contains { $0.hasPrefix("a threshold test keeps no promise") })
  }

  @Test("the shortest time, the models and the fields that stay away are said") func lines() throws {
    let lines = explain(try design())
    #expect(lines.first == "openrouter-to-litellm: from openrouter to litellm")
    #expect(lines.contains("    anthropic/claude-opus-4.7 as claude-opus"))
    #expect(lines.contains("    deepseek/* under its own name"))
    #expect(lines.contains("    any other model never goes to litellm"))
    #expect(lines.contains("  model openai/*: always openrouter, not copied"))
    #expect(lines.contains("  header x-team internal: 50% to litellm, in stages that send anything live"))
    #expect(lines.contains { $0.hasPrefix("    never sent to it: provider, route, ") })
    #expect(lines.contains { $0.hasPrefix("  5d 8h at least") })
    #expect(PlaybookExplanation(try design()).minimumDuration == 128 * 3_600_000)
  }

  @Test("which demands keep requests away is said first, as long as the candidate does not keep them all")
  func privacy() throws {
    func remarks(_ more: String, vendor: String = "together") throws -> [String] {
      let candidate = "{ name: b, vendor: \(vendor), key: \"${KEY}\", models: { \"*\": \"*\" }\(more) }"
      return PlaybookExplanation(try Sample.playbook(Sample.text(candidates: "[\(candidate)]"))).remarks
    }
    #expect(
      try remarks("")[0].hasPrefix("privacy: requests that demand zdr, data_collection, only, ignore, region or "))
    #expect(try remarks(", keeps: [zdr, region]")[0].hasPrefix("privacy: requests that demand data_collection, only"))
    let all = ", keeps: [zdr, data_collection, only, ignore, region, distillable_text]"
    #expect(try !remarks(all).contains { $0.contains("privacy") })
    #expect(try !remarks("", vendor: "openrouter").contains { $0.contains("privacy") })
    #expect(try remarks(all)[0].hasPrefix("'provider' is not sent to b: what applications prefer there"))
  }

  @Test("a stage at 100% without a holdback has no control, and that is said") func holdback() throws {
    func remarks(_ stage: String, _ condition: String, before: String = "") throws -> [String] {
      let text = Sample.text(
        rollbackWhen: "{ \(condition) }",
        stages: "stages: [\(before){ name: full, weight: 100%, hold: 1h\(stage) }]")
      return PlaybookExplanation(try Sample.playbook(text)).remarks.filter { $0.contains("has no control") }
    }
    #expect(
      try remarks("", "latency_p95: { above: 8s, ratio_above: 2 }") == [
        "stage full has no control: without a holdback only absolute conditions are judged at 100%"
      ])
    #expect(try remarks(", holdback: 1%", "latency_p95: { above: 8s, ratio_above: 2 }") == [])
    #expect(try remarks("", "error_rate: { above: 2% }") == [])
    // The baseline answers in place of whoever fails before the first token, which is a control.
    #expect(
      try remarks("", "error_rate: { above: 2%, ratio_above: 2 }") == [
        "stage full has no control: without a holdback only absolute conditions, and those that rescues of failed canaries show, "
          + "are judged at 100%"
      ])
    let half = "{ name: half, weight: 50%, hold: 1h }, "
    #expect(
      try remarks("", "error_rate: { above: 2%, ratio_above: 2 }, latency_p95: { ratio_above: 2 }", before: half) == [
        "stage full has no control: without a holdback error_rate and latency_p95 are held against the baseline as it was last "
          + "seen, and what has changed on both arms since counts against the candidate"
      ])
    // A gate has only its window to go by.
    #expect(
      try remarks(
        "", "latency_p95: { ratio_above: 2 } }\ntest: { threshold: { window: 5m, min_samples: 50 }", before: half
      ) == ["stage full has no control: without a holdback only absolute conditions are judged at 100%"])
    #expect(
      try remarks("", "cost_per_request: { ratio_above: 2 }", before: half) == [
        "stage full has no control: without a holdback cost_per_request is not judged against the baseline at 100%"
      ])
  }

  @Test("money, overrides and missing safety nets are remarked upon") func remarks() throws {
    let text = Sample.text(
      more: "traffic: { override: true, fallback: [] }\npause_when: { mismatch_rate: { above: 10% } }",
      stages: "stages: [{ name: s, shadow: 10%, hold: 1h }]")
    let explanation = PlaybookExplanation(try Sample.playbook(text))
    #expect(explanation.remarks.contains("b never answers a live request: it only gets copies"))
    #expect(explanation.remarks.contains { $0.contains("x-crossfade-arm") })
    #expect(explanation.remarks.contains { $0.contains("shadow.budget is not given") })
    #expect(explanation.remarks.contains { $0.contains("shadow.noise is 0%") })
    #expect(explanation.traffic.contains("no safety net: a canary's failure reaches the client"))
  }

  @Test("several candidates are named each") func several() throws {
    let two =
      "[{ name: b, vendor: together, key: k, models: { x: y } }, { name: c, vendor: groq, key: k, models: { x: y } }]"
    let playbook = try Sample.playbook(
      Sample.text(
        candidates: two, stages: "stages: [{ name: s, weight: { b: 5%, c: 10% }, shadow: { c: 1% }, hold: 1h }]"))
    let explanation = PlaybookExplanation(playbook)
    #expect(explanation.stages[0].text == "sends 5% to b and 10% to c, copies 1% to c, for at least 1h")
    #expect(explanation.conditions[0].alpha.map { abs($0 - 0.005) < 1e-12 } == true)
  }

  @Test("the machine's form goes through JSON and back, in the names of the other endpoints") func json() throws {
    let explanation = PlaybookExplanation(try design())
    let data = try JSONEncoder().encode(explanation)
    #expect(try JSONDecoder().decode(PlaybookExplanation.self, from: data) == explanation)
    let text = String(decoding: data, as: UTF8.self)
    for key in ["playbook_sha256", "minimum_duration", "ratio_above", "dropped_fields", "max_hold"] {
      #expect(text.contains("\"\(key)\""), "\(key)")
    }
    #expect(!text.contains("sk-litellm"))
  }

  @Test("how soon a regression is noticed is a row for each condition and stage") func detection() throws {
    func estimate(_ stage: String, _ regression: DetectionEstimate.Regression, _ requests: Double?) -> DetectionEstimate
    {
      DetectionEstimate(
        stage: stage, candidate: "litellm", metric: .errorRate, regression: regression, requests: requests,
        leastRequests: requests.map { $0 / 2 }, seconds: requests.map { $0 * 2 })
    }
    let estimates = [
      estimate("canary", .half, 180), estimate("canary", .double, 90), estimate("canary", .fivefold, 12),
      estimate("canary", .dead, 2), estimate("full", .half, nil),
    ]
    #expect(
      detectionLines(estimates, try design(), rate: 10) == [
        "                        at 1.5x its limit   at 2x    at 5x   dead",
        "  error_rate in canary            180, 6m  90, 3m  12, 24s  2, 4s",
        "  error_rate in full                    -",
        "  requests of the candidate, and the time at 10/s; 2 to 2 times what any test needs that cries wolf as rarely as this one",
        "  -: more than 20000 requests of the candidate, or never",
        "  each unit that fails counts once: where few of them send many requests, ask `crossfade simulate` with `units`",
      ])
  }

  @Test("two lines of one metric are told apart by their limits") func severalLines() throws {
    var playbook = try design()
    let lines = [
      Condition(metric: .errorRate, above: 0.02, ratioAbove: 1.5), Condition(metric: .errorRate, above: 0.3),
    ]
    playbook.rollbackWhen = lines
    let estimates = lines.map {
      DetectionEstimate(
        stage: "canary", candidate: "litellm", metric: .errorRate, condition: $0.stated, regression: .half,
        requests: 10, leastRequests: 5, seconds: 20)
    }
    let labels = detectionLines(estimates, playbook, rate: 10)[1...2].map {
      $0.split(separator: "  ").first.map(String.init)
    }
    #expect(labels == ["error_rate (2%, 1.5x) in canary", "error_rate (30%) in canary"])
  }

  @Test("conditions of which nothing can be said in advance are named") func untold() throws {
    var playbook = try design()
    playbook.rollbackWhen += [
      Condition(metric: .mismatchRate, above: 0.1), Condition(metric: .costPerOutcome, ratioAbove: 1.5),
    ]
    let line = "  not foretold: mismatch_rate and cost_per_outcome, which go by how much answers and their costs vary"
    #expect(detectionLines([], playbook, rate: 1) == [line])
    playbook.rollbackWhen.append(Condition(metric: .costPerOutcome, above: 0.1))
    #expect(detectionLines([], playbook, rate: 1) == [line])
    playbook.test = .threshold(window: .seconds(60), minSamples: 30)
    #expect(detectionLines([], playbook, rate: 1).isEmpty)
  }
}
