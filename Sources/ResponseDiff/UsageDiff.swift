/// Compares what surrounds an answer: the model that it names, the tokens it counts, and the fields it has.

import Dialects

extension Comparing {
  /// Tokenizers differ; beyond this ratio they count something else.
  private static let usageRatio = 2.0

  /// Another model than the one that was asked for is no mismatch of the answers, and must not go unseen.
  mutating func compareModels(_ baseline: ComparedAnswer, _ candidate: ComparedAnswer) {
    guard let asked = candidate.askedModel, let served = candidate.content.model else { return }
    guard !isModel(served, aFormOf: asked) else { return }
    list.add("model", .model, .minor, baseline.content.model, "\(served) for \(asked)")
  }

  mutating func compareUsage(_ a: TokenUsage?, _ b: TokenUsage?) {
    guard let a else { return }
    guard let b else {
      return list.add("usage", .usageMissing, .minor, "\(a.prompt) prompt, \(a.completion) completion", nil)
    }
    compareCount("usage.prompt_tokens", a.prompt, b.prompt)
    compareCount("usage.completion_tokens", a.completion, b.completion)
  }

  private mutating func compareCount(_ path: String, _ a: Int, _ b: Int) {
    let (less, more) = (Double(min(a, b)), Double(max(a, b)))
    guard more > Self.usageRatio * less, more - less > 16 else { return }
    list.add(path, .usage, .note, String(a), String(b))
  }

  /// A field that is missing with all below it is told by its own path alone.
  /// - Parameter isUsageTold: that `usage` is missing has been said already.
  mutating func compareFields(_ a: [String], _ b: [String], isUsageTold: Bool) {
    // Of two lists one may have been full before it had all of what the other has.
    let limit = AnswerContent.fieldLimit
    if b.count < limit {
      for path in Self.outermost(of: a, notIn: b) where !(isUsageTold && path == "usage") {
        list.add(path, .fieldMissing, .note, nil, nil)
      }
    }
    if a.count < limit {
      for path in Self.outermost(of: b, notIn: a) { list.add(path, .fieldAdded, .note, nil, nil) }
    }
  }

  private static func outermost(of paths: [String], notIn others: [String]) -> [String] {
    guard paths != others else { return [] }
    let others = Set(others)
    let missing = paths.filter { !others.contains($0) }
    let names = Set(missing)
    return missing.filter { path in
      guard let dot = path.lastIndex(of: ".") else { return true }
      return !names.contains(String(path[..<dot]))
    }
  }
}
