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
    guard let line = line(for: model) else { return nil }
    guard !line.from.isLiteral, let captured = line.from.firstCapture(in: model),
      let star = line.to.firstIndex(of: "*")
    else { return line.to }
    return String(line.to[..<star]) + captured + String(line.to[line.to.index(after: star)...])
  }

  /// Whether the line that maps a model says itself which variant of it is meant: a glob over all models does not.
  ///
  /// - Parameter variant: the part of the id that means something at OpenRouter only.
  func names(_ variant: Substring, of model: String) -> Bool {
    guard let pattern = line(for: model)?.from else { return false }
    if pattern.isLiteral || pattern.pattern.hasSuffix(variant) { return true }
    return ["~", "openrouter/"].contains { model.hasPrefix($0) && pattern.pattern.hasPrefix($0) }
  }

  private func line(for model: String) -> Line? {
    lines.first { $0.from.isLiteral && $0.from.matches(model) }
      ?? lines.first { !$0.from.isLiteral && $0.from.matches(model) }
  }
}
