/// The query of `GET /diffs`: `candidate`, `order` and `limit` of a list, or the `id` of one exchange.

package struct DiffsQuery: Sendable, Equatable {
  package var candidate: String?
  /// `x-crossfade-id`: the pairs of that exchange, with their bodies.
  package var id: String?
  /// Most different first; else newest first.
  package var isByDistance = true
  /// 1 to `AdminLimits.diffs`.
  package var limit = 20

  package init() {}

  /// - Throws: `Refusal.invalid` for other parameters, for what is out of range, and for a list's parameters beside `id`.
  init(_ parameters: [(name: String, value: String)]) throws(Refusal) {
    for (name, value) in parameters {
      switch name {
      case "candidate":
        guard !value.isEmpty, value.utf8.count <= AdminLimits.nameBytes else {
          throw .invalid("\"candidate\" must be a candidate's name")
        }
        candidate = value
      case "order":
        guard ["distance", "newest"].contains(value) else { throw .invalid("\"order\" must be distance or newest") }
        isByDistance = value == "distance"
      case "limit":
        guard let number = Int(value), (1...AdminLimits.diffs).contains(number) else {
          throw .invalid("\"limit\" must be 1 to \(AdminLimits.diffs)")
        }
        limit = number
      case "id":
        guard isExchangeID(value) else { throw .invalid("\"id\" must be an x-crossfade-id: 16 hexadecimal digits") }
        id = value.lowercased()
      default: throw .invalid("unknown parameter \"\(name)\"; valid: candidate, order, limit, id")
      }
    }
    if id != nil, let other = parameters.first(where: { !["id", "candidate"].contains($0.name) }) {
      throw .invalid("\"\(other.name)\" is of lists, \"id\" names one exchange")
    }
  }

  private func isExchangeID(_ text: String) -> Bool {
    text.utf8.count == 16 && text.unicodeScalars.allSatisfy(\.properties.isASCIIHexDigit)
  }
}
