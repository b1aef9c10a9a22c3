/// Tells failures that say nothing about a gateway: whoever set it up has made a mistake that only they can mend.

/// The mistake to be set right before an arm can show what it is worth.
package enum OwnMistake: String, Sendable, Codable, CaseIterable {
  /// The key that it was given.
  case unauthorized
  /// Its account.
  case unpaid
  /// A field of the request that it does not know.
  case unknownField = "unknown_field"
  /// The model that it was asked for, or the address under which it was asked.
  case unknownModel = "unknown_model"

  /// - Returns: nil where the failure is the arm's own, or the request's.
  package init?(_ outcome: Outcome, status: Int?, _ error: AnswerError?) {
    switch outcome {
    case .unauthorized: self = .unauthorized
    case .unpaid: self = .unpaid
    case .rejected, .failed, .errorInBody:
      guard error?.kind != .contentPolicy, error?.kind != .contextLength else { return nil }
      switch error?.complaint {
      case .key: self = .unauthorized
      case .field: self = .unknownField
      case .model: self = .unknownModel
      case nil:
        if outcome == .rejected, status == 404 {
          self = .unknownModel
        } else if outcome == .errorInBody, error?.kind == .authentication || error?.kind == .permission {
          self = .unauthorized
        } else {
          return nil
        }
      }
    default: return nil
    }
  }
}
