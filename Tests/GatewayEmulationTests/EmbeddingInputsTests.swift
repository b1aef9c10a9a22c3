import NIOCore
import Testing

@testable import GatewayEmulation

@Suite("EmbeddingInputs")
struct EmbeddingInputsTests {
  @Test(
    "Inputs are counted: one text, several texts, one list of tokens, several lists",
    arguments: [
      (#""a""#, 1), (#"["a","b"]"#, 2), ("[1,2,3]", 1), ("[[1],[2],[3]]", 3), ("[]", 1), ("null", 1),
    ])
  func inputs(input: String, count: Int) {
    let inputs = EmbeddingInputs(body: ByteBuffer(string: #"{"input":\#(input)}"#))
    #expect(inputs.words.count == count)
    #expect(inputs.words.allSatisfy { !$0.isEmpty })
  }

  @Test("However much is sent, so many inputs and words are looked at")
  func bounds() {
    let text = "\"" + String(repeating: "a b ", count: 10_000) + "\""
    let one = EmbeddingInputs(body: ByteBuffer(string: #"{"input":\#(text),"dimensions":1e9}"#))
    #expect(one.words[0].count == EmbeddingInputs.wordLimit)
    #expect(one.dimensions == EmbeddingInputs.mostDimensions)
    let many = Array(repeating: #""a b c""#, count: 5000).joined(separator: ",")
    let all = EmbeddingInputs(body: ByteBuffer(string: #"{"input":[\#(many)]}"#))
    #expect(all.words.count == RequestFields.inputLimit)
    #expect(all.words.reduce(0) { $0 + $1.count } <= EmbeddingInputs.totalLimit)
  }

  @Test("Texts that share words are alike, others are not, and variety hardly moves them")
  func likeness() async throws {
    func vectors(_ behavior: GatewayBehavior) async throws -> [[Double]] {
      var found: [[Double]] = []
      try await withGateway(behavior) { gateway in
        let body = #"{"input":["Your order left on Monday","Your order was sent on Monday","Thanks, goodbye 🙂"]}"#
        let answer = try await exchange(gateway, Wire.post("/v1/embeddings", body))
        found = (try Wire.object(answer.bodyText)["data"] as? [[String: Any]] ?? []).map {
          $0["embedding"] as? [Double] ?? []
        }
      }
      return found
    }
    func cosine(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let first = try await vectors(GatewayBehavior(answerSource: .prompt))
    #expect(first.count == 3 && first.allSatisfy { abs(cosine($0, $0) - 1) < 1e-5 })
    #expect(cosine(first[0], first[1]) > 0.6)
    #expect(abs(cosine(first[0], first[2])) < 0.4)
    #expect(try await vectors(GatewayBehavior(answerSource: .prompt, seed: 9)) == first)
    let moved = try await vectors(GatewayBehavior(answerSource: .prompt, variety: 0.7, seed: 9))
    #expect(moved != first && cosine(moved[0], first[0]) > 0.999)
    #expect(try await vectors(GatewayBehavior(answerSource: .prompt, divergenceRate: 1)) != first)
  }
}
