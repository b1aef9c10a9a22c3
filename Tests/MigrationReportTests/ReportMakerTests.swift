import Dialects
@testable import MigrationReport
import ResponseDiff
import RolloutJudge
import Testing
import TrafficSplit

@Suite struct ReportMakerTests {
  let report = Sample.maker().report()

  private func cell(_ row: String, _ arm: String) throws -> WorksheetCell {
    try #require(report.worksheet.first { $0.id == row }?.cells.first { $0.arm == arm })
  }

  @Test("the worksheet's figures are those of the stages that both arms saw")
  func worksheet() throws {
    // In the canary each arm had 100 requests; 13 of the candidate's and 2 of the baseline's failed.
    #expect(report.basis.map(\.attempts) == [100, 100])
    #expect(report.basis.map(\.stages) == [["canary"], ["canary"]])
    #expect(try cell("errors_per_thousand", "openrouter").value == 20)
    #expect(try cell("errors_per_thousand", "litellm").value == 130)
    let baseline = try #require(try cell("cost_per_outcome", "openrouter").value)
    #expect(abs(baseline - 0.002) < 1e-12)
    let candidate = try #require(try cell("cost_per_outcome", "litellm").value)
    #expect(abs(candidate - 0.0018) < 1e-12)
    #expect(try cell("effort_days", "litellm").value == 4.5)
    #expect(try cell("vendors_in_critical_path", "openrouter").value == 1)
    #expect(try cell("vendors_in_critical_path", "litellm").value == 2)
  }

  @Test("an arm that has only had copies is judged by them, and it is said")
  func copiesOnly() throws {
    var accounts = Accounts()
    accounts.adopt(Sample.playbook())
    accounts.enter(stage: "shadow")
    for second in 0..<50 {
      accounts.ended(Sample.end(0, cost: 0.01, second: Int64(second)))
      accounts.ended(Sample.end(1, .ok, .shadow, cost: 0.01, second: Int64(second)))
    }
    let report = Sample.maker(accounts: accounts).report()
    #expect(report.basis.map(\.population) == ["live", "shadow"])
    #expect(report.verdicts[0].text.contains("no client has had an answer from it"))
    let retries = try #require(report.worksheet.first { $0.id == "retry_rate" })
    #expect(retries.cells[1].value == nil)
  }

  @Test("the verdict says what is shown, what is not, and why it was rolled back")
  func verdict() throws {
    let text = report.verdicts[0].text
    #expect(text.hasPrefix("litellm was rolled back in stage canary (error_rate 13.0% of 100 requests, allowed 2.0%)"))
    #expect(text.contains("Worse, at 95%: error rate 13.0% against 2.0%"))
    #expect(text.contains("That no difference is shown does not say that there is none."))
    let findings = report.verdicts[0].findings
    #expect(findings.first { $0.id == "error_rate" }?.conclusion == .worse)
    #expect(findings.first { $0.id == "cost_per_request" }?.conclusion == .better)
  }

  @Test("a cost of which too much is unknown is not judged")
  func unknownCost() throws {
    var accounts = Accounts()
    accounts.adopt(Sample.playbook())
    for second in 0..<200 {
      accounts.ended(Sample.end(0, cost: 0.01 + Double(second) / 1e6, second: Int64(second)))
      accounts.ended(Sample.end(1, cost: second.isMultiple(of: 10) ? nil : 0.001, second: Int64(second)))
    }
    let finding = try #require(
      Sample.maker(accounts: accounts).report().verdicts[0].findings.first { $0.unit == .dollars })
    #expect(finding.conclusion == .unknown)
    #expect(finding.note?.contains("10.0%") == true)
  }

  @Test("the mean cost of a handful of requests is not judged, however alike they are")
  func fewCosts() throws {
    var accounts = Accounts()
    accounts.adopt(Sample.playbook())
    for _ in 0..<14 {
      accounts.ended(Sample.end(0, cost: 0.01))
      accounts.ended(Sample.end(1, cost: 0.009))
    }
    let findings = Sample.maker(accounts: accounts).report().verdicts[0].findings
    #expect(findings.first { $0.id == "cost_per_request" }?.conclusion == .undecided)
  }

  @Test("nothing measured says so and claims nothing")
  func nothing() {
    var accounts = Accounts()
    accounts.adopt(Sample.playbook())
    let report = Sample.maker(accounts: accounts).report()
    #expect(report.verdicts[0].text.contains("nothing is known about it"))
    #expect(
      report.worksheet.filter { $0.id != "vendors_in_critical_path" && $0.id != "effort_days" }
        .allSatisfy { $0.cells.allSatisfy { $0.value == nil } })
    #expect(report.costStack.prefix(3).allSatisfy { $0.measured == .no })
  }

  @Test("the inventory counts fields and says what becomes of them")
  func inventory() throws {
    let fields = report.inventory.fields
    let provider = try #require(fields.first { $0.field == "provider" })
    #expect(provider.treatments.map(\.kind) == [.dropped])
    #expect(try #require(fields.first { $0.field == "messages" }).share == 1)
    #expect(fields.contains { $0.field == ReportMaker.otherFields })
    #expect(report.inventory.unmappedModels.map(\.model) == ["qwen/qwen4"])
    #expect(report.inventory.lostFields.map(\.field) == ["provider"])
  }

  @Test("a field that is rejected far more often than the rest is named, others are kept")
  func rejected() throws {
    var accounts = Accounts()
    accounts.adopt(Sample.playbook())
    for second in 0..<400 {
      accounts.ended(
        Sample.end(1, second.isMultiple(of: 4) ? .rejected : .ok, second: Int64(second), labels: Sample.tools))
      accounts.ended(Sample.end(1, second.isMultiple(of: 200) ? .rejected : .ok, second: Int64(second)))
    }
    let fields = Sample.maker(accounts: accounts).report().inventory.fields
    #expect(try #require(fields.first { $0.field == "tools" }).treatments[0].kind == .rejected)
    #expect(try #require(fields.first { $0.field == "messages" }).treatments[0].kind == .kept)
  }

  @Test("answers that differ no more than the baseline's own are not held against the candidate")
  func noise() throws {
    var accounts = Accounts()
    accounts.adopt(Sample.playbook())
    let mismatch = AnswerComparison(differences: [Difference(path: "text", kind: .text, severity: .breaking)])
    for number in 0..<600 {
      accounts.ended(Sample.end(0))
      accounts.ended(Sample.end(1, .ok, .shadow))
      accounts.compared(
        CountedPair(
          candidate: .candidate(0), comparison: number.isMultiple(of: 3) ? mismatch : AnswerComparison(),
          noise: number % 3 == 1 ? mismatch : AnswerComparison()))
    }
    let finding = try #require(
      Sample.maker(accounts: accounts).report().verdicts[0].findings.first { $0.id == "mismatch_rate" })
    #expect(finding.conclusion == .undecided)
    #expect(finding.candidate == finding.baseline)
  }

  @Test("the state is what the decisions leave")
  func state() { #expect(report.state == .rolledBack) }

  @Test("without a playbook the report knows the arms by what was counted")
  func withoutPlaybook() {
    let report = Sample.maker(playbook: nil).report()
    #expect(report.arms.map(\.name) == ["openrouter", "litellm"])
    #expect(report.confidence == nil)
    #expect(report.notMeasured.contains { $0.contains("give the playbook") })
  }

  @Test("K12: a cache that holds less of the same prompts has its price")
  func coldCache() throws {
    var playbook = Sample.playbook()
    playbook.candidates[0].prices = ["gpt-5": Price(input: 5, output: 25, cachedInput: 0.5)]
    var accounts = Accounts()
    accounts.adopt(playbook)
    var cold = Sample.end(1)
    cold.usage = TokenUsage(prompt: 1_000_000, completion: 10, cached: 100_000)
    accounts.ended(cold)
    accounts.ended(Sample.end(0))
    let report = Sample.maker(accounts: accounts, playbook: playbook).report()
    let sheet = try #require(report.figures.first { $0.arm == "litellm" && $0.population == "live" }).figures
    // A million prompt tokens, 30 points fewer of them cached, at a difference of 4.50 USD a million.
    #expect(abs(try #require(sheet["cold_cache_cost"]) - 1.35) < 1e-9)
  }
}
