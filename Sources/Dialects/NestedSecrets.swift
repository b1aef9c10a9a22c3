/// Finds credentials within members of a request that are kept, such as `mcp_servers[].authorization_token`.

enum NestedSecrets {
  /// Adds what is to be cut: members named after secrets or persons, at any depth, each with the comma that is its own.
  /// - Parameter value: JSON that was accepted.
  static func find(_ body: RawSpan, _ value: Range<Int>, _ cuts: inout [Range<Int>]) {
    switch body.byte(at: value.lowerBound) {
    case UInt8(ascii: "["):
      guard var elements = JSONElements(body, at: value.lowerBound, depth: 0) else { return }
      var end = value.lowerBound
      while elements.next(body, after: end), let next = JSONSyntax.skipValue(body, elements.at, depth: 1) {
        find(body, elements.at..<next, &cuts)
        end = next
      }
    case UInt8(ascii: "{"): findMembers(body, value, &cuts)
    default: break
    }
  }

  private static func findMembers(_ body: RawSpan, _ object: Range<Int>, _ cuts: inout [Range<Int>]) {
    guard var members = JSONMembers(body, at: object.lowerBound, depth: 0) else { return }
    var end = object.lowerBound
    var lastKept: Int?
    var cutFrom: Int?
    while let key = members.nextKey(body, after: end), let next = JSONSyntax.skipValue(body, members.value, depth: 1) {
      let value = members.value..<next
      end = next
      if PrivateName.isPrivate(JSONText.decoded(body, key)) {
        cutFrom = cutFrom ?? key.lowerBound
        continue
      }
      if let start = cutFrom { cuts.append(start..<key.lowerBound) }
      cutFrom = nil
      lastKept = next
      find(body, value, &cuts)
    }
    // What is cut at the end takes the comma before it.
    if let start = cutFrom { cuts.append((lastKept ?? start)..<end) }
  }
}
