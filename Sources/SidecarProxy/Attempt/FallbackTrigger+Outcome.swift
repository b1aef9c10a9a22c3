/// The trigger of an attempt that ended before its first token: the safety net's own words for the ways to fail.

import Dialects
import RolloutJudge

extension FallbackTrigger {
  init?(status: Int) {
    switch status {
    case 429: self = .rateLimited
    case 500...: self = .serverError
    case 400..<500: self = .clientError
    case 300..<400: self = .redirect
    default: return nil
    }
  }

  /// - Parameters:
  ///   - status: nil where no head was read.
  ///   - outcome: nil where the attempt was not measured.
  /// - Returns: nil where it did not fail, or through no fault of the arm.
  init?(status: Int?, _ transport: TransportEnd, _ outcome: Outcome?) {
    if let status, let trigger = FallbackTrigger(status: status) {
      self = trigger
      return
    }
    switch (transport, outcome) {
    case (.clientGone, _), (_, .ok), (_, .clientGone): return nil
    case (_, .errorInBody), (_, .rejected), (_, .unauthorized), (_, .unpaid), (_, .rateLimited): self = .errorInBody
    case (.unreachable, _), (.cut, _): self = .connect
    case (.timedOut, _): self = .timeout
    case (.complete, .empty), (.complete, .incomplete): self = .empty
    case (.complete, _): return nil
    }
  }
}
