/// The whole question, "which arm", with every reason that can forbid one.

import Testing

@testable import TrafficSplit

@Suite("SplitTable")
struct SplitTableTests {
  private static let units: [UInt64] = {
    var generator = SeededGenerator(seed: 1)
    return (0..<100_000).map { _ in generator.next() }
  }()

  private func table(
    _ stages: [[Double]], stage: Int? = nil, closed: [Bool] = [], rules: [TrafficRule] = [], shadow: [Double] = [],
    models: [ModelMap]? = nil, rollout: String = "r"
  ) -> SplitTable {
    SplitTable(
      salt: SplitTable.salt(rollout: rollout), stages: stages, stage: stage ?? stages.count - 1, closed: closed,
      rules: rules, shadow: shadow, models: models ?? stages[0].map { _ in .any }, sticky: [])
  }

  private func arms(
    _ table: SplitTable, _ request: SampleRequest = SampleRequest(), count: Int = 20_000
  ) -> [ArmIndex] {
    Self.units.prefix(count).map { table.assign(request, unit: $0, draw: $0 ^ 0xABCD).arm }
  }

  private func expect(_ count: Int, of trials: Int, is share: Double, _ note: Comment = "") {
    let sigma = (Double(trials) * share * (1 - share)).squareRoot()
    #expect(abs(Double(count) - Double(trials) * share) <= 3 * sigma, note)
  }

  @Test("splits as configured, within three standard deviations", arguments: [0.01, 0.05, 0.5])
  func observedSplit(_ weight: Double) {
    let on = arms(table([[weight]]), count: 100_000).count { $0 == .candidate(0) }
    expect(on, of: 100_000, is: weight)
  }

  @Test("splits several candidates as configured, each within three standard deviations")
  func observedSplits() {
    let arms = arms(table([[0.01, 0.05, 0.1, 0.05], [0.05, 0.1, 0.5, 0.25]]), count: 100_000)
    for (candidate, weight) in [0.05, 0.1, 0.5, 0.25].enumerated() {
      expect(arms.count { $0 == .candidate(candidate) }, of: 100_000, is: weight, "candidate \(candidate)")
    }
  }

  @Test("sends nobody at 0% and everybody at 100%")
  func extremes() {
    #expect(arms(table([[0]], shadow: [1])).allSatisfy { $0.isBaseline })
    #expect(arms(table([[0], [1]])).allSatisfy { $0 == .candidate(0) })
  }

  @Test("puts units where they have always been")
  func pinned() {
    // XXH64 of the unit's eight bytes, seeded with XXH64 of the rollout's name, times 10^12, over 2^64.
    let places: [(unit: UInt64, place: Double)] = [
      (1, 0.772965377238), (2, 0.711966026348), (3, 0.561943876437), (3_735_928_559, 0.500305870433),
    ]
    for (unit, place) in places {
      for (weight, isCandidate) in [(place, false), (place + 1e-12, true)] {
        let table = table([[weight]], rollout: "openrouter-to-litellm")
        #expect(table.assign(SampleRequest(), unit: unit, draw: 0).arm == (isCandidate ? .candidate(0) : .baseline))
      }
    }
  }

  @Test("keeps every unit of 1 to 4 candidates on its arm while the stages rise", arguments: 1...4)
  func monotone(_ candidates: Int) {
    let ladder = [0, 0.01, 0.05, 0.10, 0.25, 0.50, 1]
    let stages = ladder.map { Array(repeating: $0 / Double(candidates), count: candidates) }
    var before = arms(table(stages, stage: 0))
    for stage in stages.indices.dropFirst() {
      let after = arms(table(stages, stage: stage))
      #expect(zip(before, after).allSatisfy { $0 == .baseline || $0 == $1 })
      before = after
    }
    #expect(!before.contains(.baseline))
  }

  @Test("returns a rolled back candidate's units to the baseline and moves no other, for every set and stage")
  func closures() {
    let stages = [[0.01, 0.02, 0.03], [0.1, 0.2, 0.1], [0.3, 0.3, 0.4]]
    for stage in stages.indices {
      let all = arms(table(stages, stage: stage), count: 5000)
      for bits in 1..<8 {
        let closed = (0..<3).map { bits >> $0 & 1 == 1 }
        let table = table(stages, stage: stage, closed: closed)
        let expected = all.map { $0.isBaseline || closed[$0.candidate] ? ArmIndex.baseline : $0 }
        #expect(arms(table, count: 5000) == expected)
        #expect(table.weights == (0..<3).map { closed[$0] ? 0 : stages[stage][$0] })
      }
    }
  }

  @Test("records the weight as the share, whichever arm answers", arguments: [0.01, 0.05, 0.1, 0.25, 0.5, 1])
  func recordedShare(_ weight: Double) {
    let table = table([[weight, 0]])
    for unit in Self.units.prefix(1000) {
      #expect(table.assign(SampleRequest(), unit: unit, draw: 0).shares == [weight, 0])
    }
  }

  @Test("records no share for a candidate that does not map the model, and answers its units from the baseline")
  func unmapped() {
    let table = table([[0.3, 0.3]], models: [.onlyM, .any])
    for unit in Self.units.prefix(2000) {
      let mapped = table.assign(SampleRequest(model: "m"), unit: unit, draw: 0)
      let other = table.assign(SampleRequest(model: "other"), unit: unit, draw: 0)
      #expect(mapped.shares == [0.3, 0.3])
      #expect(other.shares == [0, 0.3])
      #expect(other.arm == (mapped.arm == .candidate(0) ? .baseline : mapped.arm))
      #expect(mapped.candidateModel == [nil, "mapped-m", "any-m"][mapped.arm.rawValue])
      #expect(other.candidateModel == [nil, nil, "any-other"][other.arm.rawValue])
    }
  }

  @Test("keeps a request without a model, or with one that nobody maps, on the baseline without copies")
  func nobody() {
    let table = table([[1, 0]], shadow: [1, 1], models: [.onlyM, .onlyM])
    for request in [SampleRequest(model: nil), SampleRequest(model: "other")] {
      #expect(table.assign(request, unit: 1, draw: 1) == .baseline)
    }
    #expect(self.table([[1]]).assign(SampleRequest(model: nil), unit: 1, draw: 1) == .baseline)
  }

  @Test("gives a request the weights of the first rule that matches")
  func firstRule() {
    let rules: [TrafficRule] = [
      .when(.model, "openai/*", 0), .when(.header("x-team"), "internal", 0.5), .when(.model, "*", 1),
    ]
    let table = table([[0.05]], rules: rules)
    let internalTeam = ["x-team": "internal"]
    let cases: [(SampleRequest, [Double])] = [
      (SampleRequest(model: "openai/gpt"), []), (SampleRequest(model: "openai/gpt", headers: internalTeam), []),
      (SampleRequest(model: "m", headers: internalTeam), [0.5]), (SampleRequest(model: "m"), [1]),
    ]
    for (request, shares) in cases {
      #expect(table.assign(request, unit: 3, draw: 0).shares == shares)
      expect(arms(table, request).count { !$0.isBaseline }, of: 20_000, is: shares.first ?? 0)
    }
  }

  @Test("keeps a unit of the stage on the candidate when a rule gives it a higher weight")
  func ruleKeeps() {
    let table = table([[0.05]], rules: [.when(.header("x"), "*", 0.5)])
    let (plain, ruled) = (arms(table), arms(table, SampleRequest(headers: ["x": "1"])))
    #expect(zip(plain, ruled).allSatisfy { $0 == .baseline || $0 == $1 })
  }

  @Test("lets no rule send live traffic to a candidate whose stage weight is 0 or that is rolled back")
  func ruleWithoutStage() {
    let rule = TrafficRule.when(.model, "*", 0.5, 0.5)
    #expect(table([[0, 0]], rules: [rule]).isQuiet)
    let oneStarted = table([[0.1, 0], [0.1, 0.1]], stage: 0, rules: [rule])
    #expect(oneStarted.assign(SampleRequest(), unit: 1, draw: 0).shares == [0.5, 0])
    let bothStarted = table([[0.1, 0], [0.1, 0.1]], stage: 1, rules: [rule])
    #expect(bothStarted.assign(SampleRequest(), unit: 1, draw: 0).shares == [0.5, 0.5])
    #expect(zip(arms(oneStarted), arms(bothStarted)).allSatisfy { $0 == .baseline || $0 == $1 })
    let oneClosed = table([[0.1, 0.1]], closed: [true, false], rules: [rule])
    #expect(oneClosed.assign(SampleRequest(), unit: 1, draw: 0).shares == [0, 0.5])
  }

  @Test("asks for no attribute while no request can reach a candidate")
  func quiet() {
    struct Untouchable: RequestAttributes {
      var model: String? { fatalError("asked for the model") }
      var path: String { fatalError("asked for the path") }
      func header(_ lowercasedName: String) -> String? { fatalError("asked for a header") }
      func bodyValue(_ path: String) -> String? { fatalError("asked for a body field") }
    }
    let tables = [
      .baselineOnly, table([[0, 0]]), table([[0.5, 0]], closed: [true, false], shadow: [1, 0]),
      table([[0.5]], models: [ModelMap()]), table([[0]], rules: [.when(.model, "*", 1)]),
    ]
    for table in tables {
      #expect(table.isQuiet)
      #expect(table.assign(Untouchable(), unit: 1, draw: 1) == .baseline)
    }
    #expect(!table([[0.01]]).isQuiet)
    #expect(!table([[0]], shadow: [0.01]).isQuiet)
  }

  @Test("copies the baseline's exchanges in the configured share, whatever the unit", arguments: [0.01, 0.5, 1])
  func shadowShare(_ share: Double) {
    let table = table([[0.2]], shadow: [share])
    var (baseline, copied) = (0, 0)
    for unit in Self.units {
      let assignment = table.assign(SampleRequest(), unit: unit, draw: unit)
      guard assignment.arm.isBaseline else {
        #expect(assignment.shadows.isEmpty)
        continue
      }
      baseline += 1
      copied += assignment.shadows.count
      #expect(assignment.shadows.allSatisfy { $0 == ShadowCopy(arm: .candidate(0), model: "any-m") })
    }
    expect(copied, of: baseline, is: share)
  }

  @Test("draws copies anew for every exchange of a unit, and for each candidate on its own")
  func shadowDraws() {
    let table = table([[0, 0]], shadow: [0.5, 0.5])
    var counts = [Int](repeating: 0, count: 4)
    for draw in Self.units {
      let arms = table.assign(SampleRequest(), unit: 42, draw: draw).shadows.map(\.arm)
      counts[(arms.contains(.candidate(0)) ? 1 : 0) + (arms.contains(.candidate(1)) ? 2 : 0)] += 1
    }
    for count in counts { expect(count, of: 100_000, is: 0.25) }
  }

  @Test("copies only to candidates that map the model and are not rolled back")
  func shadowEligible() {
    let table = table([[0, 0, 0]], closed: [false, true, false], shadow: [1, 1, 1], models: [.onlyM, .any, .any])
    func arms(_ model: String) -> [ArmIndex] {
      table.assign(SampleRequest(model: model), unit: 1, draw: 1).shadows.map(\.arm)
    }
    #expect(arms("m") == [.candidate(0), .candidate(2)])
    #expect(arms("x") == [.candidate(2)])
  }

  @Test("gives two rollouts independent splits")
  func salted() {
    let (first, second) = (arms(table([[0.5]], rollout: "a")), arms(table([[0.5]], rollout: "b")))
    expect(zip(first, second).count { $0 == $1 }, of: 20_000, is: 0.5)
  }

  @Test("records shares for more candidates than it prepares arrays for")
  func manyCandidates() {
    let weights = [Double](repeating: 0.1, count: 9)
    let models = (0..<9).map { $0 % 2 == 0 ? ModelMap.any : .onlyM }
    let table = table([weights], models: models)
    #expect(table.assign(SampleRequest(model: "m"), unit: 1, draw: 0).shares == weights)
    #expect(table.assign(SampleRequest(model: "x"), unit: 1, draw: 0).shares == (0..<9).map { $0 % 2 == 0 ? 0.1 : 0 })
  }
}
