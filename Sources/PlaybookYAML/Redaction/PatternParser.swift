/// Reads a regular expression's text, and says what in it is not supported.

indirect enum PatternNode: Equatable {
  case character(CharacterSet)
  case assertion(TextPattern.Assertion)
  case sequence([PatternNode])
  case alternatives([PatternNode])
  /// nil: without an end.
  case repeated(PatternNode, Int, Int?)
}

struct PatternParser {
  private let characters: [Unicode.Scalar]
  private var position = 0
  private var depth = 0
  private var ignoresCase = false

  private static let maxDepth = 30
  private static let maxCount = 1000

  init(_ text: String) throws(TextPattern.Refused) {
    guard !text.isEmpty else { throw .init(message: "a pattern must not be empty") }
    guard text.utf8.count <= TextPattern.maxBytes else {
      throw .init(message: "a pattern cannot be longer than \(TextPattern.maxBytes) bytes")
    }
    characters = Array(text.unicodeScalars)
    if text.hasPrefix("(?i)") {
      ignoresCase = true
      position = 4
    }
  }

  mutating func pattern() throws(TextPattern.Refused) -> PatternNode {
    let node = try alternatives()
    if position < characters.count { throw refused("a ')' without its '('", say: "say \\) for the character itself") }
    return node
  }

  private func refused(_ message: String, say: String? = nil) -> TextPattern.Refused {
    TextPattern.Refused(message: "not a pattern: \(message)", say: say)
  }

  private var next: Unicode.Scalar? { position < characters.count ? characters[position] : nil }

  private mutating func skip(_ text: String) -> Bool {
    let expected = Array(text.unicodeScalars)
    guard characters[position...].starts(with: expected) else { return false }
    position += expected.count
    return true
  }

  private mutating func alternatives() throws(TextPattern.Refused) -> PatternNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maxDepth else { throw refused("nested more than \(Self.maxDepth) levels deep") }
    var branches = [try sequence()]
    while skip("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .alternatives(branches)
  }

  private mutating func sequence() throws(TextPattern.Refused) -> PatternNode {
    var nodes: [PatternNode] = []
    while let character = next, character != "|", character != ")" { nodes.append(try repeated(try atom())) }
    return .sequence(nodes)
  }

  private mutating func repeated(_ atom: PatternNode) throws(TextPattern.Refused) -> PatternNode {
    var node = atom
    while let (least, most) = try count() {
      if case .repeated = node { throw refused("a repetition of a repetition", say: "put the first into ( )") }
      if case .assertion = node { throw refused("a repetition of what takes no character") }
      node = .repeated(node, least, most)
      // Greedy or not, all that any match covers is found.
      _ = skip("?")
      if next == "+" { throw refused("possessive repetitions are not supported", say: "remove the second +") }
    }
    return node
  }

  private mutating func count() throws(TextPattern.Refused) -> (Int, Int?)? {
    if skip("*") { return (0, nil) }
    if skip("+") { return (1, nil) }
    if skip("?") { return (0, 1) }
    guard next == "{" else { return nil }
    let start = position
    position += 1
    let least = number()
    var most = least
    if skip(",") { most = next == "}" ? nil : number() }
    guard skip("}"), let least else {
      position = start
      throw refused("'{' begins no count such as {2,5}", say: "say \\{ for the character itself")
    }
    guard least <= Self.maxCount, most ?? 0 <= Self.maxCount else { throw refused("a count above \(Self.maxCount)") }
    if let most, most < least { throw refused("a count that ends before it begins") }
    return (least, most)
  }

  private mutating func number() -> Int? {
    var digits = ""
    while let character = next, CharacterSet.digits.contains(character), digits.count < 5 {
      digits.unicodeScalars.append(character)
      position += 1
    }
    return Int(digits)
  }

  private mutating func atom() throws(TextPattern.Refused) -> PatternNode {
    let character = characters[position]
    position += 1
    switch character {
    case "(": return try group()
    case "[": return .character(try set())
    case ".": return .character(.allButLineBreak)
    case "^": return .assertion(.start)
    case "$": return .assertion(.end)
    case "\\": return try escape()
    case "*", "+", "?":
      throw refused("'\(character)' repeats nothing", say: "say \\\(character) for the character itself")
    default: return literal(character.value...character.value)
    }
  }

  private func literal(_ range: ClosedRange<UInt32>) -> PatternNode {
    let set = CharacterSet(range)
    return .character(ignoresCase ? set.ignoringCase : set)
  }

  private mutating func group() throws(TextPattern.Refused) -> PatternNode {
    if skip("?") {
      for mark in ["=", "!", "<=", "<!"] where skip(mark) {
        throw refused("lookaround is not supported", say: "match the surroundings too")
      }
      if skip("<") || skip("P<") {
        while let character = next, character != ">" { position += character == ")" ? characters.count : 1 }
        guard skip(">") else { throw refused("a group's name without its end") }
      } else if !skip(":") {
        throw refused("'(?' begins neither (?: nor (?i) at the beginning")
      }
    }
    let node = try alternatives()
    guard skip(")") else { throw refused("a '(' without its ')'", say: "say \\( for the character itself") }
    return node
  }

  private mutating func escape() throws(TextPattern.Refused) -> PatternNode {
    if skip("b") { return .assertion(.wordEdge) }
    if skip("B") { return .assertion(.noWordEdge) }
    let set = try escapedSet()
    return .character(ignoresCase ? set.ignoringCase : set)
  }

  private mutating func escapedSet() throws(TextPattern.Refused) -> CharacterSet {
    guard let character = next else { throw refused("a '\\' at the end") }
    position += 1
    switch character {
    case "d": return .digits
    case "D": return CharacterSet.digits.inverted
    case "w": return .word
    case "W": return CharacterSet.word.inverted
    case "s": return .spaces
    case "S": return CharacterSet.spaces.inverted
    case "n": return CharacterSet(0x0A...0x0A)
    case "r": return CharacterSet(0x0D...0x0D)
    case "t": return CharacterSet(0x09...0x09)
    case "x": return try hexadecimal(digits: 2)
    case "u":
      if skip("{") {
        let set = try hexadecimal(digits: nil)
        guard skip("}") else { throw refused("\\u{ without its end") }
        return set
      }
      return try hexadecimal(digits: 4)
    case "1"..."9", "k": throw refused("back-references are not supported")
    case "p", "P": throw refused("properties such as \\p{L} are not supported", say: "say \\w, or list them in [ ]")
    default:
      if CharacterSet.word.contains(character) { throw refused("\\\(character) is not known") }
      return CharacterSet(character.value...character.value)
    }
  }

  private mutating func hexadecimal(digits: Int?) throws(TextPattern.Refused) -> CharacterSet {
    var text = ""
    while let character = next, character.properties.isASCIIHexDigit, text.count < digits ?? 6 {
      text.unicodeScalars.append(character)
      position += 1
    }
    guard text.count == digits ?? text.count, let value = UInt32(text, radix: 16), Unicode.Scalar(value) != nil else {
      throw refused("an escape without its hexadecimal digits")
    }
    return CharacterSet(value...value)
  }

  private mutating func set() throws(TextPattern.Refused) -> CharacterSet {
    let isInverted = skip("^")
    var set = CharacterSet()
    var isFirst = true
    while isFirst || next != "]" {
      isFirst = false
      guard let low = next else { throw refused("a '[' without its ']'", say: "say \\[ for the character itself") }
      if low == "[", position + 1 < characters.count, characters[position + 1] == ":" {
        throw refused("classes such as [:alpha:] are not supported", say: "say a-zA-Z")
      }
      position += 1
      if low == "\\" {
        set.formUnion(try escapedSet())
        continue
      }
      var high = low
      if next == "-", position + 1 < characters.count, characters[position + 1] != "]" {
        high = characters[position + 1]
        position += 2
        if high == "\\" { throw refused("a range that ends in an escape", say: "list the characters") }
      }
      guard low <= high else { throw refused("the range \(low)-\(high) is the wrong way round") }
      set.insert(low.value...high.value)
    }
    position += 1
    if ignoresCase { set = set.ignoringCase }
    return isInverted ? set.inverted : set
  }
}
