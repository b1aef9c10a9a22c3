/// The parts of a text that must not be kept: credentials that are known by their value, and keys, e-mail addresses,
/// phone, identity and card numbers by their form, and what the playbook names.

import PlaybookYAML

struct TextRedaction: Sendable {
  private let rules: [Rule]
  private let secrets: KnownSecrets

  private struct Rule: Sendable {
    /// The label that stands in its place.
    var label: String
    var pattern: TextPattern
  }

  /// Beyond it nothing of a text is searched, and so nothing of it may be kept.
  static let maxCharacters = 4 << 20

  /// - Parameters:
  ///   - patterns: the playbook's, already checked.
  ///   - secrets: blotted out by their value, before any pattern is asked.
  /// - Throws: `TextPattern.Refused`.
  init(patterns: [String], secrets: KnownSecrets = KnownSecrets()) throws {
    var rules: [Rule] = []
    for form in RedactionForm.all {
      for pattern in form.patterns { rules.append(Rule(label: form.label, pattern: try TextPattern(pattern))) }
    }
    for pattern in patterns { rules.append(Rule(label: "[redacted]", pattern: try TextPattern(pattern))) }
    self.rules = rules
    self.secrets = secrets
  }

  private init(_ other: TextRedaction, adding secrets: KnownSecrets) {
    rules = other.rules
    self.secrets = other.secrets.adding(secrets)
  }

  /// The same for an exchange that has credentials of its own.
  func adding(_ secrets: KnownSecrets) -> TextRedaction {
    secrets.isEmpty ? self : TextRedaction(self, adding: secrets)
  }

  struct Find: Equatable {
    var range: Range<Int>
    var label: String
  }

  /// In order, none overlapping; what overlaps with what came before is part of it.
  ///
  /// - Parameter characters: at most `maxCharacters`.
  func finds(in characters: [Unicode.Scalar]) -> [Find] {
    var found = secrets.ranges(in: characters).map { Find(range: $0, label: "[key]") }
    for run in DigitRun.all(in: characters) where run.digits.count >= 10 {
      if let range = IdentityNumbers.range(in: run, of: characters) {
        found.append(Find(range: range, label: "[id]"))
      } else if let range = PhoneNumbers.range(in: run, of: characters) {
        found.append(Find(range: range, label: "[phone]"))
      } else {
        found += CardNumbers.ranges(in: run).map { Find(range: $0, label: "[card]") }
      }
    }
    let present = CharacterPresence(of: characters)
    for rule in rules where rule.pattern.mayMatch(in: present) {
      found += rule.pattern.ranges(in: characters).map { Find(range: $0, label: rule.label) }
    }
    found.sort {
      ($0.range.lowerBound, -$0.range.upperBound) < ($1.range.lowerBound, -$1.range.upperBound)
    }
    var kept: [Find] = []
    for find in found {
      if let last = kept.last, find.range.lowerBound < last.range.upperBound {
        kept[kept.count - 1].range = last.range.lowerBound..<max(last.range.upperBound, find.range.upperBound)
      } else {
        kept.append(find)
      }
    }
    return kept
  }

  /// - Returns: nil where the text is longer than may be searched.
  func redacted(_ text: String) -> String? {
    let characters = Array(text.unicodeScalars)
    guard characters.count <= Self.maxCharacters else { return nil }
    let found = finds(in: characters)
    guard !found.isEmpty else { return text }
    var result = String.UnicodeScalarView()
    var end = 0
    for find in found {
      result.append(contentsOf: characters[end..<find.range.lowerBound])
      result.append(contentsOf: find.label.unicodeScalars)
      end = find.range.upperBound
    }
    result.append(contentsOf: characters[end...])
    return String(result)
  }
}
