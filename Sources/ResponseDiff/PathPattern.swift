/// Tells which paths of an answer an operator does not want looked at.

/// Steps between dots: `*` is any one step; `**` any number of them, at the end at least one. A step without an index
/// means all of them, and so does `[*]`. What it covers it covers with all that is below.
struct PathPattern: Sendable {
  private struct Step: Sendable {
    var name: Substring
    /// With brackets; nil for all.
    var index: Substring?
  }

  private let steps: [Step]

  private static let stepLimit = 60

  /// - Parameter text: of more than 60 steps, it covers nothing.
  init(_ text: String) {
    let split = Self.split(text)
    guard split.count <= Self.stepLimit else {
      steps = []
      return
    }
    steps = split.map { step in
      let isAny = step.index.map { $0.allSatisfy { "[*]".contains($0) } } ?? true
      return Step(name: step.name, index: isAny ? nil : step.index)
    }
  }

  /// - Parameter path: as in `Difference.path`.
  func covers(_ path: String) -> Bool {
    guard let first = steps.first else { return false }
    // Most paths differ from most patterns in their first letters.
    if !first.name.hasPrefix("*"), !path.hasPrefix(first.name) { return false }
    // A bit for each number of steps that may have been matched so far.
    var reached: UInt64 = skippingRuns(1)
    for step in Self.split(path) {
      var next: UInt64 = 0
      for (place, wanted) in steps.enumerated() where reached & 1 << UInt64(place) != 0 {
        if wanted.name == "**" {
          next |= place == steps.count - 1 ? 1 << UInt64(place + 1) : 1 << UInt64(place)
        } else if matches(wanted, step) {
          next |= 1 << UInt64(place + 1)
        }
      }
      reached = skippingRuns(next)
      if reached & 1 << UInt64(steps.count) != 0 { return true }
      if reached == 0 { return false }
    }
    return false
  }

  /// A `**` that is not the last step may stand for nothing.
  private func skippingRuns(_ reached: UInt64) -> UInt64 {
    var reached = reached
    for (place, step) in steps.enumerated().dropLast() where step.name == "**" && reached & 1 << UInt64(place) != 0 {
      reached |= 1 << UInt64(place + 1)
    }
    return reached
  }

  private func matches(_ wanted: Step, _ step: Step) -> Bool {
    (wanted.name == "*" || wanted.name == step.name) && (wanted.index == nil || wanted.index == step.index)
  }

  private static func split(_ path: String) -> [Step] {
    path.split(separator: ".", maxSplits: 200).map { part in
      let bracket = part.firstIndex(of: "[") ?? part.endIndex
      return Step(name: part[..<bracket], index: bracket == part.endIndex ? nil : part[bracket...])
    }
  }
}
