/// The operator's additions to what every candidate is sent: what passes the allow lists, what is renamed, what binds it.

package import TrafficSplit

package struct OutgoingPolicy: Sendable, Equatable {
  /// Lower-case names of the caller's headers that pass.
  package var headers: [String]
  /// Names of query parameters that pass.
  package var query: [String]
  /// Body fields that pass although they are named after secrets or persons.
  package var keptFields: [String]
  package var renames: [FieldRename]
  /// On top, for some of the models.
  package var byModel: [ModelFields]
  /// Why requests stay away from this candidate.
  package var eligibility: EligibilityPolicy

  package init(
    headers: [String] = [], query: [String] = [], keptFields: [String] = [], renames: [FieldRename] = [],
    byModel: [ModelFields] = [], eligibility: EligibilityPolicy = EligibilityPolicy()
  ) {
    self.headers = headers
    self.query = query
    self.keptFields = keptFields
    self.renames = renames
    self.byModel = byModel
    self.eligibility = eligibility
  }
}

/// A body field that an arm knows by another name.
package struct FieldRename: Sendable, Equatable {
  package var from: String
  package var to: String

  package init(from: String, to: String) {
    self.from = from
    self.to = to
  }
}

/// What is dropped and renamed beyond the candidate's own policy for the models that a glob matches: the candidate's id or
/// the application's, with or without what stands before its last `/`.
package struct ModelFields: Sendable, Equatable {
  package var models: Glob
  package var drop: [String]
  package var renames: [FieldRename]

  package init(models: Glob, drop: [String] = [], renames: [FieldRename] = []) {
    self.models = models
    self.drop = drop
    self.renames = renames
  }

  package func concerns(_ model: String) -> Bool {
    if models.matches(model) { return true }
    guard let slash = model.lastIndex(of: "/") else { return false }
    return models.matches(String(model[model.index(after: slash)...]))
  }
}
