/// An arm's place in the playbook: small, fixed for the life of a playbook, safe to keep in a ledger.

/// 0 is the baseline; `i` is the candidate at index `i - 1`.
package struct ArmIndex: Sendable, Hashable, Comparable, Codable {
  package let rawValue: Int

  @inlinable package init(rawValue: Int) { self.rawValue = rawValue }

  package static let baseline = ArmIndex(rawValue: 0)

  @inlinable package static func candidate(_ index: Int) -> ArmIndex { ArmIndex(rawValue: index + 1) }

  @inlinable package var isBaseline: Bool { rawValue == 0 }

  /// The index among the candidates; the caller has made sure that this is one.
  @inlinable package var candidate: Int {
    precondition(rawValue > 0, "the baseline is not a candidate")
    return rawValue - 1
  }

  @inlinable package static func < (a: ArmIndex, b: ArmIndex) -> Bool { a.rawValue < b.rawValue }
}
