/// Exchanges whose costs wait for what the application says became of them.

/// An application's word comes after the answer. Once it gives it at all, every exchange's cost of an outcome is weighed the same
/// time after its turn, in the order of assignment, whatever was said and whenever: waiting favours neither arm. Bounded: beyond
/// `capacity` the oldest is weighed by what is known. Nothing of it outlives a restart.
struct AwaitedOutcomes: Sendable {
  static let capacity = WaitingAttempts.capacity
  /// From an attempt's turn to its weighing, in nanoseconds.
  static let patience: Int64 = 60_000_000_000

  /// Whether the application reports at all.
  private(set) var isReporting = false
  private var waiting = WaitingAttempts(patience: patience)
  /// Two generations, so that words about exchanges that never come here are forgotten too.
  private var said: [UInt64: Word] = [:]
  private var saidBefore: [UInt64: Word] = [:]

  private struct Word: Sendable {
    var isSuccess: Bool?
    var score: Double?
  }

  var isFull: Bool { waiting.isFull }

  /// A later word leaves what it does not speak of.
  mutating func reported(_ exchange: UInt64, isSuccess: Bool?, score: Double? = nil) {
    isReporting = true
    if said.count >= Self.capacity {
      saidBefore = said
      said.removeAll(keepingCapacity: true)
    }
    let before = said[exchange] ?? saidBefore[exchange]
    said[exchange] = Word(isSuccess: isSuccess ?? before?.isSuccess, score: score ?? before?.score)
  }

  mutating func append(_ record: AttemptRecord, _ index: Int, at: Instant) {
    waiting.append(record, index, at: at)
  }

  /// The oldest, with its outcome, where it has waited long enough or there is no more room.
  mutating func next(at now: Instant) -> WaitingAttempts.Entry? {
    guard var entry = waiting.next(at: now) else { return nil }
    let word = said.removeValue(forKey: entry.record.exchange) ?? saidBefore[entry.record.exchange]
    // Of an attempt that gave no answer the application can only mean the one that came in its place.
    if let word, entry.record.cost.isAnswered {
      entry.record.cost.isSuccess = word.isSuccess ?? entry.record.cost.isSuccess
      entry.record.cost.score = word.score ?? .nan
    }
    return entry
  }
}
