/// Digits as people write them, in groups and in any script's figures: what cards, telephones and identity numbers are
/// found in.

/// Digits with at most one separator between two of them.
struct DigitRun {
  var digits: [(value: Int, place: Int)] = []
  /// How many digits each group between separators has.
  var groups: [Int] = []

  var text: [Int] { digits.map(\.value) }

  /// Where some of its digits stand in the text.
  func range(_ digits: Range<Int>) -> Range<Int> {
    self.digits[digits.lowerBound].place..<(self.digits[digits.upperBound - 1].place + 1)
  }

  /// All runs of a text, in order.
  static func all(in characters: [Unicode.Scalar]) -> [DigitRun] {
    var runs: [DigitRun] = []
    var index = 0
    while index < characters.count {
      guard digit(characters[index]) != nil else {
        index += 1
        continue
      }
      let run = DigitRun(characters, from: index)
      index = (run.digits.last?.place ?? index) + 1
      runs.append(run)
    }
    return runs
  }

  private init(_ characters: [Unicode.Scalar], from start: Int) {
    var index = start
    var group = 0
    while index < characters.count {
      if let value = Self.digit(characters[index]) {
        digits.append((value, index))
        group += 1
      } else {
        let next = index + 1 < characters.count ? Self.digit(characters[index + 1]) : nil
        guard Self.separators.contains(characters[index]), next != nil else { break }
        groups.append(group)
        group = 0
      }
      index += 1
    }
    groups.append(group)
  }

  private static let separators: Set<Unicode.Scalar> = [" ", "-", ".", "\u{A0}", "\u{2011}", "\u{2013}", "\u{3000}"]

  /// ASCII, and the full-width and Arabic-Indic forms that people type.
  static func digit(_ character: Unicode.Scalar) -> Int? {
    switch character.value {
    case 0x30...0x39: Int(character.value - 0x30)
    case 0x660...0x669: Int(character.value - 0x660)
    case 0x6F0...0x6F9: Int(character.value - 0x6F0)
    case 0xFF10...0xFF19: Int(character.value - 0xFF10)
    default: nil
    }
  }
}

/// Payment card numbers: 13 to 19 digits in groups, the last of which is Luhn's check digit (ISO/IEC 7812-1).
enum CardNumbers {
  static func ranges(in characters: [Unicode.Scalar]) -> [Range<Int>] {
    DigitRun.all(in: characters).flatMap(ranges)
  }

  static func ranges(in run: DigitRun) -> [Range<Int>] {
    // A run of the right length is tried as a whole; a longer one may hold a number anywhere.
    let count = run.digits.count
    let lengths = (13...19).contains(count) ? [count, 16, 15] : [16, 15]
    var found: [Range<Int>] = []
    var start = 0
    while start + 13 <= count {
      let length = lengths.first { start + $0 <= count && isCard(run, start..<(start + $0)) }
      if let length { found.append(run.range(start..<(start + length))) }
      start += length ?? 1
    }
    return found
  }

  private static func isCard(_ run: DigitRun, _ range: Range<Int>) -> Bool {
    let first = run.digits[range.lowerBound].value
    guard (2...6).contains(first) else { return false }
    var sum = 0
    var isUniform = true
    for index in range {
      let value = run.digits[index].value
      isUniform = isUniform && value == first
      let weighted = (range.upperBound - 1 - index) % 2 == 1 ? value * 2 : value
      sum += weighted > 9 ? weighted - 9 : weighted
    }
    return sum % 10 == 0 && !isUniform
  }
}

/// China's 18-digit identity numbers: a date of birth in the middle, and a check character (GB 11643, ISO 7064 MOD 11-2).
enum IdentityNumbers {
  private static let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  private static let checks: [Int] = [1, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2]

  /// - Parameter run: of 17 digits with an X behind it, or of 18.
  static func range(in run: DigitRun, of characters: [Unicode.Scalar]) -> Range<Int>? {
    let digits = run.text
    guard digits.count == 17 || digits.count == 18, let last = run.digits.last?.place else { return nil }
    var check = digits.count == 18 ? digits[17] : nil
    var end = last + 1
    if check == nil, end < characters.count, ["X", "x", "Ｘ", "×"].contains(characters[end]) {
      check = 10
      end += 1
    }
    let sum = zip(digits.prefix(17), weights).reduce(0) { $0 + $1.0 * $1.1 }
    guard let check, check == checks[sum % 11], isDate(digits[6..<14]) else { return nil }
    return run.digits[0].place..<end
  }

  private static func isDate(_ digits: ArraySlice<Int>) -> Bool {
    let number = digits.reduce(0) { $0 * 10 + $1 }
    return (1800...2199).contains(number / 10_000) && (1...12).contains(number / 100 % 100)
      && (1...31).contains(number % 100)
  }
}
