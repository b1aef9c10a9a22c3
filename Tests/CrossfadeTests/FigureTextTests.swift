import Testing

@testable import crossfade

@Suite("FigureText")
struct FigureTextTests {
  @Test(
    "Counts have thousands",
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1234, "-1,234"),
    ])
  func count(value: Int, text: String) { #expect(FigureText.count(value) == text) }

  @Test("One is not many") func counted() {
    #expect(FigureText.counted(1, "request") == "1 request")
    #expect(FigureText.counted(0, "request") == "0 requests")
    #expect(FigureText.counted(2, "canary", "canaries") == "2 canaries")
  }

  @Test(
    "Durations",
    arguments: [
      (Double?.none, "-"), (0.4, "0 ms"), (999.4, "999 ms"), (1240, "1.24 s"), (123_456, "123 s"),
    ])
  func milliseconds(value: Double?, text: String) { #expect(FigureText.milliseconds(value) == text) }

  @Test(
    "Evidence over many powers of ten",
    arguments: [
      (0, "0.00"), (0.034, "0.03"), (9.99, "9.99"), (199.999, "200"), (2440.6, "2,441"), (3e9, "10^9"),
      (.infinity, "beyond measure"), (.nan, "beyond measure"),
    ] as [(Double, String)])
  func evidence(value: Double, text: String) { #expect(FigureText.evidence(value) == text) }

  @Test("Clocks") func clock() {
    #expect(FigureText.clock(.milliseconds(7999)) == "0:07")
    #expect(FigureText.clock(.seconds(83)) == "1:23")
    #expect(FigureText.clock(.seconds(-1)) == "0:00")
  }
}

@Suite("StyledLine")
struct StyledLineTests {
  @Test("It is cut at the terminal's edge, colour codes not counted") func cut() {
    let line = StyledLine("abc", .bad) + StyledLine("def")
    #expect(line.width == 6)
    #expect(line.text(inColour: false, columns: 4) == "abcd")
    #expect(line.text(inColour: true, columns: 4) == "\u{1b}[31mabc\u{1b}[0md")
    #expect(line.text(inColour: true, columns: 2) == "\u{1b}[31mab\u{1b}[0m")
  }

  @Test("A text wraps at spaces, and a long word keeps its own line") func wrap() {
    #expect("one two three".wrapped(7) == ["one two", "three"])
    #expect("a unbreakable b".wrapped(5) == ["a", "unbreakable", "b"])
    #expect("".wrapped(5) == [])
  }

  @Test("A bar is never longer than its room", arguments: [-1, 0, 0.5, 1, 7, .nan] as [Double])
  func bar(share: Double) { #expect(Glyphs.ascii.bar(share, width: 8).count == 8) }
}
