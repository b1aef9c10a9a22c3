/// The fate of a field by its name alone, whatever value a request gives it.

package enum FieldTreatment: Sendable, Hashable {
  case sent, cut
  case renamed(to: String)
  /// Said in the arm's own words.
  /// - Parameter what: those, for people.
  case mapped(_ what: String)
}
