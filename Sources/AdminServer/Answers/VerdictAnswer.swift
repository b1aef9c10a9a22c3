/// `GET /verdict`: JSON for whoever reads a field of it, a status for whoever looks at nothing else.

import RolloutJudge

struct VerdictAnswer: Encodable {
  var verdict: RolloutVerdict.Word
  var reason: String
  var rollout: String
  var state: RolloutState
  var stage: String
  /// The last decision's number.
  var seq: Int?

  init(_ verdict: RolloutVerdict, _ status: RolloutStatus) {
    self.verdict = verdict.word
    reason = verdict.reason
    rollout = status.rollout
    state = status.state
    stage = status.stage
    seq = status.lastDecision?.seq
  }
}

/// Its query: `candidate`, and `expect`, the words that are answered with 200; the others are answered with 409.
struct VerdictQuery: Equatable {
  var candidate: String?
  var expected: Set<RolloutVerdict.Word>

  /// - Parameter isPost: Flagger's hooks post, and look at the status alone; a GET is 200 unless it asks for a word.
  init(_ parameters: [(name: String, value: String)], isPost: Bool) throws(Refusal) {
    expected = isPost ? [.pass] : Set(RolloutVerdict.Word.allCases)
    for (name, value) in parameters {
      switch name {
      case "candidate": candidate = value
      case "expect":
        let words = value.split(separator: ",").map { RolloutVerdict.Word(rawValue: String($0)) }
        guard !words.isEmpty, !words.contains(nil) else {
          throw .invalid("\"expect\" takes pass, fail and inconclusive, such as expect=pass,inconclusive")
        }
        expected = Set(words.compactMap(\.self))
      default: throw .invalid("unknown parameter \"\(name)\"; valid: candidate, expect")
      }
    }
  }

  func answer(_ status: RolloutStatus) throws -> Answer {
    guard let verdict = RolloutVerdict(status, candidate: candidate) else {
      throw Refusal.missing("there is no candidate called \"\((candidate ?? "").prefix(100))\"")
    }
    return try .json(VerdictAnswer(verdict, status), status: expected.contains(verdict.word) ? 200 : 409)
  }
}
