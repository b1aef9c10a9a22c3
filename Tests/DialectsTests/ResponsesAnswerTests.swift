import Testing

@testable import Dialects

@Suite("AnswerReader: responses")
struct ResponsesAnswerTests {
  let responses = AnswerCase(endpoint: .responses)

  @Test("a stream is read to response.completed, whose usage counts")
  func stream() {
    let answer = responses.read(Responses.stream)
    #expect(answer.firstContentIsAtEnd(of: Responses.created + Responses.itemAdded + Responses.text))
    #expect(answer.terminalAt == Responses.stream.utf8.count)
    let facts = answer.facts
    #expect(facts.id == "resp_01")
    #expect(facts.model == "gpt-5")
    #expect(facts.finishReason == "completed")
    #expect(facts.finish == .stop)
    #expect(facts.usage == TokenUsage(prompt: 36, completion: 87, cached: 16, reasoning: 64))
    #expect(responses.outcome(Responses.stream) == .ok)
    #expect(responses.outcome(Responses.stream + Chat.done) == .ok)
  }

  @Test("a limit is a length finish, and complete")
  func incompleteByLimit() {
    let stream = Responses.created + Responses.text + Responses.incomplete
    #expect(responses.read(stream).facts.finishReason == "max_output_tokens")
    #expect(responses.read(stream).facts.finish == .length)
    #expect(responses.outcome(stream) == .ok)
  }

  @Test("response.failed and the error event are errors in the body")
  func failures() {
    let failed = Responses.created + Responses.text + Responses.failed
    #expect(responses.read(failed).facts.error == AnswerError(code: "server_error", type: nil))
    #expect(responses.outcome(failed) == .errorInBody)
    let error =
      Responses.created + "event: error\n"
      + events(#"{"type":"error","code":"rate_limit_exceeded","message":"m","param":null,"sequence_number":3}"#)
    #expect(responses.read(error).facts.error == AnswerError(code: "rate_limit_exceeded", type: nil))
    #expect(responses.outcome(error) == .errorInBody)
    // Without its data's type, by the event's name alone.
    #expect(
      responses.outcome(Responses.created + "event: response.failed\n" + events(#"{"response":{}}"#)) == .errorInBody)
  }

  @Test("a stream that ends before its terminal event is incomplete")
  func cutShort() {
    #expect(responses.outcome(Responses.created + Responses.text) == .incomplete)
    #expect(responses.read(Responses.created).facts.finishReason == nil)
  }

  @Test(
    "deltas are told apart by their event's name, whichever order the members have",
    arguments: [
      ("response.output_text.delta", "content"), ("response.content_part.delta", "content"),
      ("response.audio.delta", "content"), ("response.refusal.delta", "content refusal"),
      ("response.reasoning_text.delta", "reasoning"), ("response.reasoning_summary_text.delta", "reasoning"),
      // The item that was added before them has the tool's name.
      ("response.function_call_arguments.delta", ""), ("response.custom_tool_call_input.delta", ""),
      ("response.mcp_call_arguments.delta", ""), ("response.new_thing.delta", "content"),
      ("response.output_text.annotation.added", ""),
    ])
  func deltas(type: String, expected: String) {
    let shapes = [
      events(#"{"type":"\#(type)","delta":"x"}"#), events(#"{"delta":"x","type":"\#(type)"}"#),
      "event: \(type)\n" + events(#"{"delta":"x"}"#), #"data: {"delta":"x"}"# + "\nevent: \(type)\n\n",
    ]
    for shape in shapes {
      let facts = responses.read(shape).facts
      let seen = [
        facts.sawContent ? "content" : nil, facts.sawReasoning ? "reasoning" : nil, facts.sawRefusal ? "refusal" : nil,
        facts.sawToolCall ? "tool" : nil,
      ]
      #expect(seen.compactMap { $0 }.joined(separator: " ") == expected, "\(shape)")
    }
    #expect(responses.read(events(#"{"type":"\#(type)","delta":""}"#)).firstContentAt == nil)
  }

  @Test("a JSON body tells text, reasoning and calls apart")
  func body() {
    let json = AnswerCase(endpoint: .responses, format: .json)
    let body =
      #"{"id":"resp_1","object":"response","status":"completed","error":null,"model":"m","output":[{"content":[{"text":"hm","type":"reasoning_text"}],"type":"reasoning","summary":[]},{"type":"function_call","name":"f","arguments":"{}"}],"usage":{"input_tokens":1,"output_tokens":2}}"#
    let facts = json.read(body).facts
    #expect(facts.sawReasoning && facts.sawToolCall && !facts.sawContent)
    #expect(facts.finishReason == "completed")
    #expect(json.outcome(body) == .ok)
    #expect(json.outcome(#"{"object":"response","status":"completed","output":[]}"#) == .empty)
    let now = AnswerCase(endpoint: .responses, format: .json, mayAnswerLater: false)
    for status in ["queued", "in_progress"] {
      for output in ["[]", #"[{"type":"message","content":[{"type":"output_text","text":"Li"}]}]"#] {
        let body = #"{"object":"response","status":"\#(status)","output":\#(output)}"#
        #expect(json.outcome(body) == .ok)
        #expect(now.outcome(body) == .incomplete, "nobody asked for it to be made in the background")
      }
    }
    #expect(
      json.outcome(
        #"{"object":"response","status":"failed","error":{"code":"server_error","message":"m"},"output":[]}"#)
        == .errorInBody)
  }
}
