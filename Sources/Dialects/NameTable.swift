/// Finds which of a fixed list of names a text spells, with one look and one comparison: most texts spell none.

/// A perfect hash over names of at most 32 bytes.
struct NameTable<Name: Sendable>: Sendable {
  private static var size: Int { 1024 }
  /// Where each name is in `entries`; empty slots hold 0, which is as good as any: the comparison decides.
  private let slots: [UInt8]
  private let entries: [Entry]
  private let factor: UInt

  private struct Entry: Sendable {
    let name: Name
    let spelling: Spelling
  }

  /// - Parameter names: at most 255, no spelling twice.
  init(_ names: [(spelling: String, name: Name)]) {
    let entries = names.map { Entry(name: $0.name, spelling: Spelling($0.spelling)) }
    // Tries factors until no two names fall into one slot.
    var factor: UInt = 0x9E37_79B9_7F4A_7C15
    var slots = Self.slots(entries, factor)
    while slots == nil {
      factor = factor &* 0xD134_2543_DE82_EF95 &+ 2
      slots = Self.slots(entries, factor)
    }
    self.entries = entries
    self.factor = factor
    self.slots = slots ?? []
  }

  private static func slots(_ entries: [Entry], _ factor: UInt) -> [UInt8]? {
    var slots = [UInt8](repeating: 0, count: size)
    var taken = [Bool](repeating: false, count: size)
    for (index, entry) in entries.enumerated() {
      let slot = entry.spelling.slot(factor)
      if taken[slot] { return nil }
      taken[slot] = true
      slots[slot] = UInt8(index)
    }
    return slots
  }

  /// - Parameter ignoresCase: of ASCII letters; the names are then lower-case.
  @inline(__always)
  func name(_ bytes: RawSpan, _ start: Int, _ end: Int, ignoresCase: Bool = false) -> Name? {
    guard let text = Spelling(bytes, start, end, ignoresCase: ignoresCase) else { return nil }
    let index = Int(slots[text.slot(factor)])
    return entries[index].spelling == text ? entries[index].name : nil
  }
}

/// A short text's bytes in up to four words, which overlap where it is not of whole words: two of texts up to 16 bytes,
/// and two more between them of longer ones.
struct Spelling: Sendable {
  private static let capacity = 32

  private let count: Int
  private let first: UInt64
  private let last: UInt64
  private let second: UInt64
  private let third: UInt64

  init(_ text: String) {
    let bytes = Array(text.utf8)
    guard let spelling = Spelling(bytes.span.bytes, 0, bytes.count, ignoresCase: false) else {
      preconditionFailure("\(text) is not of 1 to \(Self.capacity) bytes")
    }
    self = spelling
  }

  /// - Returns: nil where the text is empty or too long.
  @inline(__always)
  init?(_ bytes: RawSpan, _ start: Int, _ end: Int, ignoresCase: Bool) {
    let count = end &- start
    guard count > 0, count <= Self.capacity, start >= 0, end <= bytes.byteCount else { return nil }
    self.count = count
    var (first, last, second, third): (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    if count < 8 {
      first = bytes.word(at: start, count: count)
    } else {
      first = bytes.wordInBounds(at: start)
      last = bytes.wordInBounds(at: end &- 8)
      if count > 16 {
        second = bytes.wordInBounds(at: start &+ 8)
        third = bytes.wordInBounds(at: end &- 16)
      }
    }
    self.first = ignoresCase ? Word.lowercased(first) : first
    self.last = ignoresCase ? Word.lowercased(last) : last
    self.second = ignoresCase ? Word.lowercased(second) : second
    self.third = ignoresCase ? Word.lowercased(third) : third
  }

  @inline(__always)
  func slot(_ factor: UInt) -> Int {
    let mixed = first ^ (last &<< 23 | last &>> 41) ^ UInt64(truncatingIfNeeded: count)
    return Int(truncatingIfNeeded: (UInt(mixed) &* factor) &>> 54)
  }

  @inline(__always)
  static func == (a: Spelling, b: Spelling) -> Bool {
    (a.first ^ b.first) | (a.last ^ b.last) | (a.second ^ b.second) | (a.third ^ b.third)
      | UInt64(truncatingIfNeeded: a.count ^ b.count) == 0
  }
}
