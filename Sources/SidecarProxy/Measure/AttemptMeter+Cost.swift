/// What an attempt has cost, or can have cost at most.

import Dialects
import RolloutJudge

extension AttemptMeter {
  /// - Returns: nil where nothing can have been billed: an error status, or no request read.
  func costAtMost(_ outcome: Outcome, _ transport: TransportEnd, _ usage: TokenUsage?) -> Double? {
    guard transport != .unreachable, status.map({ (200..<300).contains($0) }) ?? (transport != .cut) else { return nil }
    var bound = bound
    bound.usage = usage
    bound.isCut = transport != .complete && !isStreamOver
    let price = price ?? boundPrice
    return bound.dollars(input: price.input, output: price.output)
  }

  /// The cost that the arm reports, else by the playbook's prices, else unknown.
  func cost(reported: Double?, _ usage: TokenUsage?) -> (Double?, CostSource) {
    if let reported = reported ?? headerCost { return (reported * costFactor, .reported) }
    // An arm that counts nothing at all has not counted.
    guard let usage, usage.prompt + usage.completion > 0, let price else { return (nil, .unknown) }
    let derived = derivedCost(
      usage: usage, input: price.input, output: price.output, cachedInput: price.cachedInput,
      cacheWrite: price.cacheWrite)
    return (derived, derived == nil ? .unknown : .derived)
  }
}
