/// What failed and what to try, in the words of a decision's sentence.

import Dialects

enum FailureWords {
  /// Kinds that a sentence names.
  private static let most = 3

  /// As in `12 of 18 unauthorized (401), 6 of 18 failed (500)`; empty where nothing is known.
  static func list(_ failures: [FailureCount]) -> String {
    let all = failures.reduce(0) { $0 + $1.n }
    return failures.prefix(most).map { "\($0.n) of \(all) \(words($0))" }.joined(separator: ", ")
  }

  /// As in `140 failed (500), 9 timeout`.
  static func counts(_ failures: [FailureCount]) -> String {
    failures.prefix(most).map { "\($0.n) \(words($0))" }.joined(separator: ", ")
  }

  private static func words(_ failure: FailureCount) -> String {
    var words = failure.outcome.rawValue
    if let status = failure.status {
      // A status that says success says nothing here.
      if !(200..<300).contains(status) { words += " (\(status))" }
    } else if failure.outcome == .failed {
      words += " (no answer)"
    }
    switch failure.mistake {
    case .unknownField: words += failure.name.map { ": unknown field '\($0)'" } ?? ": unknown field"
    case .unknownModel: words += ": unknown model"
    case .unauthorized where failure.outcome != .unauthorized: words += ": wrong key"
    case .unauthorized, .unpaid, nil: break
    }
    return words
  }

  /// What whoever reads of it can try; nil where the numbers say all there is.
  static func hint(_ failures: [FailureCount], for candidate: String) -> String? {
    guard let failure = failures.first else { return nil }
    switch failure.mistake {
    case .unauthorized: return "check the key that the playbook gives \(candidate) ('crossfade probe' tries it)"
    case .unpaid: return "top up the account at \(candidate)"
    case .unknownField:
      let field = failure.name ?? "FIELD"
      return "leave it out for \(candidate): 'fields: { drop: [\(field)] }'"
    case .unknownModel:
      return "check url and models of \(candidate) in the playbook ('crossfade probe' lists the models it knows)"
    case nil: return hint(failure, for: candidate)
    }
  }

  private static func hint(_ failure: FailureCount, for candidate: String) -> String? {
    switch failure.outcome {
    case .failed where failure.status == nil: "see with 'crossfade probe' whether \(candidate) can be reached from here"
    case .failed: "look into the log of \(candidate)"
    case .timeout: "see whether \(candidate) is overloaded, or 'traffic.timeouts' is too short for it"
    case .rateLimited: "ask \(candidate) for a higher limit, or give it less weight"
    case .rejected, .errorInBody, .incomplete, .empty: "see with 'crossfade diffs' what \(candidate) answers"
    case .ok, .clientGone, .unauthorized, .unpaid: nil
    }
  }
}

extension [FailureCount] {
  /// The mistake of ours that most of the failures come of; nil where most are the arm's own.
  var leadingMistake: OwnMistake? {
    let own = filter { $0.mistake != nil }
    guard own.reduce(0, { $0 + $1.n }) * 2 > reduce(0, { $0 + $1.n }) else { return nil }
    return own.first?.mistake
  }
}
