/// Two answers to the same request, held against each other.

package struct AnswerComparison: Sendable, Equatable, Codable {
  /// Most severe first, then by path; at most `differenceLimit`.
  package var differences: [Difference]
  /// Differences beyond the limit, which are only counted.
  package var further: Int
  /// 0…1, of the answers' text; nil where neither has any.
  package var similarity: Double?
  /// Characters of the candidate's text over the baseline's; nil where the baseline has none.
  package var lengthRatio: Double?
  /// The cosine of two embeddings; nil for all other answers.
  package var cosine: Double?
  /// False where one of the two is no answer that can be read (client gone, unreadable coding, cut by a limit): nothing
  /// is then held against anyone.
  package var isComparable: Bool
  /// 0…1, for listing the most different first.
  package var distance: Double

  package static let differenceLimit = 64

  /// Something breaking differs.
  package var isMismatch: Bool { isComparable && differences.contains { $0.severity == .breaking } }

  package init(
    differences: [Difference] = [], further: Int = 0, similarity: Double? = nil, lengthRatio: Double? = nil,
    cosine: Double? = nil, isComparable: Bool = true, distance: Double = 0
  ) {
    self.differences = differences
    self.further = further
    self.similarity = similarity
    self.lengthRatio = lengthRatio
    self.cosine = cosine
    self.isComparable = isComparable
    self.distance = distance
  }
}
