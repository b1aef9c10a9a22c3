/// Tests what is made of answers in words.

import ResponseDiff
import Testing

@Suite("TextDiff")
struct TextDiffTests {
  private let english =
    "The deployment finished and the new version is running. You can check the logs to see that it was started with the right settings."
  private let other =
    "Your deployment is done, and the new version is up. To see that it was started with the right settings, have a look at the logs."
  private let german =
    "Die Auslieferung ist fertig und die neue Version wird ausgeführt. Sie können die Protokolle ansehen, um zu prüfen, ob sie mit den richtigen Einstellungen gestartet ist."

  @Test("Another wording is no mismatch by default, only below the similarity that the rules ask for")
  func wording() throws {
    let comparison = difference(chat(english), chat(other))
    #expect(comparison.lines == ["note text choices[0].message.content"])
    let similarity = try #require(comparison.similarity)
    #expect((0.3..<0.95).contains(similarity))
    #expect(!difference(chat(english), chat(other), rules: ComparisonRules(text: .init(similarity: 0.2))).isMismatch)
    #expect(difference(chat(english), chat(other), rules: ComparisonRules(text: .init(similarity: 0.95))).isMismatch)
  }

  @Test("An answer in another language is a mismatch, a short or mixed one is not")
  func language() {
    let comparison = difference(chat(english), chat(german))
    #expect(comparison.lines.first == "breaking language choices[0].message.content")
    #expect(comparison.differences[0].baseline == "english")
    #expect(comparison.differences[0].candidate == "german")
    #expect(!difference(chat("Yes."), chat("Ja.")).isMismatch)
    #expect(!difference(chat(german), chat(german + " " + english + " " + english)).isMismatch)
  }

  @Test("Texts that differ in space alone are equal")
  func space() {
    #expect(difference(chat("a  b\n"), chat("a b")).lines == [])
    #expect(difference(chat("a  b\n"), chat("a b")).similarity == 1)
  }

  @Test("A far shorter or longer answer is minor")
  func length() {
    let long = Array(repeating: english, count: 4).joined(separator: " ")
    #expect(difference(chat(long), chat(english)).lines.contains("minor length choices[0].message.content"))
    #expect(!difference(chat("Yes, it is."), chat("Yes")).lines.contains { $0.contains("length") })
    #expect(difference(chat("abcd"), chat("ab")).lengthRatio == 0.5)
  }

  @Test("Texts without words are alike only where they are equal")
  func signs() {
    #expect(difference(chat("!!!"), chat("???")).similarity == 0)
    #expect(difference(chat("🙂"), chat("🙂 ")).similarity == 1)
  }

  @Test("Answers without text have no similarity")
  func noText() {
    let comparison = difference(calling(("a", "{}")), calling(("a", "{}")))
    #expect(comparison.similarity == nil && comparison.lengthRatio == nil)
  }
}
