/// Finds where two JSON values differ, path by path.

import Dialects

struct TreeDiff {
  /// The things that are looked at: values, or only keys and types.
  enum Measure { case value, shape }

  struct Finding {
    var path: String
    var baseline: JSONTree?
    var candidate: JSONTree?

    /// One of the two is null: an optional value, left out in this answer.
    var isNullness: Bool { baseline?.isNull == true || candidate?.isNull == true }
  }

  private enum Step {
    case name(String)
    case index(Int)
  }

  private let measure: Measure
  private let start: String
  /// The path from the start to where the comparison is.
  private var steps: [Step] = []
  private(set) var findings: [Finding] = []
  /// Found beyond the limit.
  private(set) var further = 0

  private static let findingLimit = AnswerComparison.differenceLimit

  /// - Parameter path: of both values.
  init(_ baseline: JSONTree, _ candidate: JSONTree, at path: String, measure: Measure) {
    self.measure = measure
    start = path
    compare(baseline, candidate)
  }

  private mutating func compare(_ a: JSONTree, _ b: JSONTree, below step: Step) {
    steps.append(step)
    compare(a, b)
    steps.removeLast()
  }

  private mutating func compare(_ a: JSONTree, _ b: JSONTree) {
    switch (a, b) {
    case (.object(let a), .object(let b)): compareMembers(a, b)
    case (.array(let a), .array(let b)): compareElements(a, b)
    default:
      let isSame = measure == .value ? a.means(b) : Self.kind(a) == Self.kind(b)
      if !isSame { note(nil, a, b) }
    }
  }

  private mutating func compareMembers(_ a: [JSONTree.Member], _ b: [JSONTree.Member]) {
    // Nearly always both have the same names in the same order.
    if a.count == b.count, zip(a, b).allSatisfy({ $0.name == $1.name }) {
      for (first, second) in zip(a, b) { compare(first.value, second.value, below: .name(first.name)) }
      return
    }
    var others = Dictionary(b.map { ($0.name, $0.value) }) { $1 }
    for member in a {
      if let other = others.removeValue(forKey: member.name) {
        compare(member.value, other, below: .name(member.name))
      } else {
        note(.name(member.name), member.value, nil)
      }
    }
    for member in b where others[member.name] != nil { note(.name(member.name), nil, member.value) }
  }

  private mutating func compareElements(_ a: [JSONTree], _ b: [JSONTree]) {
    for index in 0..<min(a.count, b.count) { compare(a[index], b[index], below: .index(index)) }
    switch measure {
    case .value:
      for index in b.count..<max(a.count, b.count) { note(.index(index), a[index], nil) }
      for index in a.count..<max(a.count, b.count) { note(.index(index), nil, b[index]) }
    case .shape:
      // How many there are is no shape; what they are like is.
      guard let last = a.last else { return }
      for index in a.count..<max(a.count, b.count) { compare(last, b[index], below: .index(index)) }
    }
  }

  private mutating func note(_ step: Step?, _ a: JSONTree?, _ b: JSONTree?) {
    if findings.count < Self.findingLimit {
      findings.append(Finding(path: path(to: step), baseline: a, candidate: b))
    } else {
      further += 1
    }
  }

  private func path(to last: Step?) -> String {
    var path = start
    for step in steps + (last.map { [$0] } ?? []) {
      switch step {
      case .name(let name): path += ".\(nameInPath(name))"
      case .index(let index): path += "[\(index)]"
      }
    }
    return path
  }

  private static func kind(_ tree: JSONTree) -> Int {
    switch tree {
    case .null: 0
    case .bool: 1
    case .number: 2
    case .string: 3
    case .array: 4
    case .object: 5
    }
  }
}

/// A name that a model has chosen can be of any length.
func nameInPath(_ name: String) -> String {
  name.utf8.count <= 100 ? name : String(String.UnicodeScalarView(name.unicodeScalars.prefix(100)))
}
