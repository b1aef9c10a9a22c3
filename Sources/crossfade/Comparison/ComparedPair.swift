/// One copy's answer held against the baseline's: what the judge, the figures and the store each take their part from.

import Dialects
import ResponseDiff
import RolloutJudge

struct ComparedPair: Sendable {
  /// For the judge; nil where the two answers could not be compared.
  var verdict: PairComparison?
  var comparison: AnswerComparison
  /// The baseline's own second answer against its first; nil where it was not asked again or could not be compared. The
  /// same in each pair of one exchange.
  var noise: AnswerComparison?
  /// Tool calls in the candidate's answer; nil where it could not be read.
  var toolCalls: Int?
  /// The baseline's attempt and the copy's, as the ledger has them: labels, usage, cost, times.
  var baseline: AttemptEnd
  var candidate: AttemptEnd
  var endpoint: Endpoint
}
