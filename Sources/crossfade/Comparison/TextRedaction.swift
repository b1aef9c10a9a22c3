/// What must not be kept, found in a text: keys, e-mail addresses, phone and card numbers, and what the playbook names.

import PlaybookYAML

struct TextRedaction: Sendable {
  private let rules: [Rule]

  private struct Rule: Sendable {
    /// What stands in its place.
    var label: String
    var pattern: TextPattern
  }

  /// Beyond it nothing of a text is searched, and so nothing of it may be kept.
  static let maxCharacters = 4 << 20

  /// - Parameter patterns: the playbook's, already checked.
  /// - Throws: `TextPattern.Refused`.
  init(patterns: [String]) throws {
    var rules: [Rule] = []
    for (label, patterns) in Self.known {
      for pattern in patterns { rules.append(Rule(label: label, pattern: try TextPattern(pattern))) }
    }
    for pattern in patterns { rules.append(Rule(label: "[redacted]", pattern: try TextPattern(pattern))) }
    self.rules = rules
  }

  private static let known: [(String, [String])] = [
    (
      "[key]",
      [
        "\\b(?:sk|pk|rk|ak|api|key|gsk|xai|csk|fw|r8|nvapi|pplx|tvly|esecret)[-_][\\w-]{16,}",
        "\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b", "\\bgh[pousr]_\\w{20,}", "\\bgithub_pat_\\w{20,}",
        "\\bxox[abeoprs]-[\\w-]{10,}", "\\bAIza[\\w-]{30,}", "\\bhf_\\w{20,}", "\\bglpat-[\\w-]{20,}",
        "\\beyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*", "(?i)\\b(?:bearer|basic)\\s+[\\w.~+/=-]{12,}",
        "-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?",
        "(?i)(?:api[-_ ]?key|access[-_ ]?token|secret|password|passwd)[\"']?\\s*(?:=>?|:|is)\\s*[\"']?[^\\s\"',;]{6,}",
        "(?i)://[^\\s/:@]+:[^\\s/@]+@",
      ]
    ),
    ("[email]", ["[\\w.!#$%&'*+/=?^`{|}~-]+@[\\w-]+(?:\\.[\\w-]+)+"]),
    (
      "[phone]",
      [
        "\\+[1-9](?:[ ().\\-\\u{A0}\\u{2011}]{0,2}[0-9]){7,14}",
        "\\(?\\b[0-9]{3}\\)?[-. ]{1,2}[0-9]{3}[-. ][0-9]{4}\\b",
        "\\b00[1-9](?:[ ./-]?[0-9]){7,13}\\b", "\\b0[1-9][0-9]{0,4}[ /-][0-9]{5,9}\\b",
        "\\b0[1-9](?:[ .-][0-9]{2}){4}\\b", "\\b0[0-9]{2,4}[ -][0-9]{3,4}[ -][0-9]{3,4}\\b",
      ]
    ),
  ]

  /// - Returns: nil where the text is longer than may be searched.
  func redacted(_ text: String) -> String? {
    let characters = Array(text.unicodeScalars)
    guard characters.count <= Self.maxCharacters else { return nil }
    var found: [(range: Range<Int>, label: String)] = CardNumbers.ranges(in: characters).map { ($0, "[card]") }
    let present = CharacterPresence(of: characters)
    for rule in rules where rule.pattern.mayMatch(in: present) {
      found += rule.pattern.ranges(in: characters).map { ($0, rule.label) }
    }
    guard !found.isEmpty else { return text }
    found.sort { ($0.range.lowerBound, -$0.range.upperBound) < ($1.range.lowerBound, -$1.range.upperBound) }
    var result = String.UnicodeScalarView()
    var end = 0
    for (range, label) in found where range.upperBound > end {
      // What overlaps with what came before is part of it.
      if range.lowerBound >= end {
        result.append(contentsOf: characters[end..<range.lowerBound])
        result.append(contentsOf: label.unicodeScalars)
      }
      end = range.upperBound
    }
    result.append(contentsOf: characters[end...])
    return String(result)
  }
}

/// Payment card numbers: 13 to 19 digits in groups, the last of which is Luhn's check digit (ISO/IEC 7812-1).
enum CardNumbers {
  static func ranges(in characters: [Unicode.Scalar]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var index = 0
    while index < characters.count {
      guard digit(characters[index]) != nil else {
        index += 1
        continue
      }
      let run = digits(in: characters, from: index)
      found += numbers(in: run)
      index = (run.last?.place ?? index) + 1
    }
    return found
  }

  /// Digits with at most one separator between two of them.
  private static func digits(in characters: [Unicode.Scalar], from start: Int) -> [(value: Int, place: Int)] {
    var run: [(value: Int, place: Int)] = []
    var index = start
    while index < characters.count {
      if let value = digit(characters[index]) {
        run.append((value, index))
      } else {
        let next = index + 1 < characters.count ? digit(characters[index + 1]) : nil
        guard [" ", "-", ".", "\u{A0}"].contains(characters[index]), next != nil else { break }
      }
      index += 1
    }
    return run
  }

  private static func numbers(in run: [(value: Int, place: Int)]) -> [Range<Int>] {
    // A run of the right length is tried as a whole; a longer one may hold a number anywhere.
    let lengths = (13...19).contains(run.count) ? [run.count, 16, 15] : [16, 15]
    var found: [Range<Int>] = []
    var start = 0
    while start + 13 <= run.count {
      let length = lengths.first { start + $0 <= run.count && isCard(run, start..<(start + $0)) }
      if let length { found.append(run[start].place..<(run[start + length - 1].place + 1)) }
      start += length ?? 1
    }
    return found
  }

  private static func isCard(_ run: [(value: Int, place: Int)], _ range: Range<Int>) -> Bool {
    let first = run[range.lowerBound].value
    guard (2...6).contains(first) else { return false }
    var sum = 0
    var isUniform = true
    for index in range {
      let value = run[index].value
      isUniform = isUniform && value == first
      let weighted = (range.upperBound - 1 - index) % 2 == 1 ? value * 2 : value
      sum += weighted > 9 ? weighted - 9 : weighted
    }
    return sum % 10 == 0 && !isUniform
  }

  /// ASCII, and the full-width and Arabic-Indic forms that people type.
  private static func digit(_ character: Unicode.Scalar) -> Int? {
    switch character.value {
    case 0x30...0x39: Int(character.value - 0x30)
    case 0x660...0x669: Int(character.value - 0x660)
    case 0x6F0...0x6F9: Int(character.value - 0x6F0)
    case 0xFF10...0xFF19: Int(character.value - 0xFF10)
    default: nil
    }
  }
}
