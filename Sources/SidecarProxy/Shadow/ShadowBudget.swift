/// How many copies, and how many bytes of them, one loop may hold at once; what does not fit is dropped and counted.

import RolloutJudge

struct ShadowBudget {
  private(set) var inFlight = 0
  private(set) var bytes = 0
  let inFlightLimit: Int
  let byteLimit: Int

  init(inFlightLimit: Int, byteLimit: Int) {
    self.inFlightLimit = inFlightLimit
    self.byteLimit = byteLimit
  }

  /// - Returns: why not, or nil where the copy has been admitted.
  mutating func admit(bytes size: Int) -> ShadowDrop? {
    if inFlight >= inFlightLimit { return .inFlight }
    if bytes + size > byteLimit { return .bytes }
    inFlight += 1
    bytes += size
    return nil
  }

  mutating func release(bytes size: Int) {
    inFlight -= 1
    bytes -= size
  }
}
