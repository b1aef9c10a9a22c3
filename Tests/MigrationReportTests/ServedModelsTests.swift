/// Which models answered in place of which, as the accounts keep it.

import Dialects
import Foundation
import RolloutJudge
import Testing
import TrafficSplit

@testable import MigrationReport

@Suite("ServedModels")
struct ServedModelsTests {
  private func ended(_ asked: String?, _ served: String?) -> AttemptEnd {
    AttemptEnd(
      attempt: 1, exchange: 1, arm: .candidate(0), population: .shadow, outcome: .ok, at: Instant(nanoseconds: 0),
      latency: 1, ttft: nil, cost: nil, isRetry: false, isNormalFinish: true, askedModel: asked, servedModel: served)
  }

  @Test("forms of the same name are no other model, and what is unknown is none")
  func others() {
    var models = ServedModels()
    for (asked, served) in [
      ("vendor/one", "vendor/one-mini"), ("vendor/one", "vendor/one-mini"), ("vendor/one", "one-2026-01-01"),
      ("vendor/one", "vendor/one"), (nil, "x"), ("vendor/one", nil),
    ] as [(String?, String?)] {
      models.record(ended(asked, served))
    }
    #expect(
      models.others(arm: "a") == [OtherModel(arm: "a", asked: "vendor/one", served: "vendor/one-mini", attempts: 2)])
  }

  @Test("they outlive a restart, and two runs add up")
  func saved() throws {
    var models = ServedModels()
    models.record(ended("one", "two"))
    var restored = try JSONDecoder().decode(ServedModels.self, from: JSONEncoder().encode(models))
    restored.add(models)
    #expect(restored.others(arm: "a").map(\.attempts) == [2])
  }

  @Test("so many pairs are told apart")
  func bounded() {
    var models = ServedModels()
    for index in 0..<1_000 { models.record(ended("asked", "served\(index)x")) }
    #expect(models.others(arm: "a").count == 200)
  }
}

@Suite("DailySpend: estimates")
struct DailySpendEstimateTests {
  @Test("what is estimated is told apart, until the next day")
  func estimates() {
    var spend = DailySpend()
    #expect(spend.add(0.5, isEstimate: true, at: Instant(nanoseconds: 0), budget: 1) == nil)
    #expect(spend.add(0.6, at: Instant(nanoseconds: 1), budget: 1) == 1.1)
    #expect(spend.estimate == 0.5)
    _ = spend.add(0.1, at: Instant(nanoseconds: 86_400_000_000_000), budget: 1)
    #expect(spend.estimate == 0)
  }
}
