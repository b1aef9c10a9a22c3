/// The query of `GET /decisions`: `after` and `limit`.

import Hummingbird

struct DecisionQuery: Equatable {
  var after: Int?
  /// 1 to `AdminLimits.decisions`.
  var limit: Int

  /// - Throws: `Refusal.invalid` for other parameters and for what is not a number in range.
  init(_ parameters: [(name: String, value: String)]) throws(Refusal) {
    limit = 100
    for (name, value) in parameters {
      switch name {
      case "after":
        guard let number = Int(value), number >= 0 else { throw .invalid("\"after\" must be a decision's seq") }
        after = number
      case "limit":
        guard let number = Int(value), (1...AdminLimits.decisions).contains(number) else {
          throw .invalid("\"limit\" must be 1 to \(AdminLimits.decisions)")
        }
        limit = number
      default: throw .invalid("unknown parameter \"\(name)\"; valid: after, limit")
      }
    }
  }
}
