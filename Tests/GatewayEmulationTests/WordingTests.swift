import Testing

@testable import GatewayEmulation

@Suite("Wording")
struct WordingTests {
  private func text(_ prompt: UInt64, variety: Double, manner: UInt64, count: Int = 40) -> [String] {
    var wording = Wording(phrasebook: .english, variety: variety, manner: SeededRandom(seed: manner))
    var content = SeededRandom(seed: prompt)
    return wording.words(count, content: &content)
  }

  /// Of their words, how many stand in both in the same order (longest common subsequence), over the longer.
  private func likeness(_ first: [String], _ second: [String]) -> Double {
    var row = [Int](repeating: 0, count: second.count + 1)
    for word in first {
      var diagonal = 0
      for (index, other) in second.enumerated() {
        let above = row[index + 1]
        row[index + 1] = word == other ? diagonal + 1 : max(above, row[index])
        diagonal = above
      }
    }
    return Double(row[second.count]) / Double(max(first.count, second.count))
  }

  @Test("Without variety the content alone decides, and there are as many words as asked for", arguments: [1, 7, 40])
  func fixed(count: Int) {
    let first = text(1, variety: 0, manner: 1, count: count)
    #expect(first.count == count)
    #expect(text(1, variety: 0, manner: 2, count: count) == first)
    #expect(first.last?.hasSuffix(".") == true)
  }

  @Test("What is said is the same in every process")
  func pinned() {
    #expect(
      text(1, variety: 0, manner: 1, count: 14).joined(separator: " ")
        == "There are no open questions about the invoice at the moment. Femi wrote that.")
  }

  @Test("Different prompts are answered differently")
  func prompts() {
    #expect(Set((0..<200).map { text($0, variety: 0, manner: 1) }).count == 200)
  }

  @Test("With variety the same is said in other words, at about the same length, and far from another prompt's answer")
  func varied() {
    var alike = 0.0
    var apart = 0.0
    for prompt in 0..<100 as Range<UInt64> {
      let (first, second) = (text(prompt, variety: 0.7, manner: 1), text(prompt, variety: 0.7, manner: 2))
      #expect(first != second)
      #expect((0.7...1.5).contains(Double(second.count) / Double(first.count)))
      alike += likeness(first, second) / 100
      apart += likeness(first, text(prompt + 100, variety: 0.7, manner: 2)) / 100
    }
    #expect((0.5...0.85).contains(alike), "\(alike)")
    #expect(apart < 0.4, "\(apart)")
  }

  @Test(
    "Every place in every sentence has one word to be said without variety, and every name is known",
    arguments: 0..<3)
  func phrasebook(number: Int) {
    let book = ([Phrasebook.english] + Phrasebook.foreign)[number]
    #expect(Set(book.names.keys) == Set(Phrasebook.kinds))
    for slot in book.sentences.joined() {
      #expect(!slot.alternatives[0].contains(" "))
      for alternative in slot.alternatives {
        let pieces = alternative.split("{")
        for piece in pieces.dropFirst() { #expect(book.names[piece.split("}")[0]] != nil, "\(alternative)") }
        #expect(pieces.count <= 2)
        #expect(!alternative.contains("\"") && !alternative.contains("\\"))
      }
    }
    for sentence in book.sentences { #expect(sentence.last?.alternatives.allSatisfy { $0.hasSuffix(".") } == true) }
  }

  @Test("Pieces joined are the text, as many as asked for where it is long enough")
  func pieces() {
    let text = "a\u{301}🙂 \"é\" words"
    for count in 1...30 {
      let pieces = TextPieces.of(text, count: count)
      #expect(pieces.joined() == text)
      #expect(pieces.count == min(count, text.unicodeScalars.count))
    }
    #expect(TextPieces.of("", count: 3).isEmpty)
  }
}
