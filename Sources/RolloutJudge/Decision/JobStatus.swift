/// The jobs of an arm as status shows them.

extension RolloutStatus {
  /// Durations in milliseconds, money in USD; nil where nothing is known.
  package struct Jobs: Sendable, Equatable, Codable {
    package var created: Int
    package var succeeded: Int
    package var failed: Int
    /// The videos among those that failed whose making had been promised.
    package var failedAfterPromise: Int
    package var calledOff: Int
    /// Neither: under way, or nobody has asked what became of them.
    package var open: Int
    package var polls: Int
    package var timeToResultP50: Double?
    package var timeToResultP95: Double?
    /// By the vendor's own count.
    package var vendorTimeP50: Double?
    package var costPerAsset: Double?
    /// Jobs that were paid for nothing, and what they cost.
    package var wasted: Int
    package var waste: Double
    /// Jobs that came to nothing and may be on the bill, and what they can have cost at most.
    package var possiblyBilled: Int
    package var wasteAtMost: Double

    package init(_ account: JobAccount) {
      created = account.created
      succeeded = account.succeeded
      failed = account.failed
      failedAfterPromise = account.failedAfterPromise
      calledOff = account.calledOff
      open = account.open
      polls = account.polls
      timeToResultP50 = account.timeToResult.milliseconds(at: 0.5)
      timeToResultP95 = account.timeToResult.milliseconds(at: 0.95)
      vendorTimeP50 = account.vendorTime.milliseconds(at: 0.5)
      costPerAsset = account.costPerAsset
      wasted = account.wasted
      waste = account.waste
      possiblyBilled = account.possiblyBilled
      wasteAtMost = account.wasteAtMost
    }

    enum CodingKeys: String, CodingKey {
      case created, succeeded, failed, open, polls, wasted, waste
      case failedAfterPromise = "failed_after_promise"
      case calledOff = "called_off"
      case timeToResultP50 = "time_to_result_p50"
      case timeToResultP95 = "time_to_result_p95"
      case vendorTimeP50 = "vendor_time_p50"
      case costPerAsset = "cost_per_asset"
      case possiblyBilled = "possibly_billed"
      case wasteAtMost = "waste_at_most"
    }
  }
}
