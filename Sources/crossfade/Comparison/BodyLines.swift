/// A kept body as lines that can be held against each other: one for each member, texts in the pieces that people read.

import Dialects
import Journal

struct BodyLine: Equatable, Sendable {
  /// Spaces before it.
  var indent: Int
  var text: String
}

enum BodyLines {
  /// Lines of one body that are shown; the rest is counted.
  static let limit = 2000

  /// JSON is unfolded, also where it stands in a string; anything else is cut into its lines.
  static func lines(of body: StoredSample.Body) -> [BodyLine] {
    var lines = JSONTree(text: body.text).map { Unfolding.lines(of: $0) } ?? pieces(of: body.text, indent: 0)
    if lines.count > limit {
      let left = lines.count - limit
      lines.removeLast(left)
      lines.append(BodyLine(indent: 0, text: "… \(left) more lines"))
    }
    if body.isCut { lines.append(BodyLine(indent: 0, text: "… (cut)")) }
    return lines
  }

  /// At line breaks, and within long lines after sentences, so that one changed word changes one line.
  fileprivate static func pieces(of text: String, indent: Int) -> [BodyLine] {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).flatMap { line in
      sentences(line).map { BodyLine(indent: indent, text: printable($0)) }
    }
  }

  private static let sentenceLength = 80

  private static func sentences(_ line: Substring) -> [Substring] {
    guard line.count > sentenceLength else { return [line] }
    var found: [Substring] = []
    var start = line.startIndex
    var previous: Character = " "
    for index in line.indices {
      if line[index] == " ", ".!?;:".contains(previous) {
        found.append(line[start..<index])
        start = line.index(after: index)
      } else if "。！？".contains(previous), index > start {
        found.append(line[start..<index])
        start = index
      }
      previous = line[index]
    }
    if start < line.endIndex { found.append(line[start...]) }
    return found
  }

  /// The words of models and gateways must not steer the terminal that shows them.
  static func printable(_ text: some StringProtocol) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isControl = scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
      if isControl {
        result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }
}

private struct Unfolding {
  private var lines: [BodyLine] = []
  /// JSON within strings within JSON.
  private var nesting = 0

  static func lines(of tree: JSONTree) -> [BodyLine] {
    var unfolding = Unfolding()
    unfolding.add(tree, name: nil, indent: 0)
    return unfolding.lines
  }

  private mutating func add(_ tree: JSONTree, name: String?, indent: Int) {
    let label = name.map { BodyLines.printable($0) + ": " } ?? ""
    switch tree {
    case .null, .bool, .number: append(label + tree.written, indent)
    case .string(let text): add(text: text, label, indent)
    case .array(let items) where items.allSatisfy(\.isScalar):
      append(label + BodyLines.printable(tree.written), indent)
    case .array(let items):
      append(name.map { BodyLines.printable($0) + ":" } ?? "[", indent)
      for (index, item) in items.enumerated() { add(item, name: "[\(index)]", indent: indent + 2) }
    case .object(let members):
      let inner = name == nil ? indent : indent + 2
      if name == nil, members.isEmpty { append("{}", indent) }
      if let name { append(BodyLines.printable(name) + ":" + (members.isEmpty ? " {}" : ""), indent) }
      for member in members { add(member.value, name: member.name, indent: inner) }
    }
  }

  private mutating func add(text: String, _ label: String, _ indent: Int) {
    if nesting < 3, let first = text.first, first == "{" || first == "[", let inner = JSONTree(text: text),
      !inner.isScalar
    {
      nesting += 1
      append(label + "(JSON)", indent)
      add(inner, name: nil, indent: indent + 2)
      nesting -= 1
      return
    }
    let pieces = BodyLines.pieces(of: text, indent: indent + 2)
    if pieces.count == 1 {
      append(label + "\"\(pieces[0].text)\"", indent)
    } else {
      append(label + "|", indent)
      lines += pieces
    }
  }

  private mutating func append(_ text: String, _ indent: Int) { lines.append(BodyLine(indent: indent, text: text)) }
}

extension JSONTree {
  fileprivate var isScalar: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }
}
