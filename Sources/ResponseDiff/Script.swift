/// Sorts characters by the script they are of, as far as languages are told by it.

enum Script: UInt8, CaseIterable {
  case latin, cyrillic, greek, arabic, hebrew, devanagari, thai, hangul, kana, han
  /// A letter of no script above, or a digit.
  case digit, foreign
  case space, other

  var isLetter: Bool { rawValue <= Self.han.rawValue }

  /// Scripts that set no spaces between words.
  var standsAlone: Bool { self == .han || self == .kana || self == .thai }

  @inline(__always)
  init(_ scalar: UInt32) {
    switch scalar {
    case 0x61...0x7A, 0x41...0x5A: self = .latin
    case 0x20, 0x09...0x0D: self = .space
    case 0x30...0x39: self = .digit
    case 0...0x7F: self = .other
    default: self = Self.beyondASCII(scalar)
    }
  }

  private static func beyondASCII(_ scalar: UInt32) -> Script {
    switch scalar {
    case 0xA0, 0x2000...0x200B, 0x2028, 0x2029, 0x202F, 0x3000, 0xFEFF: .space
    case 0xAA, 0xB5, 0xBA, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x24F, 0x1E00...0x1EFF: .latin
    // Accents that are written as marks of their own belong to the letter before.
    case 0x300...0x36F: .foreign
    case 0x370...0x3FF, 0x1F00...0x1FFF: .greek
    case 0x400...0x52F: .cyrillic
    case 0x590...0x5FF: .hebrew
    case 0x600...0x6FF, 0x750...0x77F: .arabic
    case 0x900...0x963, 0x966...0x97F: .devanagari
    case 0xE00...0xE7F: .thai
    case 0x1100...0x11FF, 0xAC00...0xD7AF: .hangul
    case 0x3040...0x30FF: .kana
    case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2FA1F: .han
    case 0x80...0xBF, 0xD7, 0xF7, 0x2010...0x2BFF, 0x2E00...0x2E7F, 0x3001...0x303F, 0xFE10...0xFE4F, 0xFF00...0xFF0F,
      0xFF1A...0xFF20, 0x1F000...0x1FAFF:
      .other
    default: .foreign
    }
  }
}

struct ScriptCount {
  private var counts = [Int](repeating: 0, count: Script.allCases.count)

  @inline(__always)
  mutating func add(_ script: Script) { counts[Int(script.rawValue)] += 1 }

  subscript(script: Script) -> Int { counts[Int(script.rawValue)] }

  var total: Int { counts.reduce(0, +) }
}

/// The small letter of the scripts that have two kinds; all else as it is.
@inline(__always)
func lowercased(_ scalar: UInt32) -> UInt32 {
  switch scalar {
  case 0...0x40: scalar
  case 0x41...0x5A: scalar | 0x20
  case 0x5B...0xBF: scalar
  case 0xC0...0xDE: scalar == 0xD7 ? scalar : scalar + 0x20
  // Capitals are the even ones, but for two stretches where they are the odd ones.
  case 0x100...0x137, 0x14A...0x177, 0x1E00...0x1EFF: scalar | 1
  case 0x139...0x148, 0x179...0x17E: scalar + (scalar & 1)
  case 0x391...0x3A9: scalar + 0x20
  case 0x400...0x40F: scalar + 0x50
  case 0x410...0x42F: scalar + 0x20
  default: scalar
  }
}
