/// Punctuation of an input method or a word processor where YAML has its own: found before YAML misreads it, with its cure.

/// Full-width forms (`：`, `％`), the ideographic space and typographic quotes, outside comments and ASCII quotes. A colon of full
/// width is an odd word to YAML, and a pattern in typographic quotes is a valid one that nothing ever matches.
struct ForeignPunctuation {
  private(set) var found: [(place: Place, character: Unicode.Scalar, meant: Unicode.Scalar)] = []

  /// More would not be read by anyone.
  static let limit = 20

  private enum State { case plain, comment, single, double, escape }

  init(in text: String) {
    var state = State.plain
    var place = Place(line: 1, column: 1)
    // The start of a line ends whatever word was before it.
    var previous: Unicode.Scalar = "\n"
    for scalar in text.unicodeScalars {
      note(scalar, at: place, in: state)
      state = Self.state(after: scalar, previous, state)
      previous = scalar
      place =
        scalar == "\n" ? Place(line: place.line + 1, column: 1) : Place(line: place.line, column: place.column + 1)
    }
  }

  private mutating func note(_ scalar: Unicode.Scalar, at place: Place, in state: State) {
    guard state == .plain, scalar.value > 0x7F, found.count < Self.limit, let meant = Self.meant(by: scalar) else {
      return
    }
    found.append((place, scalar, meant))
  }

  private static func state(after scalar: Unicode.Scalar, _ previous: Unicode.Scalar, _ state: State) -> State {
    switch (state, scalar) {
    case (.comment, "\n"): .plain
    case (.comment, _): .comment
    case (.double, "\\"): .escape
    case (.escape, _): .double
    // A doubled quote opens again what it has closed.
    case (.double, "\""), (.single, "'"): .plain
    case (.double, _), (.single, _): state
    case (.plain, "#") where " \t\n".unicodeScalars.contains(previous): .comment
    case (.plain, "\"") where Self.opensWord(previous): .double
    case (.plain, "'") where Self.opensWord(previous) || previous == "'": .single
    case (.plain, _): .plain
    }
  }

  private static func opensWord(_ previous: Unicode.Scalar) -> Bool {
    " \t\n[{,:".unicodeScalars.contains(previous) || meant(by: previous) != nil
  }

  /// The character of ASCII that was meant; nil where another was not.
  private static func meant(by scalar: Unicode.Scalar) -> Unicode.Scalar? {
    switch scalar.value {
    case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0)
    case 0x3000: " "
    case 0x201C...0x201F: "\""
    case 0x2018...0x201B: "'"
    case 0x3001: ","
    case 0x3010: "["
    case 0x3011: "]"
    default: nil
    }
  }
}

extension ProblemList {
  /// - Returns: whether there was any: what YAML would say then is about something else.
  mutating func notePunctuation(in text: String) -> Bool {
    let foreign = ForeignPunctuation(in: text).found
    for (place, character, meant) in foreign {
      let code = String(character.value, radix: 16, uppercase: true)
      let name = character.value == 0x3000 ? "an ideographic space" : "'\(character)'"
      let cure = meant == " " ? "a blank" : meant == ":" ? "': ' with a blank behind it" : "'\(meant)'"
      error(
        place, "", "\(name) (U+\(code)) is not what YAML reads", "write \(cure), or quote the text where it is meant")
    }
    return !foreign.isEmpty
  }
}
