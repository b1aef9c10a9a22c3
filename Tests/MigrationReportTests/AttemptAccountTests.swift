import Dialects
import Foundation
@testable import MigrationReport
import RolloutJudge
import Testing

@Suite struct AttemptAccountTests {
  private func account(_ ends: [AttemptEnd]) -> AttemptAccount {
    var account = AttemptAccount()
    for end in ends { account.record(end) }
    return account
  }

  @Test("what was not measured is nil, never zero")
  func nothing() {
    let account = AttemptAccount()
    for figure in KPISheet.figures(account).figures where figure.unit != .count {
      #expect(figure.value == nil, "\(figure.id)")
    }
    #expect(account.costPerOutcome == nil)
  }

  @Test("errors are counted as the contract says, and K1 leaves out what is the caller's")
  func errors() throws {
    let account = account(
      (0..<90).map { _ in Sample.end(0) }
        + [.rejected, .failed, .rateLimited, .clientGone, .empty].map { Sample.end(0, $0) })
    #expect(account.attempts == 95)
    #expect(account.judged == 94)
    #expect(account.errors == 4)
    #expect(account.errorRate == 4.0 / 94)
    #expect(abs(try #require(account.faultsPerThousand) - 3000.0 / 93) < 1e-9)
    #expect(abs(try #require(account.faultsWithoutCapacityPerThousand) - 2000.0 / 93) < 1e-9)
    #expect(account.successRate == 90.0 / 93)
    #expect(account.cancelRate == 1.0 / 95)
    #expect(account.abandonedRate == 1.0 / 95)
    #expect(account.rateLimitedPerThousand == 1000.0 / 94)
  }

  @Test("what can be shown, and what an arm asks to wait, have times of their own, which can be added up")
  func waits() throws {
    let ends = (1...5).map { number in
      var end = Sample.end(0, number == 5 ? .rateLimited : .ok)
      if number == 5 { end.retryAfter = 7_000_000_000 } else { end.firstVisible = Int64(number) * 100_000_000 }
      return end
    }
    var times = account(ends).times
    times.add(account(ends).times)
    let visible = try #require(times.firstVisible.milliseconds(at: 0.5))
    let wait = try #require(times.retryAfter.milliseconds(at: 0.5))
    #expect(abs(visible / 200 - 1) < 0.01 && abs(wait / 7000 - 1) < 0.01)
  }

  @Test("the cached share of what a cache can hold leaves out how conversations begin")
  func steady() {
    var tokens = TokenAccount()
    tokens.record(TokenUsage(prompt: 1000, completion: 1, cached: 0))
    #expect(tokens.steadyCachedShare == nil)
    tokens.record(TokenUsage(prompt: 3000, completion: 1, cached: 2400), isSteady: true)
    tokens.add(tokens)
    #expect(tokens.cachedShare == 0.6 && tokens.steadyCachedShare == 0.8)
  }

  @Test("a place in the list of outcomes is its case's own")
  func places() {
    for (index, outcome) in Outcome.allCases.enumerated() { #expect(outcome.place == index) }
    for (index, finish) in FinishKind.allCases.enumerated() { #expect(finish.place == index) }
  }

  @Test("cost per outcome divides all cost, of failures too, by successes")
  func costPerOutcome() throws {
    let account = account([
      Sample.end(0, cost: 0.01), Sample.end(0, cost: 0.03, source: .derived), Sample.end(0, .incomplete, cost: 0.02),
      Sample.end(0, .failed),
    ])
    #expect(account.successes == 2)
    #expect(abs(try #require(account.costPerOutcome) - 0.03) < 1e-12)
    #expect(abs(try #require(account.wasteShare) - 1.0 / 3) < 1e-12)
    #expect(account.cost.unknownCount == 1)
    #expect(account.cost.unknownShare == 0)
    #expect(account.cost.reportedCount == 2)
    #expect(account.cost.derivedCount == 1)
  }

  @Test("failures that tell no cost leave the waste unknown")
  func silentFailures() {
    let account = account([Sample.end(0, cost: 0.01), Sample.end(0, .failed)])
    #expect(account.wasteShare == nil)
    #expect(account.cost.wasted == nil)
  }

  @Test("the application's word on an exchange goes before its finish reason, exchange by exchange")
  func reports() {
    var account = account((0..<10).map { _ in Sample.end(0, cost: 0.01) } + [Sample.end(0, .incomplete)])
    #expect(account.successes == 10)
    account.report(success: false, value: nil, wasNormal: true)
    account.report(success: true, value: 2.5, wasNormal: true)
    #expect(account.successes == 9)
    account.report(success: true, value: nil, wasNormal: false)
    #expect(account.successes == 10)
    #expect(account.reports.count == 3)
    #expect(account.reports.value == 2.5)
  }

  @Test("a p95 with failures as endless is none where they are more than one in twenty")
  func endless() throws {
    let some = account((1...99).map { Sample.end(0, milliseconds: $0) } + [Sample.end(0, .timeout)])
    let plain = try #require(some.times.latency.milliseconds(at: 0.95))
    let honest = try #require(some.latencyWithFailures(at: 0.95))
    #expect(honest >= plain)
    let many = account((1...90).map { Sample.end(0, milliseconds: $0) } + (0..<10).map { _ in Sample.end(0, .timeout) })
    #expect(many.latencyWithFailures(at: 0.95) == nil)
    #expect(many.latencyWithFailures(at: 0.5) != nil)
  }

  @Test("streamed and plain answers are timed apart, and together for the metric")
  func streams() throws {
    let stream = Sample.labels("{}", model: nil, isStream: true)
    let account = account([
      Sample.end(0, milliseconds: 400, labels: stream), Sample.end(0, milliseconds: 100),
    ])
    #expect(account.times.streamed.count == 1)
    #expect(account.times.plain.count == 1)
    #expect(account.times.latency.count == 2)
    // 100 tokens after the first within 300 ms.
    let speed = try #require(account.tokensPerSecond)
    #expect(abs(speed - 333) < 5)
    #expect(account.stallRate == 0)
  }

  @Test("K3: retries over attempts, and attempts for each request")
  func retries() {
    var account = account([Sample.end(0), Sample.end(0, .failed), Sample.end(0, isRetry: true), Sample.end(0)])
    account.retry()
    #expect(account.retryRate == 0.25)
    #expect(account.amplification == 4.0 / 3)
  }

  @Test("jobs have figures of their own where there are any, and an account that knows none can be read")
  func jobs() throws {
    var end = Sample.end(0, cost: 0.04)
    var job = JobFigures()
    (job.fate, job.polls, job.assets, job.timeToResult) = (.succeeded, 3, 1, 2_000_000_000)
    end.jobNote = JobNote(job)
    let account = account([end, Sample.end(0)])
    let sheet = KPISheet.figures(account)
    #expect(sheet["jobs_created"] == 1 && sheet["polls_per_job"] == 3 && sheet["cost_per_asset"] == 0.04)
    #expect(abs(try #require(sheet["time_to_result_p95"]) - 2000) < 20)
    let read = try JSONDecoder().decode(AttemptAccount.self, from: JSONEncoder().encode(account))
    #expect(KPISheet.figures(read).figures == sheet.figures)
    let plain = try JSONEncoder().encode(self.account([Sample.end(0)]))
    #expect(!String(decoding: plain, as: UTF8.self).contains("jobs"))
    #expect(try JSONDecoder().decode(AttemptAccount.self, from: plain).jobs == nil)
  }

  @Test("the sum of two accounts is the account of all their attempts")
  func sum() throws {
    let (first, second) = (
      [Sample.end(0, cost: 0.5), Sample.end(0, .failed)], [Sample.end(0, milliseconds: 900, cost: 0.25)]
    )
    var sum = account(first)
    sum.add(account(second))
    let whole = account(first + second)
    #expect(
      KPISheet.figures(sum).figures == KPISheet.figures(whole).figures)
  }
}
