/// Edits the members of one object in place, whoever walks over them: each cut takes the comma that is its own, so that the
/// rest is JSON again.

/// The fate of a member on its way to an arm.
enum MemberFate {
  case kept, dropped
  /// The name's token, quotes included.
  case renamed([UInt8])
  /// Another member in its place.
  case replaced([UInt8])
}

struct MemberEdits {
  private(set) var edits: [BodyEdit] = []
  private var lastKept: Int?
  private var cutFrom: Int?

  /// Told of every member in order.
  /// - Returns: whether the member's value stays, so that it may be edited too.
  @discardableResult
  mutating func member(key: Range<Int>, value: Range<Int>, _ fate: MemberFate) -> Bool {
    if case .dropped = fate {
      cutFrom = cutFrom ?? key.lowerBound
      return false
    }
    if let start = cutFrom { edits.append(BodyEdit(range: start..<key.lowerBound, replacement: [])) }
    cutFrom = nil
    lastKept = value.upperBound
    switch fate {
    case .kept, .dropped: return true
    case .renamed(let name):
      edits.append(BodyEdit(range: key, replacement: name))
      return true
    case .replaced(let member):
      edits.append(BodyEdit(range: key.lowerBound..<value.upperBound, replacement: member))
      return false
    }
  }

  /// An edit within the last member's value.
  mutating func within(_ edit: BodyEdit) { edits.append(edit) }

  /// - Parameter end: of the last member.
  mutating func close(at end: Int) {
    // What is cut at the end takes the comma before it.
    if let start = cutFrom { edits.append(BodyEdit(range: (lastKept ?? start)..<end, replacement: [])) }
    cutFrom = nil
  }

  mutating func reserveCapacity(_ count: Int) { edits.reserveCapacity(count) }
}

extension MemberEdits {
  /// Walks over one object that was accepted.
  /// - Parameter fate: of the member with this key and this value; may add edits within the value of one that is kept.
  static func edits(
    _ body: RawSpan, _ object: Range<Int>,
    _ fate: (_ key: Range<Int>, _ value: Range<Int>, _ within: inout [BodyEdit]) -> MemberFate
  ) -> [BodyEdit] {
    guard var members = JSONMembers(body, at: object.lowerBound, depth: 0) else { return [] }
    var edits = MemberEdits()
    var end = object.lowerBound
    while let key = members.nextKey(body, after: end), let next = JSONSyntax.skipValue(body, members.value, depth: 1) {
      var within: [BodyEdit] = []
      if edits.member(key: key, value: members.value..<next, fate(key, members.value..<next, &within)) {
        for edit in within { edits.within(edit) }
      }
      end = next
    }
    edits.close(at: end)
    return edits.edits
  }

  /// Walks over the objects of an array that was accepted.
  static func edits(
    _ body: RawSpan, eachIn array: Range<Int>,
    _ fate: (_ key: Range<Int>, _ value: Range<Int>, _ within: inout [BodyEdit]) -> MemberFate
  ) -> [BodyEdit] {
    guard var elements = JSONElements(body, at: array.lowerBound, depth: 0) else { return [] }
    var found: [BodyEdit] = []
    var end = array.lowerBound
    while elements.next(body, after: end), let next = JSONSyntax.skipValue(body, elements.at, depth: 1) {
      found += edits(body, elements.at..<next, fate)
      end = next
    }
    return found
  }
}
