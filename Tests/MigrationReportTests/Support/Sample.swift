import Dialects
import MigrationReport
import ResponseDiff
import RolloutJudge
import TrafficSplit

/// A small rollout, the same to the byte every time: two arms, three stages, a rollback.
enum Sample {
  static let began = Instant(nanoseconds: 1_795_000_000_000_000_000)

  static func arm(_ name: String, vendor: String? = nil) -> Arm {
    Arm(
      name: name, vendor: vendor ?? name, url: ArmURL(isTLS: false, host: "127.0.0.1", port: 80, basePath: ""),
      key: Secret("sk-very-secret"))
  }

  static func playbook(tags: [Tag] = [Tag(name: "team", source: .header("x-team"))], budgets: [Budget] = []) -> Playbook
  {
    var candidate = arm("litellm")
    candidate.effortDays = 4.5
    candidate.dropFields = ["provider"]
    candidate.models = ModelMap(lines: [.init(from: Glob("openai/*"), to: "*")])
    return Playbook(
      name: "move", baseline: arm("openrouter"), candidates: [candidate],
      rollbackWhen: [Condition(metric: .errorRate, above: 0.02)],
      stages: [("baseline", 0.0, 0.0), ("shadow", 0, 1), ("canary", 0.5, 0)].map {
        Stage(name: $0.0, weights: [$0.1], shadow: [$0.2], hold: .seconds(60))
      }, tags: tags, budgets: budgets, sha256: String(repeating: "ab", count: 32))
  }

  static func labels(
    _ body: String, model: String?, team: String? = nil, isStream: Bool = false
  ) -> ExchangeLabels {
    let bytes = Array(body.utf8)
    let facts = RequestReader().read(bytes.span.bytes)
    return ExchangeLabels(
      endpoint: .chatCompletions, model: model, tags: [team], features: facts?.features ?? RequestFeatures(),
      isStream: isStream, isSteady: facts?.isSteady ?? false)
  }

  static let chat = labels(
    #"{"model":"openai/gpt-5","messages":[],"provider":{}}"#, model: "openai/gpt-5", team: "search")
  static let tools = labels(
    #"{"model":"openai/gpt-5","messages":[{},{},{},{},{}],"tools":[]}"#, model: "openai/gpt-5", team: "chat")
  static let unmapped = labels(#"{"model":"qwen/qwen4","messages":[],"odd":1}"#, model: "qwen/qwen4")

  /// - Parameters:
  ///   - arm: 0 is the baseline.
  ///   - milliseconds: of latency.
  ///   - second: after the rollout began.
  static func end(
    _ arm: Int, _ outcome: Outcome = .ok, _ population: Population = .live, milliseconds: Int64 = 100,
    cost: Double? = nil, source: CostSource? = nil, second: Int64 = 0, exchange: UInt64 = 1, isRetry: Bool = false,
    labels: ExchangeLabels? = chat
  ) -> AttemptEnd {
    let isOK = outcome == .ok
    return AttemptEnd(
      attempt: exchange, exchange: exchange, arm: ArmIndex(rawValue: arm), population: population, outcome: outcome,
      at: began + .seconds(second), latency: milliseconds * 1_000_000,
      ttft: isOK ? milliseconds * 250_000 : nil, cost: cost, isRetry: isRetry, isNormalFinish: isOK, costSource: source,
      usage: isOK ? TokenUsage(prompt: 1000, completion: 101, cached: 400) : nil, finish: isOK ? .stop : nil,
      firstByte: milliseconds * 200_000, longestGap: labels?.isStream == true ? 20_000_000 : nil, labels: labels)
  }

  /// 400 live requests before the canary and 400 in it, half of them the candidate's; 100 copies, compared.
  static var accounts: Accounts {
    var accounts = Accounts()
    accounts.adopt(playbook())
    for second in 0..<300 {
      let team = second.isMultiple(of: 3) ? tools : second.isMultiple(of: 10) ? unmapped : chat
      let at = Int64(second)
      let baseline = end(
        0, second.isMultiple(of: 50) ? .failed : .ok, milliseconds: 90 + at % 40,
        cost: second.isMultiple(of: 50) ? nil : 0.002, second: at, exchange: UInt64(second), labels: team)
      accounts.enter(stage: second < 100 ? "baseline" : second < 200 ? "shadow" : "canary")
      accounts.ended(baseline)
      if second >= 100, second < 200 { copy(second, team, &accounts) }
      if second >= 200 { canary(second, team, &accounts) }
    }
    accounts.shadowDropped(.candidate(0), .inFlight)
    accounts.updateBills(arm: playbook().baseline.name) { bills in
      for _ in 0..<10 { bills.ask() }
      for number in 0..<8 { bills.settle(billed: number == 7 ? 0.0012 : 0.001, told: 0.001) }
      bills.settle(billed: 0.0005, told: nil)
      bills.miss()
    }
    accounts.keptAway(.candidate(0), .privacyDemand, 12)
    return accounts
  }

  private static func copy(_ second: Int, _ labels: ExchangeLabels, _ accounts: inout Accounts) {
    accounts.ended(
      end(
        1, second.isMultiple(of: 25) ? .rejected : .ok, .shadow, milliseconds: 100 + Int64(second) % 50, cost: 0.0018,
        source: .derived, second: Int64(second), labels: labels))
    let isOdd = second.isMultiple(of: 5)
    accounts.compared(
      CountedPair(
        candidate: .candidate(0),
        comparison: AnswerComparison(
          differences: isOdd
            ? [
              Difference(path: "choices[0].message.tool_calls[0].name", kind: .toolCallName, severity: .breaking),
              Difference(path: "provider", kind: .fieldMissing, severity: .minor),
            ] : [], similarity: isOdd ? 0.41 : 0.86),
        noise: second.isMultiple(of: 2) ? AnswerComparison(similarity: 0.9) : nil, toolCalls: 1, labels: labels))
  }

  private static func canary(_ second: Int, _ labels: ExchangeLabels, _ accounts: inout Accounts) {
    let isBad = second.isMultiple(of: 8)
    let attempt = end(
      1, isBad ? .timeout : .ok, milliseconds: 120 + Int64(second) % 60, cost: isBad ? nil : 0.0018, source: .derived,
      second: Int64(second), exchange: UInt64(1000 + second), labels: labels)
    accounts.started(
      AttemptStart(
        attempt: 1, exchange: 1, arm: .candidate(0), population: .live, unit: 1, shares: [0.5],
        at: began + .seconds(second)))
    accounts.ended(attempt)
    accounts.heldUp(.candidate(0), nanoseconds: Int64(100 + second % 60) * 1000)
    guard isBad else { return }
    accounts.fellBack(.candidate(0))
    accounts.ended(
      end(0, .ok, .rescue, cost: 0.002, second: Int64(second), exchange: UInt64(1000 + second), labels: labels),
      rescuing: .candidate(0))
  }

  static var decisions: [Decision] {
    func decision(
      _ seq: Int, _ kind: Decision.Kind, _ stage: Int, second: Int, _ weights: (Double, Double), _ message: String,
      evidence: Evidence? = nil
    ) -> Decision {
      Decision(
        seq: seq, at: began + .seconds(second), decision: kind, rollout: "move",
        stage: ["baseline", "shadow", "canary"][stage], stageIndex: stage,
        candidate: kind == .rollback ? "litellm" : nil, metric: evidence == nil ? nil : .errorRate,
        condition: evidence == nil ? nil : .init(above: 0.02, ratioAbove: nil), weightsBefore: ["litellm": weights.0],
        weightsAfter: ["litellm": weights.1], evidence: evidence, message: message, actor: "crossfade",
        playbookSHA256: String(repeating: "ab", count: 32))
    }
    return [
      decision(1, .start, 0, second: 0, (0, 0), "started in stage baseline"),
      decision(2, .advance, 1, second: 100, (0, 0), "advanced to stage shadow"),
      decision(3, .advance, 2, second: 200, (0, 0.5), "advanced to stage canary: litellm 50.0%"),
      decision(
        4, .rollback, 2, second: 300, (0.5, 0),
        "rolled back litellm: error_rate 13.0% of 100 requests, allowed 2.0%",
        evidence: Evidence(
          test: "sequential", eValue: 131.25, threshold: 100, candidate: .init(n: 100, bad: 13),
          baseline: .init(n: 100, bad: 2), since: began + .seconds(200))),
    ]
  }

  static func maker(accounts: Accounts = accounts, playbook: Playbook? = playbook()) -> ReportMaker {
    ReportMaker(
      rollout: "move", playbook: playbook, decisions: decisions, accounts: accounts, figuresAt: began + .seconds(301),
      now: began + .seconds(310))
  }
}
