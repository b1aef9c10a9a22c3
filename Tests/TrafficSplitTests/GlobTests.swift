/// Patterns of rules and model maps.

import Testing

@testable import TrafficSplit

@Suite("Glob")
struct GlobTests {
  @Test(
    "matches the whole text and captures what the first star stood for",
    arguments: [
      ("gpt-4", "gpt-4", ""), ("gpt-4", "gpt-4o", nil), ("gpt-4", "gpt", nil), ("", "", ""), ("", "a", nil),
      ("*", "", ""), ("*", "any/thing", "any/thing"), ("deepseek/*", "deepseek/chat", "chat"),
      ("deepseek/*", "deepseek/", ""), ("deepseek/*", "openai/gpt", nil), ("*:free", "a/b:free", "a/b"),
      ("*:free", ":free", ""), ("*:free", "a:freeze", nil), ("a*a", "a", nil), ("a*a", "aa", ""), ("a*a", "aba", "b"),
      ("*/*", "a/b/c", "a"), ("a*b*c", "a-b-b-c", "-"), ("a*b*c", "abc", ""), ("a*b*c", "acb", nil),
      ("**", "ab", ""), ("a**b", "acb", ""), ("*aab*", "aaaab", "aa"), ("*abab*x", "abaababx", "aba"),
      ("*aabaaac*", "aabaaabaaac", "aaba"),
      ("a*b*c*d", "a1b2c3d", "1"),
      ("*ab*ab", "ab", nil), ("*ab*ab", "abab", ""), ("GPT*", "gpt-4", nil), ("*é", "caf\u{e9}", "caf"),
      ("caf\u{e9}", "cafe\u{301}", nil), ("e*", "e\u{301}", "\u{301}"), ("*🙂*", "a🙂b", "a"),
    ] as [(String, String, String?)])
  func capture(_ pattern: String, _ text: String, _ captured: String?) {
    let glob = Glob(pattern)
    #expect(glob.firstCapture(in: text).map { Array($0.unicodeScalars) } == captured.map { Array($0.unicodeScalars) })
    #expect(glob.matches(text) == (captured != nil))
  }

  /// Tries every way to share out the text.
  private func matchesByDefinition(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
    guard let head = pattern.first else { return text.isEmpty }
    if head == UInt8(ascii: "*") {
      return (text.startIndex...text.endIndex).contains { matchesByDefinition(pattern.dropFirst(), text[$0...]) }
    }
    return text.first == head && matchesByDefinition(pattern.dropFirst(), text.dropFirst())
  }

  private func words(_ alphabet: [String], upTo length: Int) -> [String] {
    var (all, longest) = ([""], [""])
    for _ in 0..<length {
      longest = longest.flatMap { word in alphabet.map { word + $0 } }
      all += longest
    }
    return all
  }

  @Test("agrees with the definition for every pattern of up to 5 and text of up to 6 characters")
  func definition() {
    let texts = words(["a", "b"], upTo: 6)
    for pattern in words(["a", "b", "*"], upTo: 5) {
      let glob = Glob(pattern)
      for text in texts {
        let expected = matchesByDefinition(ArraySlice(pattern.utf8), ArraySlice(text.utf8))
        guard glob.matches(text) != expected else { continue }
        Issue.record("\(pattern) on \(text)")
      }
    }
  }

  @Test("takes linear time where a naive search would take the product", .timeLimit(.minutes(1)))
  func linear() {
    let text = String(repeating: "a", count: 1_000_000)
    let run = String(repeating: "a", count: 50_000)
    #expect(!Glob("*\(run)b*\(run)b*").matches(text))
    #expect(Glob("*\(run)*\(run)*").matches(text))
  }

  @Test("is literal without a star")
  func literal() {
    #expect(Glob("openai/gpt-5").isLiteral)
    #expect(!Glob("openai/*").isLiteral)
  }

  @Test("equals a pattern of the same bytes only")
  func equality() {
    #expect(Glob("a*") == Glob("a*"))
    #expect(Set([Glob("\u{e9}"), Glob("e\u{301}")]).count == 2)
  }
}
