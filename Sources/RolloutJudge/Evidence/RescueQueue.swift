/// The fates of a candidate's exchanges in the order of assignment, from the oldest that is not known on.

struct RescueQueue: Sendable {
  enum Fate: Sendable {
    /// Under way.
    case open
    case good
    /// The canary has failed, and the baseline has not answered yet.
    case bad
    /// The baseline has answered in its place.
    case rescued
    /// Nobody has.
    case lost

    var isKnown: Bool { self == .good || self == .rescued || self == .lost }
    var isBad: Bool { self == .bad || self == .rescued || self == .lost }
  }

  /// Exchanges that are waited for; beyond them the oldest leaves as it stands.
  static let capacity = 256

  private var fates: ContiguousArray<Fate> = []
  /// The oldest is there.
  private var head = 0
  /// Its ordinal.
  private var first = 0
  /// Of those that wait.
  private(set) var rescued = 0

  var count: Int { fates.count - head }

  var waiting: ArraySlice<Fate> { ArraySlice(fates[head...]) }

  mutating func append(_ ordinal: Int) {
    if count == 0 { (first, head) = (ordinal, fates.count) }
    // An attempt that is not asked about is one that went well.
    while first + count < ordinal { fates.append(.good) }
    fates.append(.open)
  }

  mutating func set(_ ordinal: Int, _ fate: Fate, where mayChange: (Fate) -> Bool) {
    let place = ordinal - first
    guard place >= 0, place < count, mayChange(fates[head + place]) else { return }
    fates[head + place] = fate
    if fate == .rescued { rescued += 1 }
  }

  /// The oldest, where it is known or too many wait.
  mutating func next() -> Fate? {
    guard head < fates.count, fates[head].isKnown || count > Self.capacity else { return nil }
    let fate = fates[head]
    if fate == .rescued { rescued -= 1 }
    head += 1
    first += 1
    if head > Self.capacity {
      fates.removeFirst(head)
      head = 0
    }
    return fate
  }
}
