/// Which of a playbook's settings are told when another one takes its place: all of them, each by its own path.

import Dialects
import Guards
import ResponseDiff
import Testing
import TrafficSplit
import Vendors

@testable import RolloutJudge

@Suite struct PlaybookSettingsTests {
  struct Edit: Sendable, CustomTestStringConvertible {
    var path: String
    var change: @Sendable (inout Playbook) -> Void

    var testDescription: String { path }
  }

  static let edits: [String: [Edit]] = [
    "baseline": [
      Edit(path: "baseline.url") { $0.baseline.url.port = 7 },
      Edit(path: "baseline.vendor") { $0.baseline.vendor = "litellm" },
      Edit(path: "baseline.headers") { $0.baseline.headers = [.init(name: "x-a", value: Secret("s"))] },
    ],
    "guards": [
      Edit(path: "guards.idempotency") { $0.guards = GuardPolicy(idempotency: .init(header: "x-key")) },
      Edit(path: "guards.duplicates") { $0.guards = GuardPolicy(duplicates: .init()) },
      Edit(path: "guards.retries") { $0.guards = GuardPolicy(retries: .init()) },
      Edit(path: "guards.retry_cap") { $0.guards = GuardPolicy(retryCap: .init()) },
      Edit(path: "guards.queue") { $0.guards = GuardPolicy(queue: .init(inFlight: .automatic)) },
      Edit(path: "guards.failover") { $0.guards = GuardPolicy(failover: .init()) },
      Edit(path: "guards.limits") {
        $0.guards = GuardPolicy(limits: [.init(scope: .everyone, name: "all requests", perMinute: 5)])
      },
    ],
    "candidates": [
      Edit(path: "candidates.litellm.url") { $0.candidates[0].url.port = 7 },
      Edit(path: "candidates.litellm.proxy") {
        $0.candidates[0].proxy = ArmProxy(host: "p", port: 1, credentials: Secret("u:s"))
      },
      Edit(path: "candidates.litellm.vendor") { $0.candidates[0].vendor = "portkey" },
      Edit(path: "candidates.litellm.key") { $0.candidates[0].key = $0.candidates[0].key == nil ? Secret("s") : nil },
      Edit(path: "candidates.litellm.models") {
        $0.candidates[0].models = ModelMap(lines: [.init(from: Glob("z"), to: "y")])
      },
      Edit(path: "candidates.litellm.prices") { $0.candidates[0].prices = ["m": Price(input: 1, output: 2)] },
      Edit(path: "candidates.litellm.overhead") { $0.candidates[0].costFactor = 1.055 },
      Edit(path: "candidates.litellm.effort") { $0.candidates[0].effortDays = 4.5 },
      Edit(path: "candidates.litellm.fields.drop") { $0.candidates[0].dropFields = ["top_k"] },
      Edit(path: "candidates.litellm.fields.keep") { $0.candidates[0].outgoing.keptFields = ["user"] },
      Edit(path: "candidates.litellm.pass_headers") { $0.candidates[0].outgoing.headers = ["x-a"] },
      Edit(path: "candidates.litellm.pass_query") { $0.candidates[0].outgoing.query = ["a"] },
      Edit(path: "candidates.litellm.keeps") {
        $0.candidates[0].outgoing.eligibility = EligibilityPolicy(keeps: [.zeroRetention])
      },
    ],
    "traffic": [
      Edit(path: "traffic.sticky") { $0.traffic.sticky = [.header("x-user")] },
      Edit(path: "traffic.rules") {
        $0.traffic.rules = [TrafficRule(match: [.init(attribute: .model, glob: Glob("a*"))], weights: [0])]
      },
      Edit(path: "traffic.fallback") { $0.traffic.fallback = [] },
      Edit(path: "traffic.safety_net.at_most") { $0.traffic.safetyNet.atMost = .seconds(7) },
      Edit(path: "traffic.timeouts.idle") { $0.traffic.timeouts.idle = .seconds(7) },
      Edit(path: "traffic.max_body") { $0.traffic.maxBodyBytes = 7 },
      Edit(path: "traffic.override") { $0.traffic.allowsOverride.toggle() },
    ],
    "shadow": [
      Edit(path: "shadow.max_in_flight") { $0.shadow.maxInFlight = 7 },
      Edit(path: "shadow.noise") { $0.shadow.noise = 0.5 },
      Edit(path: "shadow.budget") { $0.shadow.dollarsPerDay = 7 },
    ],
    "confidence": [Edit(path: "confidence") { $0.confidence = 0.9 }],
    "test": [Edit(path: "test") { $0.test = .threshold(.init(window: .seconds(7), minSamples: 7)) }],
    "rollbackWhen": [
      Edit(path: "rollback_when.error_rate") { $0.rollbackWhen = [Condition(metric: .errorRate, above: 0.37)] }
    ],
    "pauseWhen": [Edit(path: "pause_when.error_rate") { $0.pauseWhen = [Condition(metric: .errorRate, above: 0.37)] }],
    "rollbackScope": [Edit(path: "rollback") { $0.rollbackScope = .model }],
    "ownMistakes": [Edit(path: "own_mistakes") { $0.ownMistakes = .rollback }],
    "stages": [
      Edit(path: "stages.canary.hold") { $0.stages[1].hold = .seconds(7) },
      Edit(path: "stages.canary.weight") { $0.stages[1].weights = [0.07] },
      Edit(path: "stages.canary.min_samples") { $0.stages[1].minSamples = 7 },
    ],
    "onDecision": [
      Edit(path: "on_decision.webhook") {
        $0.onDecision = [DecisionHook(.webhook, address: Secret("https://hooks.example"))]
      }
    ],
    "compare": [
      Edit(path: "compare.per_second") { $0.compare.perSecond = 7 },
      Edit(path: "compare.samples") { $0.compare.samples = nil },
      Edit(path: "compare.redact") { $0.compare.redact = ["a+"] },
      Edit(path: "compare.json") { $0.compare.rules.json = .ignore },
      Edit(path: "compare.tool_calls") { $0.compare.rules.toolCalls = .ignore },
    ],
    "tags": [Edit(path: "tags") { $0.tags = [Tag(name: "team", source: .header("x-team"))] }],
    "budgets": [Edit(path: "budgets") { $0.budgets = [Budget(arm: .candidate(0), dollarsPerDay: 7)] }],
  ]

  static let playbook = Plans.playbook([Plans.stage("shadow", shadow: 1), Plans.stage("canary", weight: 0.1)])

  @Test("what is edited is told by its own path, and nothing else is", arguments: edits.values.flatMap { $0 })
  func told(_ edit: Edit) throws {
    var after = Self.playbook
    edit.change(&after)
    let change = PlaybookChange(from: Self.playbook.settings, to: after)
    #expect(change.changed.map { $0.prefix { $0 != ":" } } == [edit.path[...]])
  }

  @Test("no part of a playbook is left out but its name and its hash, which are told beside")
  func complete() {
    let parts = Mirror(reflecting: Self.playbook).children.compactMap(\.label).map { $0.drop { $0 == "_" } }
    #expect(Set(parts.map(String.init)).subtracting(Self.edits.keys) == ["name", "sha256"])
  }

  @Test("a long table is told by its length and a hash that another entry changes")
  func long() {
    var (one, two) = (Self.playbook, Self.playbook)
    one.compare.redact = (0..<90).map { "pattern\($0)" }
    two.compare.redact = one.compare.redact.dropLast() + ["another"]
    let change = PlaybookChange(from: one.settings, to: two)
    #expect(change.changed.count == 1)
    #expect(change.changed.allSatisfy { $0.hasPrefix("compare.redact: 90 patterns, ") && $0.utf8.count < 100 })
  }
}
