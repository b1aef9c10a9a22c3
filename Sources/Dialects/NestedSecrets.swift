/// Finds credentials within members of a request that are kept, such as `mcp_servers[].authorization_token`.

enum NestedSecrets {
  /// Adds what is to be cut: members named after secrets or persons, at any depth, each with the comma that is its own.
  /// - Parameter value: JSON that was accepted.
  static func find(_ body: RawSpan, _ value: Range<Int>, _ cuts: inout [Range<Int>]) {
    cuts += edits(body, value).map(\.range)
  }

  private static func edits(_ body: RawSpan, _ value: Range<Int>) -> [BodyEdit] {
    switch body.byte(at: value.lowerBound) {
    case UInt8(ascii: "["):
      guard var elements = JSONElements(body, at: value.lowerBound, depth: 0) else { return [] }
      var found: [BodyEdit] = []
      var end = value.lowerBound
      while elements.next(body, after: end), let next = JSONSyntax.skipValue(body, elements.at, depth: 1) {
        found += edits(body, elements.at..<next)
        end = next
      }
      return found
    case UInt8(ascii: "{"):
      return MemberEdits.edits(body, value) { key, value, within in
        if PrivateName.isPrivate(JSONText.decoded(body, key)) { return .dropped }
        within = edits(body, value)
        return .kept
      }
    default: return []
    }
  }
}
