/// Compares answers that were to be JSON: whether they are, whether they match the schema, and where they differ.

import Dialects

extension Comparing {
  /// - Returns: false where the baseline's text is no JSON, so that it can only be compared as text.
  mutating func compareStructured(_ path: String, _ a: String, _ b: String) -> Bool {
    guard let first = JSONTree(text: a) else { return false }
    guard let second = JSONTree(text: b) else {
      list.add(path, .jsonInvalid, .breaking, a, b)
      return true
    }
    var isBound = false
    if case .jsonSchema(let schema?) = expectations.format {
      let check = SchemaCheck(schema)
      let isBaselineValid = check.violation(by: first) == nil
      let violation = check.violation(by: second)
      if let violation {
        list.add(
          path + violation.path, .jsonSchema, isBaselineValid ? .breaking : .note, a, "\(violation.keyword): \(b)")
      }
      isBound = isBaselineValid && violation == nil
    }
    let values = TreeDiff(first, second, at: path, measure: .value)
    guard rules.json != .exact else {
      addFindings(values, .jsonValue, .breaking)
      return true
    }
    // What the schema leaves open the application has to be ready for.
    let isHeld = rules.json == .exactShape
    let shapes = TreeDiff(first, second, at: path, measure: .shape)
    addFindings(shapes, .jsonShape, isHeld ? (isBound ? .minor : .breaking) : .note)
    addFindings(values, .jsonValue, .note, but: Set(shapes.findings.map(\.path)))
    return true
  }

  /// - Parameter told: paths of which more has been said already.
  private mutating func addFindings(
    _ diff: TreeDiff, _ kind: Difference.Kind, _ severity: Difference.Severity, but told: Set<String> = []
  ) {
    for finding in diff.findings where !told.contains(finding.path) {
      let isMild = kind == .jsonShape && finding.isNullness
      list.add(
        finding.path, kind, isMild ? min(severity, .minor) : severity, finding.baseline?.canonicalText,
        finding.candidate?.canonicalText)
    }
    list.count(further: diff.further)
  }
}
