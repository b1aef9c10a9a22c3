import Testing

@testable import Dialects

@Suite("AnswerName")
struct AnswerNameTests {
  private func name(_ text: String) -> AnswerName? {
    var short = ShortText()
    for byte in text.utf8 { short.append(byte) }
    return AnswerName(short)
  }

  @Test("every name is found by its spelling", arguments: AnswerName.allCases)
  func found(name: AnswerName) {
    #expect(self.name(name.rawValue) == name)
    #expect(self.name(name.rawValue + "x") == nil)
    #expect(self.name(name.rawValue.uppercased()) == nil)
  }

  @Test(
    "no other text is a name",
    arguments: [
      "", "x", "idd", "provider", String(repeating: "a", count: 32), String(repeating: "a", count: 33),
      String(repeating: "a", count: 300),
    ])
  func notFound(text: String) {
    #expect(name(text) == nil)
  }
}
