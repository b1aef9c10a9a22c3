/// Which of the application's models a candidate serves, and under what name.

package struct ModelMap: Sendable, Equatable {
  package struct Line: Sendable, Equatable {
    /// The application's model id; may hold one `*`.
    package var from: Glob
    /// The arm's own; a `*` in it keeps the part that the first matched.
    package var to: String

    package init(from: Glob, to: String) {
      self.from = from
      self.to = to
    }
  }

  package var lines: [Line]

  package init(lines: [Line] = []) { self.lines = lines }

  /// The candidate's id for the application's; literal lines first, then patterns in file order; nil where no line
  /// matches, and such a request never goes to the candidate.
  package func candidateModel(for model: String) -> String? {
    if let line = lines.first(where: { $0.from.isLiteral && $0.from.matches(model) }) { return line.to }
    for line in lines where !line.from.isLiteral {
      guard let captured = line.from.firstCapture(in: model) else { continue }
      guard let star = line.to.firstIndex(of: "*") else { return line.to }
      return String(line.to[..<star]) + captured + String(line.to[line.to.index(after: star)...])
    }
    return nil
  }
}
