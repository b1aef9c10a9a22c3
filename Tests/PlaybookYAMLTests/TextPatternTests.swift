/// What patterns cover, what they refuse, and that no pattern can hold anyone up.

import Testing

@testable import PlaybookYAML

@Suite struct TextPatternTests {
  /// What is covered, in brackets.
  private func marked(_ pattern: String, _ text: String) throws -> String {
    let characters = Array(text.unicodeScalars)
    let ranges = try TextPattern(pattern).ranges(in: characters)
    var result = String.UnicodeScalarView()
    for (index, character) in characters.enumerated() {
      if ranges.contains(where: { $0.lowerBound == index }) { result.append("[") }
      result.append(character)
      if ranges.contains(where: { $0.upperBound == index + 1 }) { result.append("]") }
    }
    return String(result)
  }

  @Test(
    "covers what is written",
    arguments: [
      ("abc", "xabcxabc", "x[abc]x[abc]"), ("a|bc|", "xabcx", nil), ("a.c", "abc a\nc", "[abc] a\nc"),
      ("[a-c]+", "xabcax", "x[abca]x"), ("[^a-c ]+", "ab xy a", "ab [xy] a"), ("[]x]", "a]x", "a[]x]"),
      ("[a\\d-]+", "-1a b", "[-1a] b"), ("\\d{3}", "12 123 1234", "12 [123] [1234]"),
      ("\\d{2,3}x", "1x 12x 1234x", "1x [12x] 1[234x]"), ("ab?c", "ac abc abbc", "[ac] [abc] abbc"),
      ("(?:ab)+c", "ababc", "[ababc]"), ("(?<n>a)b", "ab", "[ab]"), ("^a|b$", "aab", "[a]a[b]"),
      ("\\bcat\\b", "cat concat cat.", "[cat] concat [cat]."), ("\\Bcat", "cat concat", "cat con[cat]"),
      ("(?i)iD-[x-z]", "id-Z ID-x", "[id-Z] [ID-x]"), ("\\x41\\u{1F600}", "A😀", "[A😀]"),
      ("\\w+", "größe, 東京", "[größe], [東京]"), ("\\W", "aß!", "aß[!]"), ("\\s+", "a\u{A0} b", "a[\u{A0} ]b"),
      ("[^\\W]", "ß!", "[ß]!"), ("[\\Wa]", "aßb!", "[a]ßb[!]"), ("a.*?b", "aabb", "[aabb]"),
      ("a{0}b", "ab", "a[b]"), ("\\[\\]\\(\\)\\.", "[]().", "[[]().]"),
    ] as [(String, String, String?)]) func covers(pattern: String, text: String, expected: String?) throws
  {
    guard let expected else {
      #expect(try TextPattern(pattern).matchesNothing)
      return
    }
    #expect(try marked(pattern, text) == expected)
  }

  @Test(
    "overlapping matches are covered together",
    arguments: [("aba", "ababa", "[ababa]"), ("a.*b|b.", "axbyb", "[axbyb]")])
  func overlaps(pattern: String, text: String, expected: String) throws {
    #expect(try marked(pattern, text) == expected)
  }

  @Test(
    "says when nothing is enough to match",
    arguments: [("a*", true), ("a*b?", true), ("^", true), ("\\b", false), ("a", false), ("(|a)", true), ("a+", false)])
  func empty(pattern: String, expected: Bool) throws {
    #expect(try TextPattern(pattern).matchesNothing == expected)
  }

  /// Engines that try one way after the other need 2^n or n^k steps for these.
  @Test(
    "the steps for a text grow with its length alone",
    arguments: ["(a+)+b", "(a|a)*b", "(a|aa)+c", "(.*)(.*)(.*)(.*)x", "a.*a.*a.*b", "(a?){300}a{300}b"])
  func linear(pattern: String) throws {
    let text = Array(repeating: Unicode.Scalar("a"), count: 5000)
    #expect(try TextPattern(pattern).ranges(in: text).isEmpty)
  }

  @Test(
    "a text that lacks what every match holds is ruled out before it is searched",
    arguments: [
      ("[a-z]+@[a-z]+", "nobody at all", false), ("[a-z]+@[a-z]+", "a@b", true), ("(?:ab|ac)d", "abc", false),
      ("(?:x|@)y", "xy", true), ("é?", "plain", true), ("é", "plain", false), ("é", "ünlike", true),
    ] as [(String, String, Bool)])
  func ruledOut(_ pattern: String, _ text: String, _ isPossible: Bool) throws {
    let present = CharacterPresence(of: Array(text.unicodeScalars))
    #expect(try TextPattern(pattern).mayMatch(in: present) == isPossible)
  }

  @Test("agrees with the standard library's engine on random small patterns", arguments: 0..<4)
  func agreement(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    for _ in 0..<150 {
      let pattern = random.pattern(depth: 3)
      let text = random.text()
      let own = try TextPattern(pattern)
      guard !own.matchesNothing else { continue }
      let reference = try Regex(pattern)
      let characters = Array(text.unicodeScalars)
      var covered = Set<Int>()
      for start in 0..<characters.count {
        for end in (start + 1)..<(characters.count + 1) {
          var piece = String.UnicodeScalarView()
          piece.append(contentsOf: characters[start..<end])
          if try reference.wholeMatch(in: String(piece)) != nil { covered.formUnion(start..<end) }
        }
      }
      let found = Set(own.ranges(in: characters).flatMap { $0 })
      #expect(found == covered, "\(pattern) in \(text)")
      #expect(found.isEmpty || own.mayMatch(in: CharacterPresence(of: characters)))
    }
  }
}

private struct SplitMix {
  var state: UInt64

  mutating func next(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(bound))
  }

  mutating func pattern(depth: Int) -> String {
    switch next(depth > 0 ? 8 : 3) {
    case 0: return "a"
    case 1: return "b"
    case 2: return "[ab]"
    case 3: return "(?:\(pattern(depth: depth - 1))|\(pattern(depth: depth - 1)))"
    case 4: return "(?:\(pattern(depth: depth - 1)))" + ["*", "+", "?", "{2}", "{1,2}"][next(5)]
    default: return pattern(depth: depth - 1) + pattern(depth: depth - 1)
    }
  }

  mutating func text() -> String { String((0..<next(9)).map { _ in ["a", "b", "c"][next(3)] }) }
}
