/// What a comparison shows, and how surely: never more than the data say.

package struct Verdict: Sendable, Encodable {
  package var candidate: String
  /// One paragraph.
  package var text: String
  package var findings: [Finding]
}

/// One metric of a candidate beside the baseline's.
package struct Finding: Sendable, Encodable {
  package var id: String
  package var label: String
  package var unit: FigureUnit
  @Nullable package var candidate: Double?
  @Nullable package var baseline: Double?
  /// The interval of the difference (`share`), or of the ratio (all others), at 95%.
  @Nullable package var low: Double?
  @Nullable package var high: Double?
  package var conclusion: Conclusion
  /// Why it is unknown, or what limits it.
  @Nullable package var note: String?

  package enum Conclusion: String, Sendable, Encodable {
    /// The whole interval lies on this side of "the same".
    case better, worse
    case undecided, unknown
  }

  /// - Parameter same: 0 for a difference, 1 for a ratio.
  static func conclusion(_ interval: Interval?, same: Double) -> Conclusion {
    guard let interval else { return .unknown }
    if interval.low > same { return .worse }
    return interval.high < same ? .better : .undecided
  }
}

/// What was found by holding a candidate's answers against the baseline's.
package struct AnswerFindings: Sendable, Encodable {
  package var candidate: String
  package var pairs: Int
  package var incomparable: Int
  @Nullable package var mismatchRate: Double?
  package var noisePairs: Int
  /// The share among the baseline's second answers.
  @Nullable package var noiseRate: Double?
  /// Agreement over what the baseline agrees with itself (K15).
  @Nullable package var adjustedAgreement: Double?
  @Nullable package var toolCallValidity: Double?
  @Nullable package var medianSimilarity: Double?
  @Nullable package var medianNoiseSimilarity: Double?
  package var kinds: [KindCount]
  package var similarity: [Int]
  package var noiseSimilarity: [Int]

  /// Pairs with at least one difference of a kind.
  package struct KindCount: Sendable, Encodable {
    package var kind: String
    package var pairs: Int
    package var breaking: Int
    /// The share among the baseline's pairs with itself.
    package var noise: Int
  }
}

/// What applications ask for, and what becomes of it at each candidate.
package struct Inventory: Sendable, Encodable {
  /// Live exchanges whose request could be read.
  package var requests: Int
  package var uncounted: Int
  package var fields: [FieldUse]
  package var lostFields: [LostField]
  package var unmappedModels: [UnmappedModel]
  package var keptAway: [KeptAway]

  package struct FieldUse: Sendable, Encodable {
    package var endpoint: String
    package var field: String
    package var requests: Int
    /// The share of the endpoint's exchanges.
    package var share: Double
    /// The models it is used with most, at most five.
    package var models: [String]
    package var treatments: [Treatment]
  }

  package struct Treatment: Sendable, Encodable {
    package var candidate: String
    package var kind: Kind
    package var note: String

    package enum Kind: String, Sendable, Encodable {
      /// It reaches the candidate, and nothing shows that it is treated otherwise.
      case kept
      /// Cut out of the request by the vendor's or the playbook's policy.
      case dropped
      /// Requests with it are rejected more often than those without.
      case rejected
      /// Answers to requests with it differ more often than to those without.
      case differs
      case notSeen = "not_seen"
    }
  }

  package struct LostField: Sendable, Encodable {
    package var candidate: String
    package var field: String
    /// In which the baseline's answer had it and the candidate's did not.
    package var pairs: Int
    package var perThousand: Double
  }

  /// Live requests that a candidate could not have been given faithfully.
  package struct KeptAway: Sendable, Encodable {
    package var candidate: String
    package var reason: String
    package var requests: Int
  }

  package struct UnmappedModel: Sendable, Encodable {
    package var candidate: String
    package var model: String
    package var requests: Int
  }
}
