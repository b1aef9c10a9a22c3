/// Compares tool calls: which tools are called, and with which arguments.

import Dialects

extension Comparing {
  mutating func compareToolCalls(_ choice: Int, _ a: [AnswerContent.ToolCall], _ b: [AnswerContent.ToolCall]) {
    guard rules.toolCalls != .ignore, !(a.isEmpty && b.isEmpty) else { return }
    let pairs = rules.toolCalls == .exact && a.count == b.count ? Array(a.indices.map { ($0, $0) }) : Self.pairs(a, b)
    for (first, second) in pairs {
      let (call, other) = (a[first], b[second])
      if call.name != other.name {
        list.add(paths.toolCall(choice, first) + ".name", .toolCallName, .breaking, call.name, other.name)
      } else {
        compareArguments(paths.arguments(choice, first), call, other)
      }
    }
    let (seenA, seenB) = (Set(pairs.map(\.0)), Set(pairs.map(\.1)))
    for index in a.indices where !seenA.contains(index) {
      list.add(paths.toolCall(choice, index), .toolCallMissing, .breaking, Self.text(a[index]), nil)
    }
    for index in b.indices where !seenB.contains(index) {
      // A tool that nobody offered cannot be called.
      let isKnown = expectations.tools.isEmpty || expectations.tool(named: b[index].name) != nil
      let wasKnown = a.allSatisfy { expectations.tool(named: $0.name) != nil }
      list.add(
        paths.toolCall(choice, index), .toolCallAdded, isKnown || !wasKnown ? .minor : .breaking, nil,
        Self.text(b[index]))
    }
  }

  /// Each call with the first of the same name that is not taken yet; then, where each side has one left, those two.
  private static func pairs(_ a: [AnswerContent.ToolCall], _ b: [AnswerContent.ToolCall]) -> [(Int, Int)] {
    var free: [String: [Int]] = [:]
    for index in b.indices.reversed() { free[b[index].name, default: []].append(index) }
    var pairs: [(Int, Int)] = []
    var left: [Int] = []
    for index in a.indices {
      if let other = free[a[index].name]?.popLast() { pairs.append((index, other)) } else { left.append(index) }
    }
    let others = free.values.flatMap { $0 }
    if left.count == 1, others.count == 1 { pairs.append((left[0], others[0])) }
    return pairs
  }

  private static func text(_ call: AnswerContent.ToolCall) -> String { "\(call.name)(\(call.arguments))" }

  private mutating func compareArguments(_ path: String, _ a: AnswerContent.ToolCall, _ b: AnswerContent.ToolCall) {
    guard a.arguments != b.arguments else { return }
    guard let first = JSONTree(text: a.arguments) else {
      // Not JSON, as a custom tool's input is not meant to be: nothing more can be told.
      return list.add(path, .toolArguments, .note, a.arguments, b.arguments)
    }
    guard let second = JSONTree(text: b.arguments) else {
      return list.add(path, .toolArgumentsInvalid, .breaking, a.arguments, b.arguments)
    }
    let schema = expectations.tool(named: a.name)?.parameters.map { SchemaCheck($0) }
    let isBaselineValid = schema?.violation(by: first) == nil
    let violation = schema?.violation(by: second)
    if let violation {
      list.add(
        path + violation.path, .toolArgumentsInvalid, isBaselineValid ? .breaking : .note, a.arguments,
        "\(violation.keyword): \(b.arguments)")
    }
    let isExact = rules.toolCalls == .exact
    let diff = TreeDiff(first, second, at: path, measure: .value)
    let severity: Difference.Severity = isExact && isBaselineValid ? .breaking : .note
    for finding in diff.findings {
      list.add(
        finding.path, .toolArguments, severity, finding.baseline?.canonicalText, finding.candidate?.canonicalText)
    }
    list.count(further: diff.further)
    // Without a schema only their shape tells whether the application can use them.
    if !isExact, schema == nil { compareArgumentShapes(path, first, second) }
  }

  private mutating func compareArgumentShapes(_ path: String, _ a: JSONTree, _ b: JSONTree) {
    for finding in TreeDiff(a, b, at: path, measure: .shape).findings {
      list.add(
        finding.path, .toolArgumentsInvalid, finding.isNullness ? .minor : .breaking, finding.baseline?.canonicalText,
        finding.candidate?.canonicalText)
    }
  }
}
