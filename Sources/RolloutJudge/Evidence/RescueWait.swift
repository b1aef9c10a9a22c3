/// Failed canaries whose place the baseline may yet take.

import TrafficSplit

/// Two generations, so that what is never rescued is forgotten: bounded, and to the candidate's advantage.
struct RescueWait: Sendable {
  static let capacity = 4096

  struct Canary: Sendable {
    var candidate: Int
    var ordinal: Int
    /// Its model's place, and its ordinal there; -1: none.
    var stratum = -1
    var stratumOrdinal = 0
    /// Its record's.
    var index: Int
    /// The signals it was bad in.
    var bad: SignalSet
  }

  private var waiting: [UInt64: Canary] = [:]
  private var before: [UInt64: Canary] = [:]

  mutating func failed(_ exchange: UInt64, _ canary: Canary) {
    if waiting.count >= Self.capacity {
      before = waiting
      waiting.removeAll(keepingCapacity: true)
    }
    var canary = canary
    if let known = waiting[exchange] { canary.bad |= known.bad }
    waiting[exchange] = canary
  }

  mutating func rescued(_ exchange: UInt64) -> Canary? {
    waiting.removeValue(forKey: exchange) ?? before.removeValue(forKey: exchange)
  }
}
