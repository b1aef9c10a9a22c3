/// Takes from a text what two of them are compared by, in one pass over it.

struct TextProfile {
  /// Hashes of the first words in small letters, in order. Each sign of a script that sets no spaces is a word.
  private(set) var words: [UInt64] = []
  /// The count over the whole text.
  private(set) var characters = 0
  private(set) var scripts = ScriptCount()
  /// A hash of all that is not space, case and signs included.
  private var fingerprint = WordHash()

  static let wordLimit = 4_096

  init(_ text: String) {
    var hash = WordHash()
    words.reserveCapacity(min(Self.wordLimit, text.utf8.count / 5 + 1))
    for scalar in text.unicodeScalars {
      characters += 1
      let value = scalar.value
      let script = Script(value)
      if script != .space { fingerprint.add(value) }
      guard words.count < Self.wordLimit else { continue }
      if script.isLetter { scripts.add(script) }
      if script == .other || script == .space {
        end(&hash)
      } else if script.standsAlone {
        end(&hash)
        hash.add(value)
        end(&hash)
      } else {
        hash.add(lowercased(value))
      }
    }
    end(&hash)
  }

  private mutating func end(_ hash: inout WordHash) {
    guard !hash.isEmpty else { return }
    words.append(hash.value)
    hash = WordHash()
  }

  /// Whether they are the same but for space.
  func isEqual(to other: TextProfile) -> Bool { fingerprint.value == other.fingerprint.value }

  /// Dice's coefficient over words and pairs of neighbours: 1 for the same words in the same order, 0 for none shared.
  func similarity(to other: TextProfile) -> Double {
    guard !isEqual(to: other) else { return 1 }
    let total = Self.partCount(words) + Self.partCount(other.words)
    guard total > 0 else { return 0 }
    var counts = PartCounts(capacity: Self.partCount(words))
    Self.forEachPart(words) { counts.add($0) }
    var shared = 0
    Self.forEachPart(other.words) { shared += counts.take($0) ? 1 : 0 }
    return 2 * Double(shared) / Double(total)
  }

  private static func partCount(_ words: [UInt64]) -> Int { max(0, 2 * words.count - 1) }

  private static func forEachPart(_ words: [UInt64], _ body: (UInt64) -> Void) {
    var last: UInt64?
    for word in words {
      body(word)
      if let last { body((last &* 0x9E37_79B9_7F4A_7C15) ^ word) }
      last = word
    }
  }

  var language: Language? { Language(words: words, scripts: scripts) }
}

/// FNV-1a over scalars.
struct WordHash {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325
  private(set) var isEmpty = true

  @inline(__always)
  mutating func add(_ scalar: UInt32) {
    value = (value ^ UInt64(scalar)) &* 0x100_0000_01B3
    isEmpty = false
  }
}

/// How often each part occurs, in a table that is probed in line.
private struct PartCounts {
  private var keys: [UInt64]
  private var counts: [Int32]
  private let mask: Int

  init(capacity: Int) {
    var size = 16
    while size < 2 * capacity { size *= 2 }
    keys = Array(repeating: 0, count: size)
    counts = Array(repeating: 0, count: size)
    mask = size - 1
  }

  mutating func add(_ part: UInt64) {
    let place = place(of: part)
    keys[place] = part | 1
    counts[place] += 1
  }

  mutating func take(_ part: UInt64) -> Bool {
    let place = place(of: part)
    guard counts[place] > 0 else { return false }
    counts[place] -= 1
    return true
  }

  /// Where the part is, or the free place where it would be: a key of 0 is none.
  private func place(of part: UInt64) -> Int {
    var place = Int(truncatingIfNeeded: (part &* 0xBF58_476D_1CE4_E5B9) >> 32) & mask
    while keys[place] != 0, keys[place] != part | 1 { place = (place + 1) & mask }
    return place
  }
}
