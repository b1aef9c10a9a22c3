/// Cuts fields out of a request body and puts another model in, leaving every other byte as it was.

package struct BodyEdit: Sendable, Equatable {
  package let range: Range<Int>
  package let replacement: [UInt8]

  package init(range: Range<Int>, replacement: [UInt8]) {
    self.range = range
    self.replacement = replacement
  }

  /// The body with edits done, which are in order and do not overlap.
  package static func apply(_ edits: [BodyEdit], to body: RawSpan) -> [UInt8] {
    body.withUnsafeBytes { bytes in
      var edited: [UInt8] = []
      edited.reserveCapacity(bytes.count + edits.reduce(0) { $0 + $1.replacement.count })
      var copied = 0
      for edit in edits {
        edited += bytes[copied..<edit.range.lowerBound]
        edited += edit.replacement
        copied = edit.range.upperBound
      }
      edited += bytes[copied...]
      return edited
    }
  }
}

extension RequestFacts {
  /// The edits that make a body for a candidate.
  ///
  /// Every occurrence of a repeated key is edited. A cut takes the space and the one comma beside it, so that the rest
  /// is JSON again.
  /// - Parameters:
  ///   - replacement: the candidate's model; nil leaves `model` as it is, and an absent `model` stays absent.
  ///   - policy: what becomes of the body's own members.
  ///   - body: that these facts were read from.
  /// - Returns: edits in order of their ranges, which neither overlap nor are out of the body.
  package func edits(model replacement: String?, under policy: BodyPolicy, in body: RawSpan) -> [BodyEdit] {
    let token = replacement.map(JSONText.encoded)
    var edits = MemberEdits()
    edits.reserveCapacity(4)
    for place in places {
      guard edits.member(key: place.key, value: place.value, policy.fate(of: place, in: self, body)) else { continue }
      if place.name == .model, let token { edits.within(BodyEdit(range: place.value, replacement: token)) }
      if let value = policy.value(in: place, body) { edits.within(BodyEdit(range: place.value, replacement: value)) }
      for cut in nestedSecrets where place.value.contains(cut.lowerBound) {
        edits.within(BodyEdit(range: cut, replacement: []))
      }
    }
    if let last = places.last { edits.close(at: last.value.upperBound) }
    return edits.edits
  }
}
