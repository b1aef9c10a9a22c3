/// The answer to "which arm": for one exchange, with what the evidence needs to know about the choice.

package struct Assignment: Sendable, Equatable {
  package var arm: ArmIndex
  /// The arm's own model id; nil where the baseline answers.
  package var candidateModel: String?
  /// The probability, by candidate, that an exchange like this one is given to it; 0 where it could not have been.
  /// Empty where no candidate could.
  package var shares: [Double]
  package var shadows: [ShadowCopy]

  package init(arm: ArmIndex, candidateModel: String? = nil, shares: [Double] = [], shadows: [ShadowCopy] = []) {
    self.arm = arm
    self.candidateModel = candidateModel
    self.shares = shares
    self.shadows = shadows
  }

  /// The baseline answers, no candidate could have, nothing is copied.
  package static let baseline = Assignment(arm: .baseline)
}

/// A copy of the request to be sent to a candidate, whose answer is only compared.
package struct ShadowCopy: Sendable, Equatable {
  package var arm: ArmIndex
  /// The arm's own model id.
  package var model: String

  package init(arm: ArmIndex, model: String) {
    self.arm = arm
    self.model = model
  }
}
