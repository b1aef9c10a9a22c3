/// When something that comes back is on, in one run.

import RolloutJudge

struct Cycle: Sendable {
  private let every: Int64
  private let lasting: Int64
  private let phase: Int64

  init(_ times: Recurrence, _ generator: inout SeededGenerator) {
    every = max(1, times.every.nanoseconds)
    lasting = times.lasting.nanoseconds
    phase = Int64(generator.unit() * Double(every))
  }

  /// The first time of a run may have begun before it.
  func isOn(at now: Int64) -> Bool { (now + phase) % every < lasting }

  /// When that changes next.
  func change(after now: Int64) -> Int64 {
    let within = (now + phase) % every
    return now - within + (within < lasting ? lasting : every)
  }
}
