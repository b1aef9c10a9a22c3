/// Holds two answers to the same request against each other, part by part.

package import Dialects

/// - Parameters:
///   - candidate: of a candidate, or of the baseline asked again: then the differences are its own variation.
///   - expectations: what the request declares.
package func compare(
  baseline: ComparedAnswer, candidate: ComparedAnswer, expectations: RequestExpectations, rules: ComparisonRules
) -> AnswerComparison {
  AnswerComparer(rules: rules).compare(baseline: baseline, candidate: candidate, expectations: expectations)
}

/// The same for many pairs: the rules are read once.
package struct AnswerComparer: Sendable {
  let rules: ComparisonRules
  private let ignored: [PathPattern]

  package init(rules: ComparisonRules) {
    self.rules = rules
    ignored = rules.ignore.map(PathPattern.init)
  }

  package func compare(
    baseline: ComparedAnswer, candidate: ComparedAnswer, expectations: RequestExpectations
  ) -> AnswerComparison {
    guard !baseline.isCut, !candidate.isCut, baseline.outcome != .clientGone, candidate.outcome != .clientGone else {
      return AnswerComparison(isComparable: false)
    }
    var comparing = Comparing(
      rules: rules, expectations: expectations, paths: AnswerPaths(endpoint: expectations.endpoint),
      list: DifferenceList(ignored: ignored))
    comparing.compareEnds(baseline, candidate)
    comparing.compareModels(baseline, candidate)
    // An answer that failed has nothing else to be held against.
    if !baseline.outcome.countsAsError, !candidate.outcome.countsAsError {
      comparing.compareContents(baseline.content, candidate.content)
    }
    return comparing.comparison
  }
}

/// One comparison while it is made; the parts of answers each have a file of their own.
struct Comparing {
  let rules: ComparisonRules
  let expectations: RequestExpectations
  let paths: AnswerPaths
  var list: DifferenceList
  var similarities: [Double] = []
  var characters = (baseline: 0, candidate: 0)
  var cosine: Double?

  mutating func compareEnds(_ baseline: ComparedAnswer, _ candidate: ComparedAnswer) {
    if baseline.outcome != candidate.outcome {
      // Whoever fails where the baseline failed too is no worse than it.
      let isWorse = candidate.outcome.countsAsError && !baseline.outcome.countsAsError
      list.add(
        "outcome", .outcome, isWorse ? .breaking : .note, described(baseline), described(candidate))
    }
    if baseline.status != candidate.status {
      let isMinor = !baseline.outcome.countsAsError && !candidate.outcome.countsAsError
      list.add(
        "status", .status, isMinor ? .minor : .note, baseline.status.map(String.init), candidate.status.map(String.init)
      )
    }
  }

  private func described(_ answer: ComparedAnswer) -> String {
    guard answer.outcome.countsAsError, let error = answer.content.error else { return answer.outcome.rawValue }
    return "\(answer.outcome.rawValue) (\(error.kind.rawValue))"
  }

  mutating func compareContents(_ baseline: AnswerContent, _ candidate: AnswerContent) {
    if expectations.endpoint == .embeddings {
      compareEmbeddings(baseline.embeddings, candidate.embeddings)
    } else {
      for index in 0..<min(baseline.choices.count, candidate.choices.count) {
        compareChoice(index, baseline.choices[index], candidate.choices[index])
      }
      for index in candidate.choices.count..<max(candidate.choices.count, baseline.choices.count) {
        list.add(paths.choice(index), .fieldMissing, .breaking, baseline.choices[index].text, nil)
      }
      for index in baseline.choices.count..<max(candidate.choices.count, baseline.choices.count) {
        list.add(paths.choice(index), .fieldAdded, .note, nil, candidate.choices[index].text)
      }
    }
    compareUsage(baseline.usage, candidate.usage)
    compareFields(baseline.fields, candidate.fields, isUsageTold: baseline.usage != nil && candidate.usage == nil)
  }

  private mutating func compareChoice(_ index: Int, _ a: AnswerContent.Choice, _ b: AnswerContent.Choice) {
    compareFinish(index, a.finishReason, b.finishReason)
    if (a.refusal == nil) != (b.refusal == nil) {
      list.add(paths.refusal(index), .refusal, b.refusal != nil ? .breaking : .note, a.refusal, b.refusal)
    }
    compareToolCalls(index, a.toolCalls, b.toolCalls)
    compareMedia(index, a.media, b.media)
    compareText(index, a, b)
  }

  private mutating func compareFinish(_ index: Int, _ a: String?, _ b: String?) {
    let (kindA, kindB) = (a.map(FinishKind.init), b.map(FinishKind.init))
    guard kindA != kindB, kindA != nil else { return }
    list.add(paths.finish(index), .finishReason, .minor, a, b)
  }

  var comparison: AnswerComparison {
    let similarity = similarities.isEmpty ? nil : similarities.reduce(0, +) / Double(similarities.count)
    let ratio = characters.baseline > 0 ? Double(characters.candidate) / Double(characters.baseline) : nil
    let (kept, further) = list.sorted
    return AnswerComparison(
      differences: kept, further: further, similarity: similarity, lengthRatio: ratio, cosine: cosine,
      isComparable: true, distance: distance(list, similarity: similarity, cosine: cosine))
  }
}

/// 0 where nothing differs; a mismatch is always above 0.5, and what is none at most 0.5. Within each, more and graver
/// differences, and texts that are less alike, are farther apart.
func distance(_ list: DifferenceList, similarity: Double?, cosine: Double?) -> Double {
  var nearness = 1 - 0.6 * (1 - (similarity ?? 1))
  nearness *= 1 - 0.6 * (1 - min(max(cosine ?? 1, 0), 1))
  for difference in list.found {
    if difference.kind == .outcome, difference.severity == .breaking { return 1 }
    switch difference.severity {
    case .breaking: nearness *= 0.6
    case .minor: nearness *= 0.9
    case .note: nearness *= 0.995
    }
  }
  let isMismatch = list.found.contains { $0.severity == .breaking }
  return (isMismatch ? 0.5 : 0) + 0.5 * (1 - nearness)
}
