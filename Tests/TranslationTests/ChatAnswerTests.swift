import Dialects
import Testing

@testable import Translation

/// A message's answer as a chat's.
@Suite struct ChatAnswerTests {
  private static let toolTurn = events(
    begun, blockBegins(0, #"{"type":"thinking","thinking":"","signature":""}"#), #"{"type":"ping"}"#,
    delta(0, #""type":"thinking_delta","thinking":"Hm, ""#), delta(0, #""type":"thinking_delta","thinking":"so.""#),
    delta(0, #""type":"signature_delta","signature":"c2ln""#), blockEnds(0),
    blockBegins(1, #"{"type":"redacted_thinking","data":"cmVk"}"#), blockEnds(1),
    blockBegins(2, #"{"type":"text","text":""}"#), delta(2, #""type":"text_delta","text":"Let \ud83d""#),
    delta(2, #""type":"text_delta","text":"\udca1 me\n\"look\" 💡.""#), blockEnds(2),
    blockBegins(3, #"{"type":"tool_use","id":"toolu_1","name":"lookup","input":{}}"#),
    delta(3, #""type":"input_json_delta","partial_json":"""#),
    delta(3, #""type":"input_json_delta","partial_json":"{\"q\": 1.50,""#),
    delta(3, #""type":"input_json_delta","partial_json":"\"s\":\"\\u00e9\"}""#), blockEnds(3),
    blockBegins(4, #"{"type":"tool_use","id":"toolu_2","name":"now","input":{}}"#), blockEnds(4),
    stopped(
      "tool_use",
      #"{"input_tokens":21,"cache_read_input_tokens":100,"cache_creation_input_tokens":7,"output_tokens":37}"#),
    ended)

  @Test("a turn of tools and thinking reaches the application whole, however its stream is cut")
  func toolTurn() {
    let out = translatedAnyhow(Self.toolTurn, to: .chat)
    let answer = content(out, .chatCompletions)
    let choice = answer.choices.first
    #expect(choice?.text == "Let 💡 me\n\"look\" 💡.")
    #expect(choice?.reasoning == "Hm, so.")
    #expect(choice?.toolCalls.map(\.name) == ["lookup", "now"])
    #expect(choice?.toolCalls.map(\.arguments) == [#"{"q": 1.50,"s":"\u00e9"}"#, "{}"])
    #expect(choice?.finishReason == "tool_calls")
    #expect(answer.usage == TokenUsage(prompt: 128, completion: 37, cached: 100, cacheWrite: 7))
    #expect(answer.usage == content(Self.toolTurn, .messages).usage)
    #expect(out.hasSuffix("data: [DONE]\n\n"))
    #expect(out.contains(#"{"type":"reasoning.text","signature":"c2ln","format":"anthropic-claude-v1","index":0}"#))
    #expect(out.contains(#"{"type":"reasoning.encrypted","data":"cmVk","format":"anthropic-claude-v1","index":1}"#))
    for data in data(out).dropLast() {
      #expect(JSONTree(text: data)?["id"]?.text == "msg_1")
      #expect(JSONTree(text: data)?["created"]?.integer == 7)
    }
  }

  @Test("an index of a tool call counts tools, not blocks")
  func indices() {
    let out = translated(Self.toolTurn, to: .chat)
    let found = data(out).compactMap {
      JSONTree(text: $0)?["choices"]?.elements.first?["delta"]?["tool_calls"]?.elements.first
    }
    #expect(found.compactMap { $0["index"]?.integer } == [0, 0, 0, 1, 1])
    // By turns as well.
    let interleaved = events(
      begun, blockBegins(0, #"{"type":"text","text":"a"}"#),
      blockBegins(1, #"{"type":"tool_use","id":"x","name":"f","input":{}}"#),
      blockBegins(2, #"{"type":"tool_use","id":"y","name":"g","input":{}}"#),
      delta(2, #""type":"input_json_delta","partial_json":"{}""#),
      delta(1, #""type":"input_json_delta","partial_json":"{\"a\":1}""#), blockEnds(2), blockEnds(1), blockEnds(0),
      stopped("tool_use"), ended)
    let calls = content(translatedAnyhow(interleaved, to: .chat), .chatCompletions).choices.first?.toolCalls
    #expect(calls?.map(\.arguments) == [#"{"a":1}"#, "{}"])
  }

  @Test("arguments that stand only at a block's beginning are not lost, nor doubled")
  func argumentsAtTheStart() {
    for (start, piece, arguments) in [
      (#"{"a": 1}"#, "", #"{"a": 1}"#), (#"{"a": 1}"#, #"{\"a\": 1}"#, #"{"a": 1}"#), ("{}", "", "{}"),
    ] {
      let stream = events(
        begun, blockBegins(0, #"{"type":"tool_use","id":"x","name":"f","input":\#(start)}"#),
        delta(0, #""type":"input_json_delta","partial_json":"\#(piece)""#), stopped("tool_use"), ended)
      let out = translatedAnyhow(stream, to: .chat)
      #expect(content(out, .chatCompletions).choices.first?.toolCalls.map(\.arguments) == [arguments])
    }
  }

  @Test("an error inside of a stream stays an error, and nothing comes after it")
  func errors() {
    let error = #"{"type":"error","error":{"type":"overloaded_error","message":"Over\"loaded"}}"#
    let late = [begun, blockBegins(0, #"{"type":"text","text":"half"}"#)].map { events($0) }.joined()
    for start in ["", late] {
      for end in ["", events(stopped("end_turn"), ended)] {
        let out = translatedAnyhow(start + events(error) + end, to: .chat)
        let last = data(out).last.flatMap { JSONTree(text: $0) }
        #expect(last?["error"]?["code"]?.integer == 529)
        #expect(last?["error"]?["message"]?.text == "Over\"loaded")
        #expect(last?["error"]?["metadata"]?["error_type"]?.text == "overloaded_error")
        #expect(last?["choices"]?.elements.first?["finish_reason"]?.text == "error")
        #expect(!out.contains("[DONE]"))
        #expect(content(out, .chatCompletions).error != nil)
      }
    }
    // Without a name, as one document, and as something that is none.
    for body in ["data: \(error)\n\n", error, "data: {\"type\"\n\n", "event: error\ndata: gone\n\n"] {
      let out = translatedAnyhow(body, to: .chat)
      #expect(content(out, .chatCompletions).error != nil)
      #expect(!out.contains("[DONE]"))
    }
  }

  @Test("a stream that breaks off has no end, wherever that is")
  func brokenOff() {
    // Without the blank line behind it the last event is still whole.
    for length in 0..<Self.toolTurn.utf8.count - 2 {
      let out = translated(String(decoding: Array(Self.toolTurn.utf8)[..<length], as: UTF8.self), to: .chat)
      #expect(!out.contains("[DONE]"))
      #expect(!out.contains(#""finish_reason":""#))
    }
  }

  @Test("cached tokens are counted once, streamed as unstreamed, and a zero undoes nothing")
  func usage() {
    let counts = #"{"input_tokens":9,"cache_read_input_tokens":12,"cache_creation_input_tokens":3,"output_tokens":4}"#
    let zeros = #"{"input_tokens":0,"cache_read_input_tokens":0,"cache_creation_input_tokens":0,"output_tokens":0}"#
    func start(_ usage: String) -> String {
      #"{"type":"message_start","message":{"id":"m","model":"c","content":[],"usage":\#(usage)}}"#
    }
    let expected = TokenUsage(prompt: 24, completion: 4, cached: 12, cacheWrite: 3)
    let text = blockBegins(0, #"{"type":"text","text":"a"}"#)
    for stream in [
      events(start(counts), text, stopped("end_turn", zeros), ended),
      events(start(zeros), text, stopped("end_turn", counts), ended),
      events(start(counts), text, stopped("end_turn", counts), ended),
    ] {
      #expect(content(translatedAnyhow(stream, to: .chat), .chatCompletions).usage == expected)
    }
    let document =
      #"{"id":"m","model":"c","content":[{"type":"text","text":"a"}],"stop_reason":"end_turn","usage":\#(counts)}"#
    #expect(content(translated(document, to: .chat, format: .json), .chatCompletions).usage == expected)
    let asked = TranslatedAnswer.Asked(wantsUsage: false)
    #expect(!translated(events(start(counts), text, stopped("end_turn"), ended), to: .chat, asked).contains("usage"))
  }

  @Test(
    "each way to stop has its word",
    arguments: [
      ("end_turn", "stop"), ("stop_sequence", "stop"), ("pause_turn", "stop"), ("max_tokens", "length"),
      ("model_context_window_exceeded", "length"), ("tool_use", "tool_calls"), ("refusal", "content_filter"),
    ])
  func stops(_ reason: String, _ finish: String) {
    let stream = translatedAnyhow(events(begun, stopped(reason), ended), to: .chat)
    #expect(content(stream, .chatCompletions).choices.first?.finishReason == finish)
    let document = #"{"id":"m","content":[{"type":"text","text":"a"}],"stop_reason":"\#(reason)"}"#
    let whole = translated(document, to: .chat, format: .json)
    #expect(content(whole, .chatCompletions).choices.first?.finishReason == finish)
    #expect(whole.contains(#""native_finish_reason":"\#(reason)""#))
  }

  @Test("a whole message is a whole chat answer")
  func document() {
    let message = #"""
      {"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[{"type":"thinking","thinking":"Hm","signature":"c2ln"},
      {"type":"redacted_thinking","data":"cmVk"},{"type":"text","text":"Li\u006da\ud83d"},{"type":"text","text":"\udca1"},
      {"type":"tool_use","id":"t","name":"f","input":{"a": 1.0 }},{"type":"tool_use","id":"u","name":"g","input":{}}],
      "stop_reason":"tool_use","usage":{"input_tokens":9,"output_tokens":4}}
      """#
    #expect(
      meaning(translated(message, to: .chat, format: .json))
        == meaning(
          #"""
          {"id":"msg_1","object":"chat.completion","created":7,"model":"claude","choices":[{"index":0,"message":{
          "role":"assistant","content":"Lima💡","refusal":null,"reasoning":"Hm","reasoning_details":[
          {"type":"reasoning.text","text":"Hm","signature":"c2ln","format":"anthropic-claude-v1","index":0},
          {"type":"reasoning.encrypted","data":"cmVk","format":"anthropic-claude-v1","index":1}],
          "tool_calls":[{"id":"t","type":"function","function":{"name":"f","arguments":"{\"a\": 1.0 }"}},
          {"id":"u","type":"function","function":{"name":"g","arguments":"{}"}}]},
          "finish_reason":"tool_calls","native_finish_reason":"tool_use"}],
          "usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13,
          "prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":0}}}
          """#))
  }

  @Test(
    "an error keeps its status and its message in the application's shape",
    arguments: [
      (
        400, #"{"type":"error","error":{"type":"invalid_request_error","message":"no"},"request_id":"r"}"#, "no",
        "invalid_request_error"
      ),
      (529, #"{"type":"error","error":{"type":"overloaded_error","message":"busy"}}"#, "busy", "overloaded_error"),
      (404, #"{"detail":"gone"}"#, "gone", "not_found_error"),
      (502, "<html>bad\u{1}</html>", "<html>bad\u{1}</html>", "api_error"),
      (500, "", "HTTP 500", "api_error"),
      (422, #"{"detail":[{"loc":["a"],"msg":"odd"}]}"#, "odd", "invalid_request_error"),
    ])
  func statuses(_ status: Int, _ body: String, _ message: String, _ type: String) {
    for format in [AnswerFormat.json, .eventStream] {
      let chat = JSONTree(text: translated(body, to: .chat, status: status, format: format))
      #expect(chat?["error"]?["code"]?.integer == status)
      #expect(chat?["error"]?["message"]?.text == message)
      #expect(chat?["error"]?["metadata"]?["error_type"]?.text == type)
    }
    let document = JSONTree(text: translated(body, to: .messages, status: status, format: .json))
    #expect(document?["type"]?.text == "error")
    #expect(document?["error"]?["message"]?.text == message)
    #expect(document?["error"]?["type"]?.text == type)
  }

  @Test("reasoning that is not wanted is not shown")
  func hidden() {
    let out = translated(Self.toolTurn, to: .chat, .init(hidesReasoning: true))
    #expect(!out.contains("reasoning"))
  }

  @Test("an event longer than is kept ends the answer in an error")
  func tooLong() {
    let text = String(repeating: "x", count: WholeEvents.limit)
    let stream = events(begun, delta(0, #""type":"text_delta","text":"\#(text)""#), stopped("end_turn"), ended)
    let out = translated(stream, to: .chat)
    #expect(content(out, .chatCompletions).error != nil)
    #expect(!out.contains("[DONE]"))
  }
}
