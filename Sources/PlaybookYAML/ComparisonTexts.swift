/// The sentences of an explanation about what is compared, kept, told apart and spent.

import ResponseDiff
import RolloutJudge

/// Empty where no stage copies anything.
func comparisonTexts(_ playbook: Playbook) -> [String] {
  guard playbook.stages.contains(where: { $0.shadow.contains { $0 > 0 } }) else { return [] }
  let policy = playbook.compare
  var texts = [
    "copies' answers are held against \(playbook.baseline.name)'s, at most \(policy.perSecond) pairs a second"
  ]
  if playbook.shadow.noise > 0 {
    texts[0] +=
      "; \(percentText(playbook.shadow.noise)) of them also against \(playbook.baseline.name)'s own second answer"
  }
  texts.append(rulesText(policy.rules))
  if let semantic = policy.semantic {
    texts.append(
      "of \(percentText(semantic.share)) of the pairs, \(semantic.url.description) (\(semantic.model)) says how alike "
        + "the texts are: a cosine below \(decimalText(semantic.atLeast, digits: 4)) is a mismatch")
  }
  return texts + sampleTexts(policy)
}

private func rulesText(_ rules: ComparisonRules) -> String {
  var parts = ["outcome and finish reason the same"]
  switch rules.toolCalls {
  case .exact: parts.append("tool calls the same, with equal arguments")
  case .names: parts.append("tool calls of the same names")
  case .ignore: break
  }
  switch rules.json {
  case .exact: parts.append("structured output equal")
  case .exactShape: parts.append("structured output of the same shape")
  case .schema: parts.append("structured output as its schema demands")
  case .ignore: break
  }
  if let similarity = rules.text.similarity {
    parts.append("texts at least \(decimalText(similarity, digits: 4)) alike")
  }
  let ignored = rules.ignore.isEmpty ? "nothing is left out" : "left out: \(rules.ignore.joined(separator: ", "))"
  return "a match has \(andList(parts)); \(ignored)"
}

private func sampleTexts(_ policy: ComparePolicy) -> [String] {
  guard let samples = policy.samples else { return ["no request or answer is kept: samples are off"] }
  var kinds: [String] = []
  if samples.different > 0 { kinds.append("the \(samples.different) most different pairs") }
  if samples.uniform > 0 { kinds.append("a uniform sample of \(samples.uniform)") }
  let count = policy.redact.count
  let patterns = count == 0 ? "" : ", and what \(count == 1 ? "your pattern covers" : "your \(count) patterns cover")"
  return [
    "kept of each candidate: \(andList(kinds)), \(sizeText(samples.bodyBytes)) of each body, "
      + "\(sizeText(samples.maxBytes)) in all, for \(durationText(samples.maxAge))",
    "blotted out of what is kept: keys, e-mail, phone and card numbers\(patterns)",
  ]
}

func budgetTexts(_ playbook: Playbook) -> [String] {
  playbook.budgets.map { budget in
    let scope = budget.tag.map { " of requests with \(playbook.tags[$0.tag].name)=\($0.value)" } ?? ""
    return "\(playbook.arm(budget.arm).name) may cost \(dollarsText(budget.dollarsPerDay)) a day\(scope); then "
      + "\(playbook.baseline.name) answers and nothing is copied until the next day (UTC)"
  }
}

func tagTexts(_ playbook: Playbook) -> [String] {
  playbook.tags.map { tag in
    switch tag.source {
    case .header(let name): "\(tag.name) is the header \(name)"
    case .body(let path): "\(tag.name) is the body field \(path)"
    }
  }
}
