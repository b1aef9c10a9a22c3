/// Reads a JSON text into a tree: strict, and bounded in depth and in the number of its values.

extension JSONTree {
  /// Values in one text, those within others counted.
  package static let valueLimit = 200_000

  /// - Parameter bytes: one JSON text with nothing but space around it.
  /// - Returns: nil where it is not JSON (RFC 8259), not UTF-8, deeper than 128 containers, or of more values than
  ///   `valueLimit`. A lone surrogate in a string becomes U+FFFD.
  package init?(_ bytes: RawSpan) { self.init(bytes, keepsHalves: false) }

  /// - Parameter keepsHalves: what stands for a lone surrogate can be joined with its other half.
  init?(_ bytes: RawSpan, keepsHalves: Bool) {
    var reading = TreeReading(keepsHalves: keepsHalves)
    guard let (tree, end) = reading.value(bytes, JSONSyntax.skipSpace(bytes, 0), depth: 0),
      JSONSyntax.skipSpace(bytes, end) == bytes.byteCount
    else { return nil }
    self = tree
  }

  package init?(text: String) {
    let utf8 = text.utf8
    self.init(utf8.span.bytes)
  }
}

private struct TreeReading {
  private let keepsHalves: Bool
  private var values = 0

  init(keepsHalves: Bool) { self.keepsHalves = keepsHalves }

  /// - Parameter start: where the value starts, space skipped.
  /// - Returns: the value and the offset after it.
  mutating func value(_ bytes: RawSpan, _ start: Int, depth: Int) -> (JSONTree, end: Int)? {
    values += 1
    guard let byte = bytes.byte(ifAt: start), values <= JSONTree.valueLimit else { return nil }
    switch byte {
    case UInt8(ascii: "{"): return object(bytes, start, depth: depth)
    case UInt8(ascii: "["): return array(bytes, start, depth: depth)
    case UInt8(ascii: "\""):
      guard let end = JSONSyntax.skipString(bytes, start) else { return nil }
      return (.string(JSONText.decoded(bytes, start..<end, keepsHalves: keepsHalves)), end)
    case UInt8(ascii: "t"): return bytes.holds("true", at: start) ? (.bool(true), start + 4) : nil
    case UInt8(ascii: "f"): return bytes.holds("false", at: start) ? (.bool(false), start + 5) : nil
    case UInt8(ascii: "n"): return bytes.holds("null", at: start) ? (.null, start + 4) : nil
    default:
      guard let end = JSONSyntax.skipNumber(bytes, start) else { return nil }
      return (.number(bytes.string(start..<end)), end)
    }
  }

  private mutating func object(_ bytes: RawSpan, _ start: Int, depth: Int) -> (JSONTree, end: Int)? {
    guard var walk = JSONMembers(bytes, at: start, depth: depth) else { return nil }
    var members: [JSONTree.Member] = []
    var end = start
    while let key = walk.nextKey(bytes, after: end) {
      guard let (value, valueEnd) = value(bytes, walk.value, depth: depth + 1) else { return nil }
      members.append(JSONTree.Member(name: JSONText.decoded(bytes, key), value: value))
      end = valueEnd
    }
    return walk.hasFailed ? nil : (.object(lastOfEachName(members)), walk.value)
  }

  private mutating func array(_ bytes: RawSpan, _ start: Int, depth: Int) -> (JSONTree, end: Int)? {
    guard var walk = JSONElements(bytes, at: start, depth: depth) else { return nil }
    var elements: [JSONTree] = []
    var end = start
    while walk.next(bytes, after: end) {
      guard let (value, valueEnd) = value(bytes, walk.at, depth: depth + 1) else { return nil }
      elements.append(value)
      end = valueEnd
    }
    return walk.hasFailed ? nil : (.array(elements), walk.at)
  }
}

private func lastOfEachName(_ members: [JSONTree.Member]) -> [JSONTree.Member] {
  guard hasRepeatedName(members) else { return members }
  var places: [String: Int] = [:]
  var kept: [JSONTree.Member] = []
  for member in members {
    if let place = places[member.name] {
      kept[place].value = member.value
    } else {
      places[member.name] = kept.count
      kept.append(member)
    }
  }
  return kept
}

/// Hardly any object repeats a name; of a small one that is told without a table.
private func hasRepeatedName(_ members: [JSONTree.Member]) -> Bool {
  guard members.count <= 12 else { return Set(members.map(\.name)).count < members.count }
  for (index, member) in members.enumerated().dropFirst() {
    for earlier in 0..<index where members[earlier].name == member.name { return true }
  }
  return false
}
