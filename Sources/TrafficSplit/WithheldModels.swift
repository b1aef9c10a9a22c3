/// The application's models that were taken back from a candidate: they stay on the baseline, whatever its map says.

package struct WithheldModels: Sendable, Equatable {
  /// By name, in the order in which they were taken back.
  package private(set) var names: [String] = []
  /// Where all models without a test of their own were taken back together: those that have one.
  package private(set) var othersThan: [String]?

  /// How people know those that are taken back together.
  package static let others = "other models"

  package init() {}

  package var isEmpty: Bool { names.isEmpty && othersThan == nil }

  /// As people are told them.
  package var shown: [String] { othersThan == nil ? names : names + [Self.others] }

  package func contains(_ model: String) -> Bool {
    if names.contains(model) { return true }
    guard let othersThan else { return false }
    return !othersThan.contains(model)
  }

  /// - Parameter named: the models that are told apart; nil: `model` is one of these, else it stands for all but these.
  package mutating func withhold(_ model: String, othersThan named: [String]? = nil) {
    if let named {
      othersThan = named
    } else if !names.contains(model) {
      names.append(model)
    }
  }
}
