/// How long an arm is waited for, in nanoseconds: a candidate as the playbook says, the baseline as long as its client would.

import HTTPFraming
import RolloutJudge

struct Patience: Equatable {
  var connect: Int64
  var firstByte: Int64
  var idle: Int64
  /// Nil: an answer that is not silent may take as long as it likes.
  var total: Int64?

  init(_ timeouts: Timeouts) {
    connect = timeouts.connect.nanoseconds
    firstByte = timeouts.firstByte.nanoseconds
    idle = timeouts.idle.nanoseconds
    total = timeouts.total.nanoseconds
  }

  /// - Parameter silence: what the client would wait for a sign of life.
  init(connect: Duration, silence: Duration) {
    self.connect = connect.nanoseconds
    firstByte = silence.nanoseconds
    idle = silence.nanoseconds
    total = nil
  }
}

extension InboundRequest {
  /// How long the client says that it waits for an answer's next byte; nil where it does not say.
  var saysPatience: Duration? {
    guard head.known.contains(.stainless) else { return nil }
    for name in ["x-stainless-read-timeout", "x-stainless-timeout"] {
      guard let value = text(of: Array(name.utf8)).flatMap(Double.init), value > 0, value <= 86_400 else { continue }
      return .nanoseconds(Int64(value * 1e9))
    }
    return nil
  }
}
