/// What keeps a request from a candidate: every reason, for every kind of candidate, and nothing else.

import Dialects
import Testing

@testable import TrafficSplit

@Suite struct EligibilityTests {
  private static let demands: [(Demand, RequestTraits)] = Demand.allCases.map { ($0, $0.traits) }
  private static let usual = EligibilityPolicy()
  private static let openRouter = EligibilityPolicy(carries: Set(Capability.allCases))

  private func reason(
    _ traits: RequestTraits, _ policy: EligibilityPolicy = usual, on endpoint: Endpoint? = .chatCompletions,
    namesVariant: Bool = true
  ) -> Ineligibility? {
    ineligibility(of: traits, on: endpoint, for: policy, namesVariant: namesVariant)
  }

  @Test("each trait has its reason, and a plain request none")
  func reasons() {
    let expected: [(RequestTraits, Ineligibility?)] = [
      ([], nil), (.serverTools, .serverTools), (.storedState, .storedState), (.webPlugin, .webPlugin),
      (.modelRouter, .modelVariant), (.fallbackList, .fallbackList), (.audioPart, .contentPart),
      (.filePart, .contentPart), (.videoPart, .contentPart), (.severalChoices, nil), (.logprobs, nil),
      (.pictureReference, .contentPart), (.pictureSize, nil), (.pictureShape, .schemaNotExpressible),
      (.pictureStream, .endpointAbsent), (.oddAmount, .schemaNotExpressible),
    ]
    for (traits, expected) in expected { #expect(reason(traits) == expected, "\(traits)") }
    for (_, traits) in Self.demands { #expect(reason(traits) == .privacyDemand) }
  }

  @Test("a demand binds unless the candidate keeps that very one", arguments: Demand.allCases)
  func keeps(_ kept: Demand) {
    let policy = EligibilityPolicy(keeps: [kept])
    for (demand, traits) in Self.demands {
      #expect(reason(traits, policy) == (demand == kept ? nil : .privacyDemand))
      #expect(reason(traits.union(kept.traits), policy) == (demand == kept ? nil : .privacyDemand))
    }
    #expect(policy.keeps == [kept])
  }

  @Test("what would happen twice, or is kept elsewhere, no candidate is given, OpenRouter itself neither")
  func refusedByAll() {
    for policy in [Self.usual, Self.openRouter, EligibilityPolicy(keeps: Set(Demand.allCases))] {
      #expect(reason(.serverTools, policy) == .serverTools)
      #expect(reason(.storedState, policy) == .storedState)
    }
    let all = RequestTraits(rawValue: (1 << 17) - 1)
    #expect(reason(all.subtracting([.serverTools, .storedState]), Self.openRouter, namesVariant: false) == nil)
  }

  @Test("a job's form says what it can be asked for, unless the playbook says that the candidate has it not")
  func jobs() {
    let painter = EligibilityPolicy(carries: [], jobs: .pictures)
    let poorer = EligibilityPolicy(carries: [], jobs: .pictures, without: [.choices, .pictureReferences])
    for traits in [RequestTraits.severalChoices, .pictureReference] {
      #expect(reason(traits.union(.pictures), painter) == nil)
      #expect(reason(traits, painter, on: .images) == nil)
      #expect(reason(traits.union(.pictures), poorer) != nil)
      #expect(reason(traits, poorer, on: .images) != nil)
    }
    #expect(reason(.pictures, poorer) == nil && reason(.pictureStream, poorer, on: .images) == nil)
    #expect(reason(.pictures, EligibilityPolicy(jobs: .pictures, without: [.pictures])) == .contentPart)
  }

  @Test("a field that can ask for what a candidate has not is known by its name")
  func fields() {
    #expect(Self.usual.mayStay(for: "n") == nil && Self.usual.mayStay(for: "seed") == nil)
    #expect(Self.usual.mayStay(for: "provider") == .privacyDemand && Self.openRouter.mayStay(for: "plugins") == nil)
    let bare = EligibilityPolicy(carries: [])
    #expect(bare.mayStay(for: "n") == .severalChoices && bare.mayStay(for: "top_logprobs") == .logprobs)
    #expect(bare.mayStay(for: "modalities") == .contentPart && bare.mayStay(for: "plugins") == .webPlugin)
  }

  @Test("some models have not what the others have, by the candidate's id or the application's")
  func modelLacks() {
    let policy = EligibilityPolicy(lacks: [ModelLack(models: Glob("claude-*"), [.choices, .logprobs])])
    func table(_ own: String) -> SplitTable {
      SplitTable(
        salt: 1, stages: [[1]], stage: 0, closed: [false], rules: [], shadow: [1],
        models: [ModelMap(lines: [.init(from: Glob("*"), to: own)])], policies: [policy], sticky: [])
    }
    func reason(_ model: String, _ traits: RequestTraits, own: String = "*") -> Ineligibility? {
      let request = SampleRequest(model: model, traits: traits, endpoint: .chatCompletions)
      return table(own).ineligibility(of: request, for: 0)
    }
    #expect(reason("anthropic/claude-opus-4.7", .severalChoices) == .severalChoices)
    #expect(reason("anthropic/claude-opus-4.7", []) == nil)
    #expect(reason("openai/gpt-5", .severalChoices) == nil)
    #expect(reason("openai/gpt-5", .logprobs, own: "claude-mine") == .logprobs)
  }

  @Test("a vendor is given what it carries")
  func capabilities() {
    for capability in Capability.allCases where capability != .openRouter {
      #expect(reason(capability.traits, EligibilityPolicy(carries: [capability])) == nil)
      #expect(reason(capability.traits, EligibilityPolicy(carries: [])) != nil)
    }
  }

  @Test("a variant goes where the map names it")
  func variants() {
    #expect(reason(.modelVariant, namesVariant: false) == .modelVariant)
    #expect(reason(.modelVariant, namesVariant: true) == nil)
    #expect(reason(.modelVariant, Self.openRouter, namesVariant: false) == nil)
  }

  @Test("an endpoint that the vendor does not have is the first reason", arguments: Endpoint.allCases)
  func endpoints(_ absent: Endpoint) {
    let policy = EligibilityPolicy(absent: [absent])
    for endpoint in Endpoint.allCases {
      #expect(reason([], policy, on: endpoint) == (endpoint == absent ? .endpointAbsent : nil))
      #expect(reason(.storedState, policy, on: endpoint) == (endpoint == absent ? .endpointAbsent : .storedState))
    }
    #expect(reason([], policy, on: nil) == nil)
  }

  // MARK: in the table

  private func table(
    weights: [Double] = [0], shadow: [Double] = [1], _ models: [ModelMap] = [.any], _ policies: [EligibilityPolicy] = []
  ) -> SplitTable {
    SplitTable(
      salt: 1, stages: [weights], stage: 0, closed: [], rules: [], shadow: shadow, models: models, policies: policies,
      sticky: [])
  }

  @Test("only the endpoints that are to be copied are", arguments: Endpoint.allCases)
  func copiedEndpoints(_ endpoint: Endpoint) {
    for copied in [nil, [endpoint], [], Endpoint.allCases.filter { $0 != endpoint }] as [[Endpoint]?] {
      let table = SplitTable(
        salt: 1, stages: [[0]], stage: 0, closed: [], rules: [], shadow: [1], models: [.any], copied: copied, sticky: []
      )
      var request = SampleRequest()
      request.endpoint = endpoint
      let isCopied = !table.assign(request, unit: 1, draw: 1).shadows.isEmpty
      #expect(isCopied == (copied?.contains(endpoint) ?? true))
    }
  }

  private func turnedAway(_ table: SplitTable, _ request: SampleRequest) -> (Assignment, [String]) {
    var reasons: [String] = []
    let assignment = table.assign(request, unit: 1, draw: 1) { reasons.append("\($0) \($1.rawValue)") }
    return (assignment, reasons)
  }

  @Test("who is turned away gets neither the request nor a copy, and each candidate's reason is told")
  func assignment() {
    let maps: [ModelMap] = [.any, .onlyM, .any]
    let policies = [EligibilityPolicy(keeps: [.zeroRetention]), EligibilityPolicy(), EligibilityPolicy()]
    for (weights, shadow) in [([0.0, 0, 0], [1.0, 1, 1]), ([0.4, 0.3, 0.3], [0, 0, 0])] {
      let table = table(weights: weights, shadow: shadow, maps, policies)
      let (plain, none) = turnedAway(table, SampleRequest())
      #expect(none == [] && plain != .baseline)
      let (other, unmapped) = turnedAway(table, SampleRequest(model: "other"))
      #expect(unmapped == ["1 model_unmapped"] && other.shares.count != 1)
      let (demanding, reasons) = turnedAway(table, SampleRequest(traits: .zeroRetention))
      #expect(reasons == ["1 privacy_demand", "2 privacy_demand"])
      #expect(demanding.shadows.map(\.arm) == (shadow[0] > 0 ? [.candidate(0)] : []))
      #expect(demanding.shares == (weights[0] > 0 ? [0.4, 0, 0] : []))
      let (stored, all) = turnedAway(table, SampleRequest(traits: .storedState))
      #expect(stored == .baseline && all == ["0 stored_state", "1 stored_state", "2 stored_state"])
      #expect(turnedAway(table, SampleRequest(model: nil)).1.count == 3)
      #expect(turnedAway(table, SampleRequest(model: nil, isReadable: false)).1.first == "0 unreadable")
    }
  }

  @Test("only candidates that get anything are told of")
  func inactive() {
    let table = table(weights: [0, 0.5], shadow: [0, 0], [.any, .any])
    #expect(turnedAway(table, SampleRequest(traits: .storedState)).1 == ["1 stored_state"])
    var large: [Int] = []
    table.turnAwayLarge { candidate, reason in
      #expect(reason == .tooLarge)
      large.append(candidate)
    }
    #expect(large == [1])
    #expect(turnedAway(self.table(weights: [0], shadow: [0]), SampleRequest(model: nil)).1 == [])
  }

  @Test(
    "a glob over all models sends no variant along, a line that names it does",
    arguments: [
      ("*", "*", "a/b:free", false), ("a/*", "x-*", "a/b:thinking", false), ("a/b:free", "b", "a/b:free", true),
      ("*:free", "*", "a/b:free", true), ("*", "*", "a/b", true),
      ("*", "*", "llama3:8b", true), ("*", "*", "openrouter/auto", false),
      ("openrouter/*", "*", "openrouter/auto", true),
      ("openrouter/auto", "auto", "openrouter/auto", true), ("*", "*", "~a/b-latest", false), ("~*", "*", "~a/b", true),
      ("*", "*", "a/b@preset/x", false),
    ])
  func mapLines(_ from: String, _ to: String, _ model: String, _ goes: Bool) {
    let table = table([ModelMap(lines: [.init(from: Glob(from), to: to)])])
    let traits: RequestTraits = RequestTraits.variant(of: model) == nil ? [] : .modelVariant
    let (assignment, reasons) = turnedAway(table, SampleRequest(model: model, traits: traits))
    #expect(assignment.shadows.isEmpty != goes)
    #expect(reasons == (goes ? [] : ["0 model_variant"]))
  }

  // MARK: rules

  private func copies(_ rule: TrafficRule, weights: [Double] = [0], shadow: [Double] = [1]) -> Int {
    let table = SplitTable(
      salt: 1, stages: [weights], stage: 0, closed: [], rules: [rule], shadow: shadow, models: [.any], sticky: [])
    return (0..<400).count { draw in
      !table.assign(SampleRequest(), unit: 1, draw: UnitHasher.mix(UInt64(draw), seed: 9)).shadows.isEmpty
    }
  }

  @Test("a rule's 0% keeps copies away, a share beside it says how many go, where the stage copies any")
  func ruledCopies() {
    let match = TrafficRule.when(.model, "*", 0).match
    #expect(copies(TrafficRule(match: match, weights: [0])) == 0)
    #expect(copies(TrafficRule(match: match, weights: [0], shadow: [1])) == 400)
    #expect(copies(TrafficRule(match: match, weights: [0.5])) == 400)
    #expect(copies(TrafficRule(match: match, weights: [0.5], shadow: [0])) == 0)
    #expect(copies(TrafficRule(match: match, weights: [0], shadow: [1]), shadow: [0]) == 0)
    #expect((120...280).contains(copies(TrafficRule(match: match, weights: [0], shadow: [0.5]), shadow: [0.1])))
    #expect(copies(.when(.model, "other", 0)) == 400, "a rule that does not match says nothing")
  }
}
