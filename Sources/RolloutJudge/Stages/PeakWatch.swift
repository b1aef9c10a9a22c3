/// How busy the busiest minute was, of the rollout and of this stage: a stage that only saw a quiet night has shown little.

struct PeakWatch: Sendable, Equatable, Codable {
  /// Live exchanges in the busiest minute.
  private(set) var busiest = 0
  private(set) var busiestOfStage = 0
  /// Minutes since 1970, and what it has seen so far.
  private var minute: Int64 = .min
  private static let length: Int64 = 60_000_000_000
  private var count = 0
  private var countOfStage = 0

  /// A live exchange began.
  mutating func began(at: Instant) {
    if minute == .min || at.nanoseconds &- minute * Self.length >= Self.length {
      let current = at.nanoseconds / Self.length
      if current > minute { (minute, count, countOfStage) = (current, 0, 0) }
    }
    count += 1
    countOfStage += 1
    busiest = max(busiest, count)
    busiestOfStage = max(busiestOfStage, countOfStage)
  }

  mutating func stageEntered() { (busiestOfStage, countOfStage) = (0, 0) }

  /// Another process goes on, whose clock may be behind.
  mutating func resumed(at: Instant) {
    let current = at.nanoseconds / Self.length
    if minute > current { (minute, count, countOfStage) = (current, 0, 0) }
  }

  /// - Parameter share: Of the rollout's busiest minute.
  func hasSeen(_ share: Double) -> Bool { Double(busiestOfStage) >= share * Double(busiest) }
}
