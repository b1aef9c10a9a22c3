/// Says what an attempt can have cost at most, where neither the arm nor its tokens say what it cost: for budgets, which
/// may not take unknown for nothing.

package struct CostBound: Sendable, Equatable {
  package var requestBytes = 0
  /// Decoded bytes of the answer.
  package var answerBytes = 0
  /// Nil where the request sets no limit.
  package var maxTokens: Int?
  /// The tokens that the arm counted, where only its price is missing.
  package var usage: TokenUsage?
  /// The connection ended without the whole answer: more may have been written than came.
  package var isCut = false

  package init() {}

  /// Tokens have some three to four bytes; two is on the safe side of nearly all of them.
  private static let bytesPerToken = 2
  /// The tokens taken to be written unseen where no limit is set.
  private static let unseenTokens = 1024

  /// - Parameters: USD per million tokens.
  /// - Returns: USD.
  package func dollars(input: Double, output: Double) -> Double {
    let prompt = usage?.prompt ?? requestBytes / Self.bytesPerToken
    return (Double(prompt) * input + Double(usage?.completion ?? written) * output) / 1_000_000
  }

  private var written: Int {
    let seen = answerBytes / Self.bytesPerToken
    let most = isCut ? max(seen, maxTokens ?? Self.unseenTokens) : seen
    return min(most, maxTokens ?? most)
  }
}
