/// A condition that has crossed, with the numbers that a person and the journal are told.

struct Breach: Sendable, Equatable {
  var condition: Condition
  var evidence: Evidence
  let population: Population
  /// As in `error_rate 31.0% of 29 requests, allowed 2.0%: 9 of 9 failed (500)`.
  var words: String

  init(_ condition: Condition, _ evidence: Evidence, in population: Population, observed: Double? = nil) {
    self.condition = condition
    self.evidence = evidence
    self.population = population
    let kind = population == .shadow ? "shadow request" : "request"
    let n = evidence.candidate.n
    words = Self.words(
      condition, evidence,
      (n == 1 ? "1 \(kind)" : "\(n) \(kind)s") + (evidence.model.map { " for \($0.plainText)" } ?? ""), observed)
    if let bad = evidence.badByModel {
      let models = bad.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) for \($0.key.plainText)" }
      words += ", of \(evidence.candidate.bad) bad ones \(models.joined(separator: ", "))"
    }
    guard let failures = evidence.failures, !failures.isEmpty else { return }
    // Not every failure is sent again, and the others are none of the share's.
    words +=
      condition.metric == .retryRate
      ? "; what failed meanwhile: \(FailureWords.counts(failures))" : ": \(FailureWords.list(failures))"
  }

  /// The reason of a rollback that would have been one model's, had another been left.
  static let lastModel = "last_model"

  /// - Parameters:
  ///   - model: That alone goes back.
  ///   - isLastModel: It is all that was left to the candidate.
  func sentence(rollingBack candidate: String, model: String? = nil, isLastModel: Bool = false) -> String {
    "rolled back \(model.map { "\($0.plainText) on " } ?? "")\(candidate): \(words)"
      + (isLastModel ? "; no other model is left to it" : "")
      + (hint(candidate).map { "; \($0), then re-arm it" } ?? "")
  }

  func sentence(pausing candidate: String, in stage: String) -> String {
    "paused in \(stage): \(candidate): \(words)" + (hint(candidate).map { "; \($0), then resume" } ?? "")
  }

  private func hint(_ candidate: String) -> String? { FailureWords.hint(evidence.failures ?? [], for: candidate) }

  private static func words(
    _ condition: Condition, _ evidence: Evidence, _ requests: String, _ observed: Double?
  ) -> String {
    let n = evidence.candidate.n
    if condition.metric.isMean {
      return meanWords(condition, evidence, requests, observed)
    }
    let share = n > 0 ? Wording.share(Double(evidence.candidate.bad) / Double(n)) : "none"
    if let observed, condition.metric.quantile != nil {
      return "\(condition.metric.rawValue) \(Wording.milliseconds(observed.rounded())) of \(requests), allowed "
        + allowed(condition) { Wording.milliseconds($0) }
    }
    if case .speed = condition.metric.row.kind { return speedWords(condition, evidence, share, requests, observed) }
    guard let quantile = condition.metric.quantile else {
      let again = condition.metric == .retryRate ? " (\(evidence.candidate.bad) sent again by their clients)" : ""
      return "\(condition.metric.rawValue) \(share) of \(requests)\(again), allowed "
        + allowed(condition) { Wording.share($0) }
    }
    let limit =
      condition.above.map { Wording.milliseconds($0) }
      ?? "\(Wording.ratio(condition.ratioAbove ?? 1)) times the baseline's"
    let slower = "\(condition.metric.rawValue) above \(limit): \(share) of \(requests) were slower"
    // Against the baseline's own time of the past, the baseline's own answers of the same hours.
    if condition.above == nil, evidence.baseline.n > 0 {
      let own = Double(evidence.baseline.bad) / Double(evidence.baseline.n)
      return slower + ", the baseline's own \(Wording.share(own))"
    }
    return slower + ", allowed " + Wording.share(1 - quantile)
  }

  /// As in `tokens_per_second below 20: 64.0% of 310 requests were slower, allowed 50.0%`.
  private static func speedWords(
    _ condition: Condition, _ evidence: Evidence, _ share: String, _ requests: String, _ observed: Double?
  ) -> String {
    let name = condition.metric.rawValue
    if let observed {
      return "\(name) \(Wording.fixed(observed, 1)) of \(requests), allowed " + allowed(condition) { Wording.ratio($0) }
    }
    let limit =
      condition.below.map { Wording.ratio($0) }
      ?? "\(Wording.ratio(condition.ratioBelow ?? 1)) times the baseline's"
    let slower = "\(name) below \(limit): \(share) of \(requests) were slower"
    guard condition.below == nil, evidence.baseline.n > 0 else { return slower + ", allowed 50.0%" }
    let own = Double(evidence.baseline.bad) / Double(evidence.baseline.n)
    return slower + ", the baseline's own \(Wording.share(own))"
  }

  /// As in `mismatch_rate 38.0% of 1200 shadow requests, the baseline's own 30.0%, allowed 5.0% more` and
  /// `cost_per_request $0.0031 over 240 requests, the baseline's $0.0020, allowed 1.25 times the baseline's`.
  private static func meanWords(
    _ condition: Condition, _ evidence: Evidence, _ requests: String, _ observed: Double?
  ) -> String {
    let isMismatch = condition.metric.isOfPairs
    let unit: (Double) -> String =
      switch condition.metric.unit {
      case .dollars: { Wording.dollars($0) }
      case .score: { Wording.fixed($0, 3) }
      default: { Wording.share($0) }
      }
    let bases = evidence.basis ?? [:]
    let basis = bases["ratio"] ?? bases["absolute"]
    var words = "\(condition.metric.rawValue) "
    words += (observed ?? basis?.candidateMean).map(unit) ?? "unknown"
    words += isMismatch ? " of \(requests)" : " over \(requests)"
    if let baseline = basis?.baselineMean {
      words += isMismatch ? ", the baseline's own \(unit(baseline))" : ", the baseline's \(unit(baseline))"
    }
    let more = isMismatch && condition.above != nil && basis?.baselineMean != nil ? " more" : ""
    return words + ", allowed " + allowed(condition, unit) + more
  }

  private static func allowed(_ condition: Condition, _ unit: (Double) -> String) -> String {
    (condition.above ?? condition.below).map(unit)
      ?? "\(Wording.ratio(condition.ratioAbove ?? condition.ratioBelow ?? 1)) times the baseline's"
  }
}
