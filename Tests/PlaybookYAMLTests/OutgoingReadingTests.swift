/// What leaves for a candidate, as the playbook says it.

import Dialects
import PlaybookYAML
import RolloutJudge
import Testing
import Vendors
import TrafficSplit

@Suite struct OutgoingReadingTests {
  private func candidate(_ lines: String, vendor: String = "litellm", url: String? = "http://127.0.0.1:4000/v1") throws
    -> Arm
  {
    try Sample.playbook(text(lines, vendor: vendor, url: url)).candidates[0]
  }

  private func text(_ lines: String, vendor: String, url: String?) -> String {
    """
    crossfade: 1
    name: n
    baseline: { name: b, vendor: openrouter }
    candidates:
      - name: c
        vendor: \(vendor)
        \(url.map { "url: \($0)" } ?? "effort_days: 1")
        models: { "*": "*" }
        \(lines)
    stages: [{ name: s, shadow: 100%, hold: 1h }]
    """
  }

  @Test("names that pass are small letters, renames keep their order, and globs stand for models")
  func policy() throws {
    let arm = try candidate(
      "pass_headers: [X-Request-ID]\n    pass_query: [api-version]\n    keeps: [region, zdr]\n    "
        + #"fields: { keep: [user], rename: { seed: random_seed }, for: { "claude-*": { drop: [temperature] } } }"#)
    #expect(arm.outgoing.headers == ["x-request-id"] && arm.outgoing.query == ["api-version"])
    #expect(arm.outgoing.keptFields == ["user"])
    #expect(arm.outgoing.renames == [FieldRename(from: "seed", to: "random_seed")])
    #expect(arm.outgoing.byModel == [ModelFields(models: Glob("claude-*"), drop: ["temperature"])])
    #expect(arm.outgoing.eligibility.keeps == [.zeroRetention, .region])
    #expect(!arm.dropFields.contains("user") && arm.dropFields.contains("session_id"))
  }

  @Test(
    "how a key is sent, a field's words and how hard a model is to think can be said otherwise than the vendor's row")
  func words() throws {
    func authentication(_ word: String) throws -> Authentication { try candidate("auth: \(word)").authentication }
    #expect(try authentication("bearer") == .bearer && authentication("scheme:Key") == .scheme("Key"))
    #expect(try authentication("header:X-Api-Key") == .header("x-api-key"))
    #expect(try candidate("key: k", vendor: "anthropic").authentication == .header("x-api-key"))
    let arm = try candidate(
      "fields: { values: { tool_choice: { required: any, none: never } }, effort: thinking }", vendor: "mistral")
    #expect(
      arm.outgoing.vendor.values == [
        ValueRename("tool_choice", "required", to: "any"), ValueRename("tool_choice", "none", to: "never"),
      ])
    #expect(arm.outgoing.vendor.effort == .thinking)
    #expect(try candidate("fields: { effort: none }", vendor: "openai").outgoing.vendor.effort == nil)
    for odd in ["basic", "header", "header:", "header:a b", "scheme:", "bearer:x"] {
      let reading = Sample.read(text("auth: \"\(odd)\"", vendor: "litellm", url: "http://127.0.0.1:4000/v1"))
      #expect(reading.playbook == nil && reading.problems.contains { $0.description.contains("auth") }, "\(odd)")
    }
  }

  @Test("what a candidate has and lacks goes before its vendor's row, for some of its models too")
  func capabilities() throws {
    func reason(_ lines: String, _ traits: RequestTraits) throws -> Ineligibility? {
      let policy = try candidate(lines).outgoing.eligibility
      return ineligibility(of: traits, on: .chatCompletions, for: policy, namesVariant: true)
    }
    #expect(try reason("lacks: [logprobs]", .logprobs) == .logprobs && reason("effort_days: 1", .logprobs) == nil)
    #expect(try reason("effort_days: 1", .audioPart) == .contentPart && reason("has: [audio]", .audioPart) == nil)
    let some = try candidate(#"fields: { for: { "o1*": { lacks: [choices] } } }"#)
    #expect(some.outgoing.byModel == [ModelFields(models: Glob("o1*"), lacks: [.choices])])
  }

  @Test("a model's glob is held against the id with and without the vendor's part")
  func concerns() {
    let fields = ModelFields(models: Glob("claude-opus-*"))
    #expect(fields.concerns("claude-opus-4") && fields.concerns("anthropic/claude-opus-4.7"))
    #expect(!fields.concerns("claude-opus") && !fields.concerns("x/y/claude-sonnet-4"))
  }

  @Test(
    "persons' names stay away from every candidate unless the playbook keeps them", arguments: ["openrouter", "openai"])
  func persons(_ vendor: String) throws {
    for name in PrivateName.members {
      #expect(try candidate("effort_days: 1", vendor: vendor).dropFields.contains(name))
      #expect(try !candidate("fields: { keep: [\(name)] }", vendor: vendor).dropFields.contains(name))
    }
  }

  @Test("a candidate that both has and lacks something is an error where it is said")
  func both() {
    let reading = Sample.read(
      text("has: [choices]\n    lacks: [logprobs, choices]", vendor: "litellm", url: "http://h/v1"))
    #expect(reading.playbook == nil)
    #expect(reading.problems.map(\.description).contains { $0.contains("both has and lacks 'choices'") })
  }

  @Test("a vendor's own address lacks what the vendor does not have; elsewhere the operator knows")
  func endpoints() throws {
    func lacks(_ vendor: String, _ url: String?) throws -> [Endpoint] {
      Endpoint.allCases.filter(try candidate("key: k", vendor: vendor, url: url).outgoing.eligibility.lacks)
    }
    #expect(try lacks("groq", nil) == [.completions, .messages, .images, .videos])
    #expect(try lacks("anthropic", nil) == [.completions, .responses, .embeddings, .images, .videos])
    #expect(try lacks("anthropic", "https://proxy.example/v1") == [.images, .videos])
    #expect(try lacks("oneapi", "https://proxy.example/v1") == [.responses, .messages, .images, .videos])
    #expect(try lacks("xai", nil) == [.messages, .embeddings, .videos])
    #expect(try lacks("litellm", "https://proxy.example/v1") == [])
  }

  @Test("pictures and videos go to the vendor's path, or to the one that the playbook names")
  func mediaPaths() throws {
    func paths(_ vendor: String, _ lines: String = "effort_days: 1") throws -> [String?] {
      let arm = try candidate(lines, vendor: vendor)
      return [.images, .videos].map { arm.outgoing.eligibility.lacks($0) ? nil : arm.outgoing.paths[$0] }
    }
    #expect(try paths("openrouter") == ["images", "videos"])
    #expect(try paths("litellm") == ["images/generations", "videos"])
    #expect(try paths("litellm", "routes: { images: images, videos: absent }") == ["images", nil])
    #expect(try paths("groq", "routes: { images: native }") == ["images/generations", nil])
    #expect(try paths("groq", "routes: { videos: video/generations }") == [nil, "video/generations"])
  }

  @Test("check says what passes, what is renamed, and what more holds for some models")
  func explained() throws {
    let arm = """
      crossfade: 1
      name: n
      baseline: { name: b, vendor: openrouter }
      candidates:
        - name: c
          vendor: oneapi
          url: http://127.0.0.1:4000/v1
          models: { "*": "*" }
          keeps: [zdr]
          pass_headers: [x-request-id]
          pass_query: [api-version]
          fields: { rename: { seed: random_seed }, for: { "o*": { drop: [temperature, top_p], rename: { n: m } } } }
      stages: [{ name: s, shadow: 100%, hold: 1h }]
      """
    let lines = explain(try Sample.playbook(arm))
    for line in [
      "    renamed: seed to random_seed", "    models o*: without temperature, top_p, n as m",
      "    of the caller's also sent to it: x-request-id and ?api-version",
      "    keeps what applications demand: zdr", "    takes no part in: responses, messages, images, videos",
    ] {
      #expect(lines.contains(line), "\(line)")
    }
  }

  @Test("a rule may say what is copied")
  func ruledCopies() throws {
    let text = """
      crossfade: 1
      name: n
      baseline: { name: b, vendor: openrouter }
      candidates: [{ name: c, vendor: litellm, url: "http://127.0.0.1:4000/v1", models: { "*": "*" } }]
      traffic: { rules: [{ match: { model: a }, weight: 0% }, { match: { model: b }, weight: 0%, shadow: 100% }] }
      stages: [{ name: s, shadow: 100%, hold: 1h }]
      """
    let playbook = try Sample.playbook(text)
    #expect(playbook.traffic.rules.map(\.shadow) == [nil, [1]])
    let lines = PlaybookExplanation(playbook).traffic
    #expect(lines.contains("model a: always b, not copied"))
    #expect(lines.contains("model b: always b, copied: 100% to c, in stages that copy"))
  }
}
