/// The things that some of a candidate's models have not, though the candidate has them: told apart by the models' names.

package import Dialects

package struct ModelLack: Sendable, Equatable {
  /// The candidate's id or the application's, with or without what stands before its last `/`.
  package var models: Glob
  package var traits: RequestTraits

  package init(models: Glob, _ lacks: some Collection<Capability>) {
    self.models = models
    traits = lacks.reduce(into: RequestTraits()) { $0.formUnion($1.traits) }
  }
}

extension Glob {
  /// - Parameter model: an id, matched as a whole or without what stands before its last `/`.
  package func concerns(_ model: String) -> Bool {
    if matches(model) { return true }
    guard let slash = model.lastIndex(of: "/") else { return false }
    return matches(String(model[model.index(after: slash)...]))
  }
}
