import Testing

@testable import Dialects

@Suite("NameTable")
struct NameTableTests {
  private let table = NameTable((1...32).map { (String(repeating: "x", count: $0), $0) })

  private func name(_ text: String, ignoresCase: Bool = false) -> Int? {
    let bytes = Array("\"\(text)".utf8)
    return table.name(bytes.span.bytes, 1, bytes.count, ignoresCase: ignoresCase)
  }

  @Test("names of every length are found at the end of memory, and no text one byte away", arguments: 1...32)
  func lengths(length: Int) {
    let text = Array(repeating: Character("x"), count: length)
    #expect(name(String(text)) == length)
    for place in 0..<length {
      var other = text
      other[place] = "y"
      #expect(name(String(other)) == nil)
      other[place] = "X"
      #expect(name(String(other)) == nil)
      #expect(name(String(other), ignoresCase: true) == length)
    }
  }

  @Test("what is empty or longer than every name is none")
  func tooLong() {
    #expect(name("") == nil)
    #expect(name(String(repeating: "x", count: 33)) == nil)
  }

  @Test("every request name is found by its spelling", arguments: RequestName.allCases)
  func requestNames(name: RequestName) {
    #expect(RequestName(text: name.rawValue) == name)
    #expect(RequestName(text: name.rawValue + "_") == nil)
  }
}
