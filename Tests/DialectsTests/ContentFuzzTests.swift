/// Cuts answers at every byte and breaks them at random: there is then less content, and never a trap.

import Dialects
import Testing

@Suite("AnswerContent, broken")
struct ContentFuzzTests {
  private static let streams: [(Endpoint, String)] = [
    (.chatCompletions, Chat.stream), (.chatCompletions, Chat.li + Chat.error),
    (
      .chatCompletions,
      dataEvents(
        chunk(#"{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\""}}]}"#),
        chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":":\"\\u00e9\\ud83d\\ude42\"}"}}]}"#))
    ),
    (.messages, Messages.stream),
    (
      .responses,
      dataEvents(
        #"{"type":"response.output_text.delta","output_index":0,"delta":"Li"}"#,
        #"{"type":"response.function_call_arguments.delta","output_index":1,"delta":"{\"x\":"}"#,
        #"{"type":"response.completed","response":{"status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"Lima"}]},{"type":"function_call","name":"f","arguments":"{\"x\":1}"}]}}"#
      )
    ),
  ]
  private static let documents: [(Endpoint, String)] = [
    (.chatCompletions, Chat.body),
    (.embeddings, #"{"data":[{"index":0,"embedding":[1,2.5e3]},{"embedding":"AACAPw=="}]}"#),
    (
      .messages,
      #"{"type":"message","content":[{"type":"tool_use","name":"f","input":{"a":1}}],"stop_reason":"tool_use"}"#
    ),
  ]

  /// Bytes of everything that the model said.
  private func size(_ content: AnswerContent) -> Int {
    content.choices.reduce(0) { sum, choice in
      let calls = choice.toolCalls.reduce(0) { $0 + $1.name.utf8.count + $1.arguments.utf8.count }
      return sum + choice.text.utf8.count + choice.reasoning.utf8.count + calls
    }
  }

  @Test(
    "A stream that is cut has as much content as its whole events, and never more than before",
    arguments: streams.indices)
  func cutStreams(index: Int) {
    let (endpoint, body) = Self.streams[index]
    let bytes = Array(body.utf8)
    var last = 0
    for end in 0...bytes.count {
      let content = AnswerContent(endpoint: endpoint, status: 200, body: bytes.span.bytes.extracting(0..<end))
      let now = size(content)
      #expect(now >= last, "cut at \(end)")
      last = now
    }
    #expect(last > 0)
  }

  @Test("A document that is cut has no content", arguments: documents.indices)
  func cutDocuments(index: Int) {
    let (endpoint, body) = Self.documents[index]
    let bytes = Array(body.utf8)
    for end in 0..<bytes.count {
      let content = AnswerContent(endpoint: endpoint, status: 200, body: bytes.span.bytes.extracting(0..<end))
      #expect(content.choices.isEmpty && content.embeddings.isEmpty && content.usage == nil)
    }
  }

  @Test("Bytes changed, dropped and doubled at random end in some content", arguments: 0..<40 as Range<UInt64>)
  func broken(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for (_, body) in Self.streams + Self.documents {
      var bytes = Array(body.utf8)
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        let place = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
        case 1: bytes[place] = Array("{}[],:\"\\0-e\n").randomElement(using: &random)?.asciiValue ?? 0
        case 2: bytes.remove(at: place)
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 40)], at: place)
        }
      }
      // Every endpoint gets every shape.
      for endpoint in Endpoint.allCases {
        let content = AnswerContent(endpoint: endpoint, status: 200, body: bytes.span.bytes)
        #expect(content.fields.count <= AnswerContent.fieldLimit)
        #expect(size(content) <= 4 * bytes.count)
      }
      let request = RequestExpectations(endpoint: .chatCompletions, body: bytes.span.bytes)
      #expect(request.tools.count <= RequestExpectations.toolLimit)
      if let tree = JSONTree(bytes.span.bytes) {
        #expect(JSONTree(text: tree.canonicalText)?.means(tree) == true)
      }
    }
  }
}
