import Testing

@testable import Dialects

@Suite("AnswerReader: messages")
struct MessagesAnswerTests {
  let messages = AnswerCase(endpoint: .messages)

  @Test("a stream is read from message_start to message_stop, with cumulative usage and the cache within the prompt")
  func stream() {
    let answer = messages.read(Messages.stream)
    #expect(answer.firstContentIsAtEnd(of: Messages.start + Messages.blockStart + Messages.ping + Messages.text))
    #expect(answer.terminalAt == Messages.stream.utf8.count)
    let facts = answer.facts
    #expect(facts.id == "msg_01B")
    #expect(facts.model == "claude-opus-4-7")
    #expect(facts.finishReason == "tool_use")
    #expect(facts.finish == .toolCalls)
    #expect(facts.sawContent && facts.sawToolCall)
    #expect(facts.usage == TokenUsage(prompt: 36, completion: 37, cached: 12, cacheWrite: 3))
    #expect(messages.outcome(Messages.stream) == .ok)
  }

  @Test("a JSON body")
  func body() {
    let json = AnswerCase(endpoint: .messages, format: .json)
    let facts = json.read(Messages.body).facts
    #expect(facts.id == "msg_01A")
    #expect(facts.finishReason == "end_turn")
    #expect(facts.usage == TokenUsage(prompt: 21, completion: 4, cached: 12))
    #expect(json.outcome(Messages.body) == .ok)
  }

  @Test("without message_stop, or with a null stop reason, a stream is incomplete")
  func incomplete() {
    #expect(messages.outcome(Messages.start + Messages.text + Messages.delta) == .incomplete)
    #expect(messages.outcome(Messages.start + Messages.text + Messages.stop) == .incomplete)
    #expect(messages.read(Messages.start + Messages.text).facts.usage == nil)
  }

  @Test("thinking comes before content and is reasoning")
  func thinking() {
    let block =
      "event: content_block_start\n"
      + events(
        #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"#)
    let delta =
      "event: content_block_delta\n"
      + events(#"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#)
    let signature =
      "event: content_block_delta\n"
      + events(#"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqQ"}}"#)
    let answer = messages.read(Messages.start + signature + block + delta)
    #expect(answer.firstContentIsAtEnd(of: Messages.start + signature + block + delta))
    #expect(answer.facts.sawReasoning && !answer.facts.sawContent)
    let body = AnswerCase(endpoint: .messages, format: .json).read(
      #"{"type":"message","content":[{"type":"thinking","thinking":"hm","signature":"E"},{"type":"redacted_thinking","data":"x"},{"type":"tool_use","id":"t","name":"f","input":{"text":"no"}}],"stop_reason":"tool_use"}"#
    )
    #expect(body.facts.sawReasoning && body.facts.sawToolCall && !body.facts.sawContent)
  }

  @Test("an error event after tokens is an error in the body, of the event's kind")
  func error() {
    let stream = Messages.start + Messages.text + Messages.error
    #expect(messages.read(stream).facts.error == AnswerError(code: nil, type: "overloaded_error"))
    #expect(messages.read(stream).facts.error?.kind == .overloaded)
    #expect(messages.outcome(stream) == .errorInBody)
    #expect(messages.outcome(stream, .clientGone) == .errorInBody)
  }

  @Test("unknown events and pings with any data pass")
  func unknownEvents() {
    let odd = "event: ping\ndata: now\n\nevent: message_weather\ndata: {\"type\":\"message_weather\",\"delta\":3}\n\n"
    let facts = messages.read(odd + Messages.stream).facts
    #expect(facts.malformedEvents == 0)
    #expect(facts.eventCount == 11)
  }
}
