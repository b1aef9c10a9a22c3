import Dialects
import Testing

@testable import Translation

/// A chat's answer as a message.
@Suite struct MessageAnswerTests {
  private static let usage = #"""
    {"id":"gen-1","choices":[],"usage":{"prompt_tokens":128,"completion_tokens":37,
    "prompt_tokens_details":{"cached_tokens":100,"cache_write_tokens":7},"completion_tokens_details":{"reasoning_tokens":5}}}
    """#.replacing("\n", with: "")

  private static let toolTurn =
    ": OPENROUTER PROCESSING\n\n"
    + chunks(
      chunk(#""role":"assistant","content":"""#),
      chunk(#""reasoning":"Hm, ","reasoning_details":[{"type":"reasoning.text","text":"Hm, ","index":0}]"#),
      chunk(#""content":"","reasoning":"so.""#),
      chunk(#""reasoning_details":[{"type":"reasoning.text","signature":"c2ln"}]"#),
      chunk(#""reasoning_details":[{"type":"reasoning.encrypted","data":"cmVk"}]"#),
      chunk(#""content":"Let \ud83d""#), chunk(#""content":"\udca1 me\n\"look\" 💡.""#),
      chunk(#""tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"lookup","arguments":""}}]"#),
      chunk(#""tool_calls":[{"index":0,"function":{"arguments":"{\"q\": 1.50,"}}]"#),
      chunk(#""tool_calls":[{"index":0,"function":{"arguments":"\"s\":\"}\\\"\\u00e9\"}"}}]"#),
      chunk(#""tool_calls":[{"index":1,"id":"call_2","type":"function","function":{"name":"now","arguments":"{}"}}]"#),
      chunk("", "tool_calls"), usage, "[DONE]")

  @Test("a turn of tools and thinking reaches the application whole, however its stream is cut")
  func toolTurn() {
    let out = translatedAnyhow(Self.toolTurn, to: .messages)
    let answer = content(out, .messages)
    let choice = answer.choices.first
    #expect(choice?.text == "Let 💡 me\n\"look\" 💡.")
    #expect(choice?.reasoning == "Hm, so.")
    #expect(choice?.toolCalls.map(\.name) == ["lookup", "now"])
    #expect(choice?.toolCalls.map(\.arguments) == [#"{"q": 1.50,"s":"}\"\u00e9"}"#, "{}"])
    #expect(choice?.finishReason == "tool_use")
    #expect(answer.usage == TokenUsage(prompt: 128, completion: 37, cached: 100, cacheWrite: 7))
    #expect(out.contains(#"{"type":"signature_delta","signature":"c2ln"}"#))
    #expect(out.contains(#"{"type":"redacted_thinking","data":"cmVk"}"#))
    #expect(wellFormed(out) == 5)
  }

  /// One message begins and ends, its blocks one after another, and each delta is of its block's kind.
  /// - Returns: how many blocks there are.
  private func wellFormed(_ stream: String, _ place: SourceLocation = #_sourceLocation) -> Int {
    let kinds = [
      "text": ["text_delta"], "thinking": ["thinking_delta", "signature_delta"], "tool_use": ["input_json_delta"],
    ]
    var (open, count): (String?, Int) = (nil, 0)
    let names = names(stream)
    #expect(names.first == "message_start" && names.count { $0 == "message_start" } == 1, sourceLocation: place)
    #expect(names.suffix(2) == ["message_delta", "message_stop"], sourceLocation: place)
    for event in data(stream).compactMap({ JSONTree(text: $0) }) {
      switch event["type"]?.text {
      case "content_block_start":
        #expect(open == nil && event["index"]?.integer == count, sourceLocation: place)
        open = event["content_block"]?["type"]?.text
      case "content_block_delta":
        let delta = event["delta"]?["type"]?.text ?? ""
        #expect(open.flatMap { kinds[$0] }?.contains(delta) == true, sourceLocation: place)
        #expect(event["index"]?.integer == count, sourceLocation: place)
      case "content_block_stop":
        #expect(open != nil && event["index"]?.integer == count, sourceLocation: place)
        (open, count) = (nil, count + 1)
      default: break
      }
    }
    #expect(open == nil, sourceLocation: place)
    return count
  }

  @Test("one message begins, thinking never stands in a text block, and comments and roles open nothing")
  func blocks() {
    let stream =
      ": a\n\n"
      + chunks(
        chunk(#""role":"assistant","content":"""#), chunk(#""role":"assistant","content":null"#),
        chunk(#""content":"a""#), chunk(#""reasoning_content":"b""#), chunk(#""content":"c""#), ": b",
        chunk(#""role":"assistant""#, "stop"), chunk("", "stop"), "[DONE]"
      )
      .replacing("data: : b", with: ": b")
    let out = translatedAnyhow(stream, to: .messages)
    #expect(wellFormed(out) == 3)
    #expect(content(out, .messages).choices.first?.text == "ac")
    #expect(content(out, .messages).choices.first?.reasoning == "b")
    let empty = translatedAnyhow(chunks(chunk(#""role":"assistant","content":"""#), chunk("", "stop")), to: .messages)
    #expect(wellFormed(empty) == 0)
  }

  private func tool(_ index: Int, _ id: String?, _ name: String?, _ arguments: String) -> String {
    let id = id.map { #""id":"\#($0)","# } ?? ""
    let name = name.map { #""name":"\#($0)","# } ?? ""
    let text = String(decoding: JSONText.escaped(arguments.utf8), as: UTF8.self)
    return chunk(#""tool_calls":[{"index":\#(index),\#(id)"function":{\#(name)"arguments":"\#(text)"}}]"#)
  }

  @Test("tools whose arguments come by turns each get all of theirs, one block after another")
  func interleaved() {
    for pieces in [
      [
        tool(0, "a", "f", ""), tool(1, "b", "g", ""), tool(1, nil, nil, #"{"y":[2,"#), tool(0, nil, nil, #"{"x":"}"#),
        tool(1, nil, nil, "3]}"), tool(0, nil, nil, #""}"#),
      ],
      [tool(0, "a", "f", #"{"x":"}"}"#), tool(1, "b", "g", #"{"y":[2,3]}"#)],
      // All under one index: another id is another call.
      [tool(0, "a", "f", #"{"x":"}"}"#), tool(0, "b", "g", #"{"y":[2,3]}"#)],
      // The name comes late, and once more.
      [
        tool(0, "a", nil, ""), tool(0, "a", "f", #"{"x":"#), tool(1, "b", "g", #"{"y":[2,3]}"#),
        tool(0, "a", "f", #""}"}"#),
      ],
    ] {
      let stream = pieces.map { chunks($0) }.joined() + chunks(chunk(#""content":"end""#), chunk("", "stop"), "[DONE]")
      let out = translatedAnyhow(stream, to: .messages)
      #expect(wellFormed(out) == 3)
      let choice = content(out, .messages).choices.first
      #expect(choice?.toolCalls.map(\.name) == ["f", "g"])
      #expect(choice?.toolCalls.map(\.arguments) == [#"{"x":"}"}"#, #"{"y":[2,3]}"#])
      #expect(choice?.text == "end")
      #expect(choice?.finishReason == "tool_use")
    }
  }

  @Test("a tool that is called without arguments is called with an empty object")
  func noArguments() {
    let stream = chunks(tool(0, "functions.f:0", "f", ""), tool(1, nil, "g", ""), chunk("", "tool_calls"))
    let out = translatedAnyhow(stream, to: .messages)
    #expect(wellFormed(out) == 2)
    #expect(content(out, .messages).choices.first?.toolCalls.map(\.arguments) == ["{}", "{}"])
    #expect(out.contains(#""id":"functions_2ef_3a0""#))
    let document =
      #"{"id":"g","choices":[{"message":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":""}}]},"finish_reason":"stop"}]}"#
    let whole = translated(document, to: .messages, format: .json)
    #expect(whole.contains(#"{"type":"tool_use","id":"a","name":"f","input":{}}"#))
    #expect(whole.contains(#""stop_reason":"tool_use""#))
  }

  @Test("an error inside of a stream stays an error, and nothing comes after it")
  func errors() {
    let late = chunks(chunk(#""content":"half""#))
    for error in [
      #"{"error":{"code":529,"message":"Over\"loaded"},"choices":[]}"#,
      #"{"id":"g","error":{"code":"529","message":"Over\"loaded"},"choices":[{"delta":{"content":""},"finish_reason":"error"}]}"#,
      #"{"choices":[{"delta":{},"error":{"code":529,"message":"Over\"loaded"},"finish_reason":"error"}]}"#,
    ] {
      for start in ["", late] {
        let out = translatedAnyhow(start + chunks(error, chunk("", "stop"), "[DONE]"), to: .messages)
        let last = data(out).last.flatMap { JSONTree(text: $0) }
        #expect(names(out).last == "error")
        #expect(last?["error"]?["type"]?.text == "overloaded_error")
        #expect(last?["error"]?["message"]?.text == "Over\"loaded")
      }
    }
    #expect(names(translatedAnyhow(chunks(chunk("", "error"), "[DONE]"), to: .messages)).last == "error")
    #expect(names(translatedAnyhow(#"{"error":{"code":429,"message":"slow"}}"#, to: .messages)) == ["error"])
  }

  @Test("a stream that breaks off before its finish reason has no end, whatever stands behind it")
  func brokenOff() {
    let finish = Self.toolTurn.ranges(of: #""finish_reason":"tool_calls""#)[0]
    let bytes = Array(Self.toolTurn.utf8)
    for length in 0..<Self.toolTurn.utf8.distance(from: Self.toolTurn.startIndex, to: finish.lowerBound) {
      let out = translated(String(decoding: bytes[..<length], as: UTF8.self), to: .messages)
      #expect(!out.contains("message_stop"))
    }
    #expect(!translated(chunks(chunk(#""content":"a""#), "[DONE]"), to: .messages).contains("message_stop"))
    // The finish reason is the end of a chat; [DONE] adds nothing to it. But where the connection broke, nobody says so.
    let whole = chunks(chunk(#""content":"a""#), chunk("", "length"))
    #expect(translated(whole, to: .messages).contains(#""stop_reason":"max_tokens""#))
    #expect(!translated(whole, to: .messages, endsWell: false).contains("message_stop"))
  }

  @Test("more than is kept for tools that wait ends the answer in an error")
  func waiting() {
    let text = String(repeating: "x", count: 600_000)
    let stream = chunks(
      tool(0, "a", "f", ""), tool(1, "b", "g", text), tool(1, nil, nil, text), chunk("", "tool_calls"), "[DONE]")
    #expect(names(translated(stream, to: .messages)).last == "error")
  }

  @Test("a whole chat answer is a whole message")
  func document() {
    let chat = #"""
      {"id":"gen-1","model":"gpt","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant",
      "content":"Lima","reasoning":"Hm","reasoning_details":[{"type":"reasoning.text","text":"Hm","signature":"c2ln"},
      {"type":"reasoning.encrypted","data":"cmVk"}],"tool_calls":[{"id":"call_1","type":"function",
      "function":{"name":"f","arguments":"{\"a\": 1.0 }"}}]}}],
      "usage":{"prompt_tokens":29,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":24}}}
      """#
    #expect(
      meaning(translated(chat, to: .messages, format: .json))
        == meaning(
          #"""
          {"id":"gen-1","type":"message","role":"assistant","model":"gpt","content":[
          {"type":"thinking","thinking":"Hm","signature":"c2ln"},{"type":"redacted_thinking","data":"cmVk"},
          {"type":"text","text":"Lima"},{"type":"tool_use","id":"call_1","name":"f","input":{"a":1}}],
          "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":5,"cache_creation_input_tokens":0,
          "cache_read_input_tokens":24,"output_tokens":4}}
          """#))
    let broken = chat.replacing(#""{\"a\": 1.0 }""#, with: #""{\"a\"""#)
    #expect(translated(broken, to: .messages, format: .json).hasPrefix(#"{"type":"error""#))
  }

  @Test("there and back again nothing that a model said is lost")
  func roundTrip() {
    let there = translated(Self.toolTurn, to: .messages)
    let back = translated(there, to: .chat)
    let (first, last) = (content(Self.toolTurn, .chatCompletions), content(back, .chatCompletions))
    #expect(first.choices == last.choices)
    #expect(first.usage == last.usage)
  }
}
