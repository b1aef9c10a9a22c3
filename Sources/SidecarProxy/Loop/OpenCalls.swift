/// The calls that a loop has open, and how long each of them cannot time out, so that looking after a thousand of them
/// costs next to nothing.

struct OpenCalls {
  private var calls: [UpstreamCall] = []
  /// The deadline of each call, in nanoseconds of the loop's clock: before it the call cannot time out.
  private var deadlines: [Int64] = []

  var all: [UpstreamCall] { calls }

  mutating func add(_ call: UpstreamCall, deadline: Int64) {
    call.slot = calls.count
    calls.append(call)
    deadlines.append(deadline)
  }

  mutating func remove(_ call: UpstreamCall) {
    let last = calls.removeLast()
    let deadline = deadlines.removeLast()
    if last !== call {
      calls[call.slot] = last
      deadlines[call.slot] = deadline
      last.slot = call.slot
    }
    call.slot = -1
  }

  /// Does nothing for a call that has been removed.
  mutating func setDeadline(_ deadline: Int64, of call: UpstreamCall) {
    if call.slot >= 0 { deadlines[call.slot] = deadline }
  }

  /// Those that may have timed out.
  func due(at now: Int64) -> [UpstreamCall] { deadlines.indices.filter { deadlines[$0] <= now }.map { calls[$0] } }

  var nextDeadline: Int64? { deadlines.min() }
}
