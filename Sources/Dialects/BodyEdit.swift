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

/// Names of members that an arm is not to see, made ready once for all requests.
package struct DroppedFields: Sendable {
  private var known: [RequestName] = []
  private var others: [String] = []

  package init(_ names: some Collection<String>) {
    for name in names {
      if let name = RequestName(text: name) { known.append(name) } else { others.append(name) }
    }
  }

  func contains(_ name: RequestName) -> Bool { known.contains(name) }
  func contains(other name: String) -> Bool { others.contains(name) }
}

extension RequestFacts {
  /// The edits that make a body for a candidate.
  ///
  /// Every occurrence of a repeated key is edited. A cut takes the space and the one comma beside it, so that the rest
  /// is JSON again.
  /// - Parameters:
  ///   - replacement: the candidate's model; nil leaves `model` as it is, and an absent `model` stays absent.
  ///   - dropped: names of the body's own members.
  /// - Returns: edits in order of their ranges, which neither overlap nor are out of the body.
  package func edits(model replacement: String?, dropping dropped: DroppedFields) -> [BodyEdit] {
    let token = replacement.map(JSONText.encoded)
    var edits: [BodyEdit] = []
    edits.reserveCapacity(4)
    var lastKept: Place?
    var cutFrom: Int?
    for place in places {
      let isDropped =
        if let name = place.name { dropped.contains(name) } else { dropped.contains(other: otherKeys[place.other]) }
      if isDropped {
        cutFrom = cutFrom ?? place.range.lowerBound
        continue
      }
      if let start = cutFrom { edits.append(BodyEdit(range: start..<place.range.lowerBound, replacement: [])) }
      cutFrom = nil
      if place.name == .model, let token { edits.append(BodyEdit(range: place.value, replacement: token)) }
      lastKept = place
    }
    // What is cut at the end takes the comma before it.
    if let start = cutFrom, let last = places.last {
      edits.append(BodyEdit(range: (lastKept?.range.upperBound ?? start)..<last.range.upperBound, replacement: []))
    }
    return edits
  }

  /// The same for names that were not made ready.
  package func edits(model replacement: String?, dropping dropped: some Collection<String>) -> [BodyEdit] {
    edits(model: replacement, dropping: DroppedFields(dropped))
  }
}
