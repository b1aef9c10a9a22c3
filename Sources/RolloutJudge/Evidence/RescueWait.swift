/// Failed canaries whose place the baseline may yet take.

import TrafficSplit

/// Whether it is asked is told with the failure or right after it, so a failure over which a whole look has passed stands. Of those it is
/// asked for there are two generations, so that what is never answered is forgotten: bounded, and to the candidate's advantage.
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

  /// Since the last look, and since the one before it.
  private var unasked: [UInt64: Canary] = [:]
  private var unaskedBefore: [UInt64: Canary] = [:]
  private var waiting: [UInt64: Canary] = [:]
  private var before: [UInt64: Canary] = [:]

  mutating func failed(_ exchange: UInt64, _ canary: Canary) {
    guard unasked.count < Self.capacity else { return }
    unasked[exchange] = canary
  }

  /// The baseline is asked in the canary's place.
  mutating func asked(_ exchange: UInt64) {
    guard let canary = takeUnasked(exchange) else { return }
    if waiting.count >= Self.capacity {
      before = waiting
      waiting.removeAll(keepingCapacity: true)
    }
    waiting[exchange] = canary
  }

  /// What the baseline had to say is known.
  mutating func rescued(_ exchange: UInt64) -> Canary? {
    waiting.removeValue(forKey: exchange) ?? before.removeValue(forKey: exchange) ?? takeUnasked(exchange)
  }

  /// - Returns: Those in whose place nobody is asked.
  mutating func looked() -> [Canary] {
    if unasked.isEmpty && unaskedBefore.isEmpty { return [] }
    let lost = unaskedBefore.values.map(\.self)
    unaskedBefore = unasked
    unasked.removeAll(keepingCapacity: true)
    return lost
  }

  private mutating func takeUnasked(_ exchange: UInt64) -> Canary? {
    unasked.removeValue(forKey: exchange) ?? unaskedBefore.removeValue(forKey: exchange)
  }
}
