/// Which characters a step of a pattern takes.

struct CharacterSet: Sendable, Equatable {
  /// A bit each.
  private var ascii: (UInt64, UInt64) = (0, 0)
  /// Beyond ASCII: what any of these takes, or, where that is turned around, what none does.
  private var parts: [Part] = []
  private var isInverted = false

  private struct Part: Equatable {
    var kind: Kind
    var isInverted = false

    enum Kind: Equatable {
      case range(ClosedRange<UInt32>)
      /// Letters and digits of other scripts.
      case words
      case spaces
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
      let isNamed =
        switch kind {
        case .range(let range): range.contains(scalar.value)
        case .words: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        case .spaces: scalar.properties.isWhitespace
        }
      return isNamed != isInverted
    }
  }

  static func == (a: Self, b: Self) -> Bool {
    a.ascii == b.ascii && a.parts == b.parts && a.isInverted == b.isInverted
  }

  init() {}

  init(_ range: ClosedRange<UInt32>) { insert(range) }

  static let everything = CharacterSet(0...0x10FFFF)
  static let digits = CharacterSet(0x30...0x39)

  static let word: CharacterSet = {
    var set = digits
    set.insert(0x41...0x5A)
    set.insert(0x61...0x7A)
    set.insert(0x5F...0x5F)
    set.parts = [Part(kind: .words)]
    return set
  }()

  static let spaces: CharacterSet = {
    var set = CharacterSet(0x09...0x0D)
    set.insert(0x20...0x20)
    set.parts = [Part(kind: .spaces)]
    return set
  }()

  static let allButLineBreak = CharacterSet(0x0A...0x0A).inverted

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    if value < 64 { return ascii.0 >> UInt64(value) & 1 == 1 }
    if value < 128 { return ascii.1 >> UInt64(value - 64) & 1 == 1 }
    return parts.contains { $0.contains(scalar) } != isInverted
  }

  /// Whether a text that holds these characters may hold one of the set.
  func mayMeet(_ present: CharacterPresence) -> Bool {
    ascii.0 & present.ascii.0 != 0 || ascii.1 & present.ascii.1 != 0
      || (present.hasOthers && (!parts.isEmpty || isInverted))
  }

  /// `word`, asked at nearly every character.
  static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<64: 0x03FF_0000_0000_0000 as UInt64 >> UInt64(scalar.value) & 1 == 1
    case 64..<128: 0x07FF_FFFE_87FF_FFFE as UInt64 >> UInt64(scalar.value - 64) & 1 == 1
    default: word.contains(scalar)
    }
  }

  mutating func insert(_ range: ClosedRange<UInt32>) {
    for value in range where value < 128 {
      if value < 64 { ascii.0 |= 1 << UInt64(value) } else { ascii.1 |= 1 << UInt64(value - 64) }
      if value == 127 { break }
    }
    if range.upperBound >= 128 { parts.append(Part(kind: .range(max(128, range.lowerBound)...range.upperBound))) }
  }

  /// Takes too much, never too little, where one of two sets of several parts is turned around: there the union is only used
  /// to pass over what no match begins with.
  mutating func formUnion(_ other: CharacterSet) {
    ascii = (ascii.0 | other.ascii.0, ascii.1 | other.ascii.1)
    if isInverted || other.isInverted {
      if self.parts == other.parts, isInverted == other.isInverted { return }
      parts = CharacterSet(128...0x10FFFF).parts
      isInverted = false
    } else {
      parts += other.parts
    }
  }

  var inverted: CharacterSet {
    var set = self
    set.ascii = (~ascii.0, ~ascii.1)
    if parts.count == 1, !isInverted { set.parts[0].isInverted.toggle() } else { set.isInverted.toggle() }
    return set
  }

  /// With the other case of its ASCII letters.
  var ignoringCase: CharacterSet {
    var set = self
    let letters: UInt64 = 0x07FF_FFFE
    let upper = ascii.1 & letters
    let lower = ascii.1 >> 32 & letters
    set.ascii.1 |= upper << 32 | lower
    return set
  }
}
