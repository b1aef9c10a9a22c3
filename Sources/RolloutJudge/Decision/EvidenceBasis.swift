/// The counts that an e-value is made of: enough for anyone to compute it again.

/// The counts of one test. E-values are sums over the test's starts, each with its weight.
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
  /// Where units stay on their arm: the largest of the weighted values counts in place of their sum.
  package var isLargest: Bool?
  /// The fate of failed canaries, weighed beside the ratio; each has half of the budget, and the larger
  /// speaks. Nil: nothing is.
  package var rescues: [Start]?
  /// Against the baseline as it was last seen, for attempts without a control; nil where all have one.
  package var frozen: Frozen?
  /// The baseline's attempts since the start that says most; nil in older journals and in proofs.
  package var baseline: Evidence.Counts?

  package struct Start: Sendable, Equatable, Codable {
    /// 1, 2, 3…
    package var start: Int
    /// The factor of its value; nil in older journals and in proofs, where it is 1 / (j (j + 1)) and 1.
    package var weight: Double?
    /// Attempts of the candidate, and the bad ones.
    package var n: Int?
    package var bad: Int?
    /// Bad ones in whose place the baseline has answered.
    package var rescued: Int?
    /// Attempts of which it is not known how they end.
    package var unknown: Int?
    /// Bad attempts of both arms by the probability with which the candidate was given the exchange.
    package var shares: [Share]?
    /// Pairs without a mismatch, with one of the candidate's alone, of the baseline's own alone, with both.
    package var pairs: [Int]?

    package init(
      start: Int, weight: Double? = nil, n: Int? = nil, bad: Int? = nil, rescued: Int? = nil, unknown: Int? = nil,
      shares: [Share]? = nil, pairs: [Int]? = nil
    ) {
      self.start = start
      self.weight = weight
      self.rescued = rescued
      self.unknown = unknown
      self.n = n
      self.bad = bad
      self.shares = shares
      self.pairs = pairs
    }
  }

  package struct Frozen: Sendable, Equatable, Codable {
    /// The probability with which its share may have been larger than the bound that was taken.
    package var doubt: Double
    /// The baseline's attempts, and the bad ones.
    package var n: Int
    package var bad: Int
    /// The candidate's, against r0 times the bound; empty until there is one.
    package var starts: [Start]
    package var isLargest: Bool?

    enum CodingKeys: String, CodingKey {
      case doubt, n, bad, starts
      case isLargest = "largest"
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
    baselineMean: Double? = nil, starts: [Start] = [], isLargest: Bool? = nil, rescues: [Start]? = nil
  ) {
    self.isLargest = isLargest
    self.rescues = rescues
    self.p0 = p0
    self.r0 = r0
    self.limit = limit
    self.cap = cap
    self.candidateMean = candidateMean
    self.baselineMean = baselineMean
    self.starts = starts
  }

  enum CodingKeys: String, CodingKey {
    case p0, r0, limit, cap, starts, rescues, frozen, baseline
    case isLargest = "largest"
    case candidateMean = "candidate_mean"
    case baselineMean = "baseline_mean"
  }
}
