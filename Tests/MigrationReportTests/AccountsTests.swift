import Dialects
import Foundation
@testable import MigrationReport
import RolloutJudge
import Testing
import TrafficSplit

@Suite struct AccountsTests {
  private func restored(_ accounts: Accounts) throws -> Accounts {
    try JSONDecoder().decode(Accounts.self, from: JSONEncoder().encode(accounts))
  }

  private func text(_ accounts: Accounts) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(Sample.maker(accounts: accounts).report()), as: UTF8.self)
  }

  @Test("what was kept makes the same report")
  func roundTrip() throws {
    #expect(try text(restored(Sample.accounts)) == text(Sample.accounts))
  }

  @Test("counting goes on where a former run ended")
  func restart() throws {
    var first = Accounts()
    first.adopt(Sample.playbook())
    first.enter(stage: "canary")
    first.ended(Sample.end(0, cost: 1))
    var second = try restored(first)
    second.adopt(Sample.playbook())
    second.enter(stage: "canary")
    second.ended(Sample.end(0, cost: 2))
    #expect(second.account(arm: "openrouter", .live, stages: ["canary"]).cost.total == 3)
    #expect(second.models.values == ["openai/gpt-5"])
  }

  @Test("a playbook with its arms and stages in another order keeps what was counted under their names")
  func changedPlaybook() {
    var accounts = Accounts()
    accounts.adopt(Sample.playbook())
    accounts.ended(Sample.end(1, cost: 1))
    var changed = Sample.playbook()
    changed.candidates.insert(Sample.arm("evolink"), at: 0)
    accounts.adopt(changed)
    accounts.ended(Sample.end(2, cost: 1))
    accounts.ended(Sample.end(1, cost: 5))
    #expect(accounts.account(arm: "litellm", .live).cost.total == 2)
    #expect(accounts.account(arm: "evolink", .live).cost.total == 5)
  }

  @Test("the status has the figures of models that a candidate has answered, the most frequent first")
  func modelStatus() throws {
    var accounts = Accounts()
    accounts.adopt(Sample.playbook())
    let other = Sample.labels(#"{"model":"openai/gpt-mini","messages":[]}"#, model: "openai/gpt-mini")
    for _ in 0..<3 { accounts.ended(Sample.end(0, cost: 1, labels: other)) }
    accounts.ended(Sample.end(1, .failed, labels: other))
    accounts.ended(Sample.end(1, .ok, .shadow, labels: Sample.chat))
    // The baseline's alone.
    for _ in 0..<9 { accounts.ended(Sample.end(0, labels: Sample.unmapped)) }
    let status = accounts.modelStatus
    #expect(status.map(\.model) == ["openai/gpt-mini", "openai/gpt-5"])
    let mini = try #require(status.first)
    #expect(mini.live["openrouter"]?.requests == 3)
    #expect(mini.live["openrouter"]?.cost == 3)
    #expect(mini.live["litellm"]?.errorRate == 1)
    #expect(mini.shadow.isEmpty)
    #expect(status.last?.shadow["litellm"]?.requests == 1)
  }

  @Test("two accounts add up by name, whatever their order")
  func sum() throws {
    var (one, other, whole) = (Accounts(), Accounts(), Accounts())
    one.adopt(Sample.playbook())
    whole.adopt(Sample.playbook())
    // The other names its stages in another order.
    other.enter(stage: "canary")
    other.adopt(Sample.playbook())
    for (index, labels) in [Sample.chat, Sample.tools, Sample.unmapped].enumerated() {
      let end = Sample.end(index % 2, cost: 0.1, second: Int64(index) * 7, labels: labels)
      one.enter(stage: "baseline")
      other.enter(stage: "canary")
      one.ended(end)
      other.ended(end)
      whole.enter(stage: "baseline")
      whole.ended(end)
      whole.enter(stage: "canary")
      whole.ended(end)
    }
    one.add(other)
    #expect(one.account(arm: "openrouter", .live).attempts == 4)
    #expect(one.account(arm: "openrouter", .live, stages: ["canary"]).attempts == 2)
    let (a, b) = (one.timeline(arm: "openrouter", .live), whole.timeline(arm: "openrouter", .live))
    #expect(a?.buckets == b?.buckets)
    #expect(one.shapes.uses.map(\.shape) == whole.shapes.uses.map(\.shape))
    #expect(one.tags[0].values == whole.tags[0].values)
  }

  @Test("attempts of labels that were let go are never counted for others at the same address")
  func labelsStay() {
    var accounts = Accounts()
    accounts.adopt(Sample.playbook())
    for number in 0..<50 {
      let labels = ExchangeLabels(
        endpoint: .messages, model: "model-\(number)", tags: [nil], features: RequestFeatures(), isStream: false)
      accounts.ended(Sample.end(0, labels: labels))
    }
    let counts = accounts.models.values.indices.map {
      accounts.models.account($0, arm: 0, population: .live)?.attempts
    }
    #expect(counts == Array(repeating: 1, count: 50))
  }

  @Test("models beyond the limit are counted together")
  func modelLimit() {
    var accounts = Accounts()
    accounts.adopt(Sample.playbook())
    for number in 0..<(Breakdown.modelLimit + 30) {
      let labels = ExchangeLabels(
        endpoint: .messages, model: "model-\(number)", tags: ["team-\(number)"], features: RequestFeatures(),
        isStream: false)
      accounts.ended(Sample.end(0, labels: labels))
    }
    #expect(accounts.models.values.count == Breakdown.modelLimit + 1)
    #expect(accounts.models.values.last == Tag.otherValue)
    #expect(accounts.models.account(Breakdown.modelLimit, arm: 0, population: .live)?.attempts == 30)
    #expect(accounts.tags[0].values.count == Tag.valueLimit + 1)
    #expect(accounts.shapes.uses.count == Breakdown.modelLimit + 30)
  }

  @Test("the baseline's rescue is paid by the candidate that failed, and counts for no live figure")
  func rescue() {
    let accounts = Sample.accounts
    #expect(accounts.rescueCost(arm: "litellm").map { abs($0 - 13 * 0.002) < 1e-9 } == true)
    #expect(accounts.account(arm: "litellm", .live).rescued == 13)
    #expect(accounts.account(arm: "openrouter", .live).attempts == 300)
    #expect(accounts.account(arm: "openrouter", .rescue).attempts == 13)
  }

  @Test("budgets of an arm and of a tag are used up once a day, by live and shadow attempts alike")
  func budgets() throws {
    let playbook = Sample.playbook(budgets: [
      Budget(arm: .candidate(0), dollarsPerDay: 1),
      Budget(arm: .candidate(0), tag: .init(tag: 0, value: "search"), dollarsPerDay: 0.5),
    ])
    var accounts = Accounts()
    accounts.adopt(playbook)
    #expect(accounts.spend(Sample.end(1, cost: 0.4, labels: Sample.tools)).isEmpty)
    #expect(accounts.spend(Sample.end(1, .ok, .shadow, cost: 0.3)).isEmpty)
    #expect(accounts.spend(Sample.end(0, cost: 9)).isEmpty)
    let used = accounts.spend(Sample.end(1, cost: 0.3))
    #expect(used.map(\.budget) == [0, 1])
    #expect(accounts.spentBudgets(at: Sample.began) == [0, 1])
    #expect(accounts.spend(Sample.end(1, cost: 0.3)).isEmpty)
    // It is spent after a restart too, and no longer on the next day.
    var later = try restored(accounts)
    later.adopt(playbook)
    #expect(later.spentBudgets(at: Sample.began) == [0, 1])
    #expect(later.spentBudgets(at: try #require(used.first).resumesAt).isEmpty)
  }
}
