/// Tests how embeddings are held against each other.

import Dialects
import ResponseDiff
import Testing

@Suite("EmbeddingDiff")
struct EmbeddingDiffTests {
  private func body(_ vectors: String...) -> String {
    let data = vectors.enumerated().map { #"{"object":"embedding","index":\#($0),"embedding":\#($1)}"# }
    return #"{"object":"list","data":[\#(data.joined(separator: ","))]}"#
  }

  private func lines(_ a: String, _ b: String) -> [String] { difference(a, b, endpoint: .embeddings).lines }

  @Test("Vectors of one direction are equal, whatever their length, as numbers or as base64")
  func same() {
    let comparison = difference(body("[1,0,0]"), body("[2.0,0,0]"), endpoint: .embeddings)
    #expect(comparison.lines == [] && comparison.cosine == 1)
    // 1, 0, 0 as little-endian floats.
    #expect(lines(body("[1,0,0]"), body(#""AACAPwAAAAAAAAAA""#)) == [])
  }

  @Test("Another dimension or fewer vectors are a mismatch")
  func dimension() {
    #expect(lines(body("[1,0,0]"), body("[1,0]")) == ["breaking dimension data[0].embedding"])
    #expect(lines(body("[1,0]", "[0,1]"), body("[1,0]")) == ["breaking dimension data"])
  }

  @Test("The cosine says how much another direction matters")
  func cosine() {
    #expect(lines(body("[1,0]"), body("[0,1]")) == ["breaking cosine data[0].embedding"])
    #expect(lines(body("[1,0]"), body("[1,0.2]")) == ["minor cosine data[0].embedding"])
    #expect(lines(body("[1,0]"), body("[1,0.03]")) == ["note cosine data[0].embedding"])
    #expect(difference(body("[1,0]"), body("[-1,0]"), endpoint: .embeddings).cosine == -1)
  }

  @Test("Vectors without length and answers without vectors decide nothing")
  func nothing() {
    #expect(lines(body("[0,0]"), body("[1,0]")) == [])
    #expect(!difference("{}", body("[1,0]"), endpoint: .embeddings).isMismatch)
  }
}
