import Testing

@testable import Dialects

@Suite("JSONSyntax")
struct JSONSyntaxTests {
  static let good = [
    "{}", "[]", " \t\r\n{ } ", #"{"a":1}"#, #"[1,2 , 3]"#, "0", "-0", "-0.5e+10", "1E5", "12.0e-3", "true", "false",
    "null",
    #""""#, #""\"\\\/\b\f\n\r\t\u0041\uD83D\uDE00""#, #""日本😀é""#, #"{"a":{"b":[{},[],{"c":null}]},"a":[[]]}"#,
    "\"\u{7F}\"",
    #""\ud800""#,
  ]
  static let bad = [
    "", " ", "{", "}", "[", "]", "{]", "[}", "{,}", "[,]", "[1,]", #"{"a":1,}"#, #"{"a"}"#, #"{"a":}"#, #"{a:1}"#,
    #"{1:1}"#,
    #"{"a":1 "b":2}"#, "[1 2]", "01", "-", "+1", ".5", "1.", "1.e5", "1e", "1e+", "0x1", "1_0", "NaN", "Infinity",
    "nul", "nulls",
    "True", "'a'", #"""#, #""\""#, #""\x""#, #""\u12""#, #""\u12G4""#, "\"\n\"", "\"\u{0}\"", "\"\u{1F}\"", "{} {}",
    "[]]", "1 2",
    "/**/{}", "\u{FEFF}{}",
  ]

  private func accepts(_ text: [UInt8]) -> Bool {
    let bytes = text.span.bytes
    guard let end = JSONSyntax.skipValue(bytes, 0, depth: 0) else { return false }
    return JSONSyntax.skipSpace(bytes, end) == bytes.byteCount
  }

  private func tokenizes(_ text: [UInt8], piece: Int) -> Bool {
    var tokenizer = JSONTokenizer()
    var start = 0
    while start < text.count {
      let end = min(start + piece, text.count)
      var at = start
      reading: while true {
        switch tokenizer.next(in: text.span.bytes, at: &at, to: end) {
        case .more: break reading
        case .failed: return false
        default: continue
        }
      }
      start = end
    }
    _ = tokenizer.finish()
    return tokenizer.isClosed
  }

  @Test("what RFC 8259 allows is accepted, whole and in pieces", arguments: good)
  func accepted(text: String) {
    #expect(accepts(Array(text.utf8)))
    for piece in 1...8 { #expect(tokenizes(Array(text.utf8), piece: piece)) }
  }

  @Test("what it does not is refused, whole and in pieces", arguments: bad)
  func refused(text: String) {
    #expect(!accepts(Array(text.utf8)))
    for piece in 1...8 { #expect(!tokenizes(Array(text.utf8), piece: piece)) }
  }

  @Test("a text may be 128 levels deep, not 129")
  func depth() {
    for (open, close) in [("[", "]"), (#"{"a":"#, "}"), (#"[{"a":"#, "}]")] {
      let perUnit = open.hasPrefix("[{") ? 2 : 1
      for (levels, isAllowed) in [(128, true), (130, false)] {
        let count = levels / perUnit
        let inner = levels == 130 || perUnit == 2 ? "1" : "1"
        let text = String(repeating: open, count: count) + inner + String(repeating: close, count: count)
        #expect(accepts(Array(text.utf8)) == isAllowed)
        #expect(tokenizes(Array(text.utf8), piece: 7) == isAllowed)
      }
    }
    #expect(!accepts(Array((String(repeating: "[", count: 129) + String(repeating: "]", count: 129)).utf8)))
  }

  @Test(
    "bytes that are not UTF-8 are refused",
    arguments: [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xC3, 0x41],
      [0xFF],
    ] as [[UInt8]])
  func notUTF8(bytes: [UInt8]) {
    #expect(!accepts([0x22] + bytes + [0x22]))
    #expect(String(validating: bytes, as: UTF8.self) == nil)
  }

  @Test("the scanner and the tokenizer agree on every text one or two bytes away from JSON")
  func agreement() {
    let alphabet = Array(#"{}[]",:\u019.-+eEtrufalsn x/"#.utf8) + [0x0A, 0x1F]
    var random = SplitMix64(seed: 8259)
    var accepted = 0
    for _ in 0..<60_000 {
      var text = Array(Self.good.randomElement(using: &random)!.utf8)
      for _ in 0..<Int.random(in: 1...2, using: &random) {
        let at = Int.random(in: 0...text.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: text.insert(alphabet.randomElement(using: &random)!, at: at)
        case 1 where at < text.count: text.remove(at: at)
        default: if at < text.count { text[at] = alphabet.randomElement(using: &random)! }
        }
      }
      guard String(validating: text, as: UTF8.self) != nil else { continue }
      let isAccepted = accepts(text)
      accepted += isAccepted ? 1 : 0
      if isAccepted != tokenizes(text, piece: 3) {
        Issue.record("they differ on \(String(decoding: text, as: UTF8.self).debugDescription)")
        return
      }
    }
    #expect(accepted > 5_000)
  }
}
