/// Counts the requests that stayed away from a candidate although it takes part: by reason, and by model where no line of
/// its map matched.

package import TrafficSplit

package struct TurnedAway: Sendable, Equatable {
  package struct Key: Sendable, Hashable {
    /// The candidate's index.
    package var candidate: Int
    package var reason: Ineligibility
  }

  package struct Model: Sendable, Hashable {
    package var candidate: Int
    package var name: String
  }

  package private(set) var counts: [Key: Int] = [:]
  package private(set) var models: [Model: Int] = [:]

  /// Names that are told apart; the requests of others are counted all the same.
  package static let modelLimit = 100
  /// A longer name is no model's.
  private static let nameLimit = 200

  package init() {}

  package var isEmpty: Bool { counts.isEmpty }

  /// - Parameter model: the application's; nil where it names none.
  package mutating func note(_ candidate: Int, _ reason: Ineligibility, model: String?) {
    counts[Key(candidate: candidate, reason: reason), default: 0] += 1
    guard reason == .modelUnmapped, let model, model.utf8.count <= Self.nameLimit else { return }
    count(Model(candidate: candidate, name: model), 1)
  }

  /// - Returns: the models that had not been seen before.
  package mutating func add(_ other: TurnedAway) -> [Model] {
    for (key, count) in other.counts { counts[key, default: 0] += count }
    return other.models.sorted { $0.key.name < $1.key.name }.compactMap { count($0.key, $0.value) ? $0.key : nil }
  }

  /// - Returns: whether the model is new.
  @discardableResult
  private mutating func count(_ model: Model, _ requests: Int) -> Bool {
    let isNew = models[model] == nil
    guard !isNew || models.count < Self.modelLimit else { return false }
    models[model, default: 0] += requests
    return isNew
  }
}
