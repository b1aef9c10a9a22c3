/// Every way to be refused is shown by a message, is told apart from the others, and reads as a plain sentence.

import HTTPFraming
import Testing

@Suite struct FramingViolationTests {
  /// Both need a caller that does not go by the scanner; RequestHeadTests shows them.
  private static let withoutScanner: Set<FramingViolation> = [.unterminatedHead, .bytesAfterHead]

  @Test("a message that is wrong in one detail is refused for that detail", arguments: Refusal.all)
  func refused(_ refusal: Refusal) {
    let reading = read(refusal.kind, [refusal.bytes])
    #expect(reading.violation == refusal.violation)
    #expect(reading.messages.filter(\.isComplete) == [])
  }

  @Test("every violation is shown by a message")
  func everyViolationIsShown() {
    let shown = Set(Refusal.all.map(\.violation)).union(Self.withoutScanner)
    #expect(Set(FramingViolation.allCases).subtracting(shown) == [])
  }

  @Test("the parser alone, without the scanner before it, refuses the same heads", arguments: Refusal.all)
  func parserAlone(_ refusal: Refusal) {
    guard read(refusal.kind, [refusal.bytes]).messages.isEmpty else { return }
    switch refusal.kind {
    case .request: #expect(throws: FramingViolation.self) { try requestHead(refusal.bytes) }
    case .response: #expect(throws: FramingViolation.self) { try responseHead(refusal.bytes) }
    }
  }

  @Test("each description is a sentence of its own")
  func descriptions() {
    let sentences = FramingViolation.allCases.map(\.description)
    #expect(Set(sentences).count == sentences.count)
    for sentence in sentences {
      #expect(sentence.count > 20 && sentence.count < 100 && !sentence.hasSuffix("."))
    }
  }
}
