/// The figures of jobs: what became of each, and what was paid for nothing.

import Dialects
import Foundation
import RolloutJudge
import Testing
import TrafficSplit

@Suite("JobAccount")
struct JobAccountTests {
  private static func end(_ outcome: Outcome, cost: Double? = nil, atMost: Double? = nil) -> AttemptEnd {
    AttemptEnd(
      attempt: 1, exchange: 1, arm: .candidate(0), population: .live, outcome: outcome, at: Instant(nanoseconds: 0),
      latency: 1, ttft: nil, cost: cost, isRetry: false, isNormalFinish: outcome.isOk, costAtMost: atMost)
  }

  private static func job(_ fate: JobFigures.Fate, polls: Int = 2, assets: Int = 0, seconds: Double? = nil)
    -> JobFigures
  {
    var job = JobFigures()
    (job.fate, job.polls, job.assets, job.seconds) = (fate, polls, assets, seconds)
    if fate == .succeeded { job.timeToResult = 3_000_000_000 }
    return job
  }

  private static var account: JobAccount {
    var account = JobAccount()
    account.record(job(.succeeded, assets: 2, seconds: 1.5), of: end(.ok, cost: 0.08))
    // It was made, and its client had left.
    account.record(job(.succeeded, assets: 1), of: end(.clientGone, cost: 0.04))
    account.record(job(.failed, seconds: 2), of: end(.failed, cost: 0.01))
    account.record(job(.failed), of: end(.failed, cost: 0))
    account.record(job(.calledOff), of: end(.timeout, atMost: 0.25))
    // Nobody knows whether it exists.
    account.record(job(.absent, polls: 0), of: end(.failed, atMost: 0.25))
    account.record(job(.absent, polls: 0), of: end(.rejected))
    account.record(job(.open, polls: 0), of: end(.ok, atMost: 0.75))
    return account
  }

  @Test("jobs are counted by what became of them, and their polls, times and costs with them")
  func fates() {
    let account = Self.account
    #expect(account.created == 6)
    let fates = [account.succeeded, account.failed, account.calledOff, account.open]
    #expect(fates == [2, 2, 1, 1])
    #expect(account.polls == 10 && account.pollsPerJob == 10.0 / 6)
    #expect(account.timeToResult.count == 2 && account.vendorTime.count == 2)
    #expect(account.assets == 3 && abs((account.costPerAsset ?? 0) - 0.04) < 1e-12)
  }

  @Test("what nobody got is waste where its cost is known, and possibly billed where it is not; a refund is neither")
  func waste() {
    let account = Self.account
    #expect(account.wasted == 2 && abs(account.waste - 0.05) < 1e-12)
    #expect(account.possiblyBilled == 2 && account.wasteAtMost == 0.5)
  }

  @Test("a video that fails after it was promised is a failed job that was left open before")
  func promised() {
    var account = JobAccount()
    account.record(Self.job(.open, polls: 0), of: Self.end(.ok))
    account.record(Self.job(.open, polls: 0), of: Self.end(.ok))
    var failed = Self.job(.failed, polls: 0)
    failed.cost = 0.3
    account.settled(failed)
    account.settled(Self.job(.succeeded, polls: 0, assets: 1))
    #expect(account.created == 2 && account.open == 0)
    #expect(account.failed == 1 && account.failedAfterPromise == 1 && account.succeeded == 1)
    #expect(account.wasted == 1 && account.waste == 0.3)
  }

  @Test("two accounts are the account of all their jobs, and survive being written and read")
  func sum() throws {
    var twice = Self.account
    twice.add(Self.account)
    #expect(twice.created == 12 && twice.timeToResult.count == 4 && twice.possiblyBilled == 4)
    let read = try JSONDecoder().decode(JobAccount.self, from: JSONEncoder().encode(twice))
    #expect(read.wasteAtMost == twice.wasteAtMost && read.timeToResult.count == 4 && read.created == 12)
  }
}
