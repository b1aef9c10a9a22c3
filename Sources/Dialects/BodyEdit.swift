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
  /// - Returns: edits in order of their ranges, which neither overlap nor are out of the body.
  package func edits(model replacement: String?, under policy: BodyPolicy) -> [BodyEdit] {
    let token = replacement.map(JSONText.encoded)
    var edits: [BodyEdit] = []
    edits.reserveCapacity(4)
    var lastKept: Place?
    var cutFrom: Int?
    for place in places {
      let fate = policy.fate(of: place, in: self)
      if case .dropped = fate {
        cutFrom = cutFrom ?? place.key.lowerBound
        continue
      }
      if let start = cutFrom { edits.append(BodyEdit(range: start..<place.key.lowerBound, replacement: [])) }
      cutFrom = nil
      if case .renamed(let name) = fate { edits.append(BodyEdit(range: place.key, replacement: name)) }
      if place.name == .model, let token { edits.append(BodyEdit(range: place.value, replacement: token)) }
      for cut in nestedSecrets where place.value.contains(cut.lowerBound) {
        edits.append(BodyEdit(range: cut, replacement: []))
      }
      lastKept = place
    }
    // What is cut at the end takes the comma before it.
    if let start = cutFrom, let last = places.last {
      edits.append(BodyEdit(range: (lastKept?.range.upperBound ?? start)..<last.range.upperBound, replacement: []))
    }
    return edits
  }
}
