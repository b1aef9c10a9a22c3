/// Which units have been bad, and when last: one bad user is many bad requests, but one piece of evidence.

/// Bounded: beyond `capacity` the unit that was bad longest ago is forgotten, and every start old enough to have counted it
/// counts unknown units no more, in either arm alike. That keeps the promise and costs only old starts their voice.
struct UnitMemory: Sendable {
  static let capacity = 4096
  private let limit: Int

  private var lastBad: [UInt32: Int] = [:]
  /// Notes in the order they came; a unit noted again leaves a stale one behind.
  private var order: [Note] = []
  private var head = 0
  /// Starts at or before this position may have counted a unit that is no longer known.
  private(set) var forgottenThrough = -1

  init(capacity: Int = capacity) { limit = capacity }

  /// Whatever was known is forgotten, and whoever began up to here counts unknown units no more.
  mutating func forgetAll(through position: Int) {
    self = UnitMemory(capacity: limit)
    forgottenThrough = position
  }

  struct Note: Sendable, Equatable {
    var unit: UInt32
    var position: Int
  }

  /// 32 bits are enough: a collision hides one bad attempt, whichever arm's it was.
  static func fingerprint(_ unit: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: unit ^ (unit >> 32)) }

  /// Where the unit was last bad; nil where it is not known to have been.
  func lastPosition(_ unit: UInt32) -> Int? { lastBad[unit] }

  mutating func note(_ unit: UInt32, at position: Int) {
    lastBad[unit] = position
    order.append(Note(unit: unit, position: position))
    while lastBad.count > limit { forgetOldest() }
    if order.count > 2 * limit + head { compact() }
    if head > limit { compact() }
  }

  private mutating func forgetOldest() {
    let note = order[head]
    head += 1
    guard lastBad[note.unit] == note.position else { return }
    lastBad[note.unit] = nil
    forgottenThrough = max(forgottenThrough, note.position)
  }

  private mutating func compact() {
    order = order[head...].filter { lastBad[$0.unit] == $0.position }
    head = 0
  }
}

extension UnitMemory {
  /// The living notes, oldest first, eight bytes each in hexadecimal text; positions relative to `base`.
  struct Saved: Sendable, Equatable, Codable {
    var base: Int
    var notes: String
    var forgottenThrough: Int
  }

  var saved: Saved {
    let notes = order[head...].filter { lastBad[$0.unit] == $0.position }
    let base = notes.first?.position ?? 0
    var text: [UInt8] = []
    for note in notes {
      HexText.append(note.unit, to: &text)
      HexText.append(UInt32(clamping: note.position - base), to: &text)
    }
    return Saved(base: base, notes: String(decoding: text, as: UTF8.self), forgottenThrough: forgottenThrough)
  }

  init(_ saved: Saved) {
    limit = Self.capacity
    forgottenThrough = saved.forgottenThrough
    let words = HexText.words(saved.notes)
    for index in stride(from: 0, to: words.count - 1, by: 2) {
      let position = saved.base + Int(words[index + 1])
      lastBad[words[index]] = position
      order.append(Note(unit: words[index], position: position))
    }
  }
}

/// Eight lower-case hexadecimal digits for 32 bits.
enum HexText {
  static func append(_ word: UInt32, to text: inout [UInt8]) {
    for shift in stride(from: 28, through: 0, by: -4) {
      let digit = UInt8((word >> UInt32(shift)) & 15)
      text.append(digit < 10 ? 48 + digit : 87 + digit)
    }
  }

  /// Whole words only; anything that is no digit counts as 0.
  static func words(_ text: String) -> [UInt32] {
    var words: [UInt32] = []
    var (word, digits): (UInt32, Int) = (0, 0)
    for byte in text.utf8 {
      let digit: UInt8 = (48...57).contains(byte) ? byte - 48 : (97...102).contains(byte) ? byte - 87 : 0
      word = word << 4 | UInt32(digit)
      digits += 1
      if digits == 8 {
        words.append(word)
        (word, digits) = (0, 0)
      }
    }
    return words
  }
}
