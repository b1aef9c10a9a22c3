/// The counts that an e-value is made of: enough for anyone to compute it again.

/// Of one test. E-values are sums over the test's starts, each with its weight 1 / (j (j + 1)).
package struct EvidenceBasis: Sendable, Equatable, Codable {
  /// The bad share that is allowed.
  package var p0: Double?
  /// The ratio to the baseline's that is allowed.
  package var r0: Double?
  /// Milliseconds: slower was bad.
  package var limit: Double?
  /// USD: costs beyond it counted as this.
  package var cap: Double?
  /// Means since the start that says most: dollars, or a share of mismatches.
  package var candidateMean: Double?
  package var baselineMean: Double?
  /// Empty where counts alone do not make the value.
  package var starts: [Start]

  package struct Start: Sendable, Equatable, Codable {
    /// 1, 2, 3…
    package var start: Int
    /// Attempts of the candidate, and the bad ones.
    package var n: Int?
    package var bad: Int?
    /// Bad attempts of both arms by the probability with which the candidate was given the exchange.
    package var shares: [Share]?
    /// Pairs without a mismatch, with one of the candidate's alone, of the baseline's own alone, with both.
    package var pairs: [Int]?

    package init(start: Int, n: Int? = nil, bad: Int? = nil, shares: [Share]? = nil, pairs: [Int]? = nil) {
      self.start = start
      self.n = n
      self.bad = bad
      self.shares = shares
      self.pairs = pairs
    }
  }

  package struct Share: Sendable, Equatable, Codable {
    package var share: Double
    package var candidate: Int
    package var baseline: Int

    package init(share: Double, candidate: Int = 0, baseline: Int = 0) {
      self.share = share
      self.candidate = candidate
      self.baseline = baseline
    }
  }

  package init(
    p0: Double? = nil, r0: Double? = nil, limit: Double? = nil, cap: Double? = nil, candidateMean: Double? = nil,
    baselineMean: Double? = nil, starts: [Start] = []
  ) {
    self.p0 = p0
    self.r0 = r0
    self.limit = limit
    self.cap = cap
    self.candidateMean = candidateMean
    self.baselineMean = baselineMean
    self.starts = starts
  }

  enum CodingKeys: String, CodingKey {
    case p0, r0, limit, cap, starts
    case candidateMean = "candidate_mean"
    case baselineMean = "baseline_mean"
  }
}
