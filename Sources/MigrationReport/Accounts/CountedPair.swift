/// One compared exchange as the accounts count it: the candidate's answer held against the baseline's, and the
/// baseline's second.

package import ResponseDiff
package import RolloutJudge
package import TrafficSplit

package struct CountedPair: Sendable {
  package var candidate: ArmIndex
  package var comparison: AnswerComparison
  /// The baseline's second answer against its first; nil where it was not asked again.
  package var noise: AnswerComparison?
  /// Tool calls in the candidate's answer; nil where they were not counted.
  package var toolCalls: Int?
  package var labels: ExchangeLabels?

  package init(
    candidate: ArmIndex, comparison: AnswerComparison, noise: AnswerComparison? = nil, toolCalls: Int? = nil,
    labels: ExchangeLabels? = nil
  ) {
    self.candidate = candidate
    self.comparison = comparison
    self.noise = noise
    self.toolCalls = toolCalls
    self.labels = labels
  }
}
