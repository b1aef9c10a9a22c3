/// The jobs of an arm's attempts: what became of them, how long they took, what they cost for nothing.

import Dialects

package struct JobAccount: Sendable, Equatable, Codable {
  /// Jobs that the vendor has named; those of them that are neither of the three have been left open.
  package private(set) var created = 0
  package private(set) var succeeded = 0
  package private(set) var failed = 0
  /// The videos among them that had been promised: their attempts have ended well long before.
  package private(set) var failedAfterPromise = 0
  package private(set) var calledOff = 0
  /// Questions after their state.
  package private(set) var polls = 0
  /// From a job's creation to the last of its files, of those that succeeded.
  package private(set) var timeToResult = DurationHistogram()
  /// By the vendor's own count.
  package private(set) var vendorTime = DurationHistogram()
  /// Pictures and videos of those that succeeded at a known cost, and that, in USD.
  package private(set) var assets = 0
  package private(set) var assetCost = 0.0
  /// Jobs that cost something, and of which nobody got anything.
  package private(set) var wasted = 0
  /// USD.
  package private(set) var waste = 0.0
  /// Jobs, known or not, of which nobody got anything, and which may be on the bill.
  package private(set) var possiblyBilled = 0
  /// USD that they can have cost at most.
  package private(set) var wasteAtMost = 0.0

  package init() {}

  package mutating func record(_ job: JobFigures, of end: AttemptEnd) {
    if job.fate != .absent { created += 1 }
    settle(job, cost: end.cost)
    guard !end.outcome.isOk else { return }
    if let cost = end.cost {
      guard cost > 0 else { return }
      wasted += 1
      waste += cost
    } else if let most = end.costAtMost {
      possiblyBilled += 1
      wasteAtMost += most
    }
  }

  /// A video that had been promised, when its application was first told what became of it.
  package mutating func settled(_ job: JobFigures) {
    settle(job, cost: job.cost)
    guard job.fate == .failed else { return }
    failedAfterPromise += 1
    if let cost = job.cost, cost > 0 {
      wasted += 1
      waste += cost
    }
  }

  /// - Parameter cost: USD; nil where unknown.
  private mutating func settle(_ job: JobFigures, cost: Double?) {
    switch job.fate {
    case .succeeded: succeeded += 1
    case .failed: failed += 1
    case .calledOff: calledOff += 1
    case .absent, .open: break
    }
    polls += job.polls
    if let time = job.timeToResult { timeToResult.record(nanoseconds: time) }
    if let seconds = job.seconds, seconds >= 0 {
      vendorTime.record(nanoseconds: Int64(min(seconds, 3600) * 1e9))
    }
    if job.fate == .succeeded, let cost {
      assets += max(1, job.assets)
      assetCost += cost
    }
  }

  package mutating func add(_ other: JobAccount) {
    created += other.created
    succeeded += other.succeeded
    failed += other.failed
    failedAfterPromise += other.failedAfterPromise
    calledOff += other.calledOff
    polls += other.polls
    timeToResult.add(other.timeToResult)
    vendorTime.add(other.vendorTime)
    assets += other.assets
    assetCost += other.assetCost
    wasted += other.wasted
    waste += other.waste
    possiblyBilled += other.possiblyBilled
    wasteAtMost += other.wasteAtMost
  }

  package var open: Int { created - succeeded - failed - calledOff }

  /// Nil before the first job.
  package var pollsPerJob: Double? { created > 0 ? Double(polls) / Double(created) : nil }

  /// USD of a picture or a video; nil where no cost is known.
  package var costPerAsset: Double? { assets > 0 ? assetCost / Double(assets) : nil }
}

extension Optional<JobAccount> {
  /// The account with one thing more; begun where there is none.
  package func with(_ change: (inout JobAccount) -> Void) -> JobAccount {
    var account = self ?? JobAccount()
    change(&account)
    return account
  }
}
