/// What is wrong with an operator's file, and where: the interface of everyone who writes a playbook.

package import RolloutJudge

/// One thing to change in a playbook. Never holds the text of a resolved `${NAME}`, nor a value written under `key` or
/// `headers`.
package struct PlaybookProblem: Sendable, Equatable, Codable, CustomStringConvertible {
  package enum Severity: String, Sendable, Codable { case error, warning }

  /// As the caller named it.
  package var file: String
  /// From 1; 0 where the problem is the file's as a whole.
  package var line: Int
  /// From 1, in Unicode scalars; 0 with `line`.
  package var column: Int
  /// Such as `stages[2].weight`; empty for the whole file.
  package var path: String
  package var message: String
  /// What to do about it, to be read after the message.
  package var suggestion: String?
  package var severity: Severity

  /// A warning that the environment lacks a secret, which a command that sends nothing can do without.
  package var isOfUnsetSecret: Bool { severity == .warning && message.hasPrefix("the environment variable ") }

  package var description: String {
    var text = line > 0 ? "\(file):\(line):\(column): " : "\(file): "
    text += "\(severity.rawValue): "
    if !path.isEmpty { text += "\(path): " }
    text += message
    if let suggestion { text += "; \(suggestion)" }
    return text
  }
}

/// What became of a playbook file.
package struct PlaybookReading: Sendable {
  /// Present when no problem is an error.
  package var playbook: Playbook?
  /// Errors and warnings in the order of the file.
  package var problems: [PlaybookProblem]

  package var errors: [PlaybookProblem] { problems.filter { $0.severity == .error } }
  package var warnings: [PlaybookProblem] { problems.filter { $0.severity == .warning } }
}

/// A place in the file, from 1.
struct Place: Sendable, Equatable {
  var line: Int
  var column: Int

  static let wholeFile = Place(line: 0, column: 0)
}

/// Collects problems while a file is read, up to a limit.
struct ProblemList {
  /// More would not be read by anyone; the rest is counted.
  static let limit = 100

  let file: String
  private var kept: [PlaybookProblem] = []
  private var left = 0
  private(set) var hasErrors = false

  init(file: String) { self.file = file }

  mutating func error(_ place: Place, _ path: String, _ message: String, _ suggestion: String? = nil) {
    hasErrors = true
    add(place, path, message, suggestion, .error)
  }

  mutating func error(at node: PlaybookNode, _ message: String, _ suggestion: String? = nil) {
    error(node.place, node.path, message, suggestion)
  }

  mutating func warning(_ place: Place, _ path: String, _ message: String, _ suggestion: String? = nil) {
    add(place, path, message, suggestion, .warning)
  }

  mutating func warning(at node: PlaybookNode, _ message: String, _ suggestion: String? = nil) {
    warning(node.place, node.path, message, suggestion)
  }

  private mutating func add(
    _ place: Place, _ path: String, _ message: String, _ suggestion: String?, _ severity: PlaybookProblem.Severity
  ) {
    guard kept.count < Self.limit else {
      left += 1
      return
    }
    kept.append(
      PlaybookProblem(
        file: file, line: place.line, column: place.column, path: path, message: message, suggestion: suggestion,
        severity: severity))
  }

  /// In the order of the file; problems at one place in the order they were found.
  func sorted() -> [PlaybookProblem] {
    var all = kept.enumerated().sorted {
      ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
    }.map(\.element)
    if left > 0 {
      all.append(
        PlaybookProblem(
          file: file, line: 0, column: 0, path: "", message: "\(left) more problems are not shown",
          suggestion: "repair these first", severity: hasErrors ? .error : .warning))
    }
    return all
  }
}
