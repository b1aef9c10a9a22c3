/// One arm's answer as it enters a comparison: what it says, and how it came to be.

package import Dialects

package struct ComparedAnswer: Sendable {
  package var content: AnswerContent
  package var outcome: Outcome
  /// Nil where no head came.
  package var status: Int?
  /// The body was cut by a limit, or its coding could not be read: what is missing in `content` says nothing.
  package var isCut: Bool
  /// The model that this arm was asked for; nil where that is not known.
  package var askedModel: String?

  package init(
    content: AnswerContent, outcome: Outcome, status: Int?, isCut: Bool = false, askedModel: String? = nil
  ) {
    self.content = content
    self.outcome = outcome
    self.status = status
    self.isCut = isCut
    self.askedModel = askedModel
  }
}
