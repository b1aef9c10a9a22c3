/// Tests the assembly of chat completions and legacy completions.

import Dialects
import Testing

@Suite("ChatAssembly")
struct ChatAssemblyTests {
  @Test("A stream and a document of the same answer have the same content")
  func streamAndDocument() {
    for body in [Chat.stream, Chat.body] {
      let content = content(body)
      #expect(content.choices.map(\.text) == ["Lima"])
      #expect(content.choices.first?.finishReason == "stop")
      #expect(content.usage?.prompt == 21 && content.usage?.completion == 4)
      #expect(content.model == "anthropic/claude-opus-4.7")
      #expect(content.error == nil)
    }
  }

  @Test("Fields are those that were seen, over all events, without indices and sorted")
  func fields() {
    let fields = content(Chat.stream).fields
    #expect(fields.contains("choices.delta.content") && fields.contains("usage.cost") && fields.contains("provider"))
    #expect(fields == fields.sorted() && Set(fields).count == fields.count)
    let names = (0..<1_000).map { #""f\#($0)":1"# }.joined(separator: ",")
    #expect(content("{\(names)}").fields.count == AnswerContent.fieldLimit)
    let tool = chunk(#"{"tool_calls":[{"index":0,"function":{"name":"f","arguments":{"secret":1}}}]}"#)
    #expect(!content(dataEvents(tool)).fields.contains { $0.contains("secret") })
  }

  @Test("Tool calls are put together from fragments by their index, interleaved as they may be")
  func fragments() {
    let body = dataEvents(
      chunk(#"{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":""}}]}"#),
      chunk(#"{"tool_calls":[{"index":1,"id":"b","function":{"name":"g","arguments":"{\"y\""}}]}"#),
      chunk(#"{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{\"x\":"}}]}"#),
      chunk(#"{"tool_calls":[{"index":1,"function":{"arguments":":2}"}},{"index":0,"function":{"arguments":"1}"}}]}"#),
      chunk("{}", finish: #""tool_calls""#), "[DONE]")
    #expect(content(body).choices.first?.toolCalls == [call("f", #"{"x":1}"#), call("g", #"{"y":2}"#)])
    #expect(content(body).choices.first?.finishReason == "tool_calls")
  }

  @Test("Another id under the same index is another call")
  func repeatedIndex() {
    let body = dataEvents(
      chunk(#"{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]}"#),
      chunk(#"{"tool_calls":[{"index":0,"id":"b","function":{"name":"f","arguments":"{\"n\":2}"}}]}"#))
    #expect(content(body).choices.first?.toolCalls == [call("f", "{}"), call("f", #"{"n":2}"#)])
  }

  @Test("A legacy function call and arguments as an object are tool calls too")
  func otherShapes() {
    let legacy = dataEvents(
      chunk(#"{"function_call":{"name":"f","arguments":"{\"x\""}}"#), chunk(#"{"function_call":{"arguments":":1}"}}"#))
    #expect(content(legacy).choices.first?.toolCalls == [call("f", #"{"x":1}"#)])
    let object = #"{"choices":[{"message":{"tool_calls":[{"function":{"name":"f","arguments":{"b":1,"a":2.0}}}]}}]}"#
    #expect(content(object).choices.first?.toolCalls == [call("f", #"{"a":2,"b":1}"#)])
  }

  @Test("Choices are kept apart and in the order of their indices")
  func choices() {
    let body = dataEvents(
      #"{"choices":[{"index":1,"delta":{"content":"b"}},{"index":0,"delta":{"content":"a"}}]}"#,
      #"{"choices":[{"index":0,"delta":{"content":"A"},"finish_reason":"stop"}]}"#,
      #"{"choices":[{"index":1,"delta":{},"finish_reason":"length"},{"index":-1,"delta":{"content":"x"}},{"index":99999,"delta":{"content":"x"}}]}"#
    )
    #expect(content(body).choices.map(\.text) == ["aA", "b"])
    #expect(content(body).choices.map(\.finishReason) == ["stop", "length"])
  }

  @Test("Reasoning is read under each of its names, and once where it comes under several")
  func reasoning() {
    let body = dataEvents(
      chunk(#"{"reasoning":"a","reasoning_details":[{"type":"reasoning.text","text":"a"}]}"#),
      chunk(#"{"reasoning_content":"b","reasoning":null}"#), chunk(#"{"reasoning_details":[{"summary":"c"}]}"#),
      chunk(#"{"content":"d"}"#))
    #expect(content(body).choices.first?.reasoning == "abc")
    #expect(content(body).choices.first?.text == "d")
  }

  @Test("A refusal and content in parts are read")
  func refusal() {
    let refused = dataEvents(chunk(#"{"refusal":"I can"}"#), chunk(#"{"refusal":"not."}"#))
    #expect(content(refused).choices.first?.refusal == "I cannot.")
    #expect(content(Chat.body).choices.first?.refusal == nil)
    let parts = #"{"choices":[{"message":{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}}]}"#
    #expect(content(parts).choices.first?.text == "ab")
  }

  @Test("Legacy completions have text")
  func completions() {
    let body = dataEvents(
      #"{"choices":[{"index":0,"text":"a"}]}"#, #"{"choices":[{"index":0,"text":"b","finish_reason":"stop"}]}"#)
    #expect(content(body, .completions).choices.map(\.text) == ["ab"])
  }

  @Test("An error under 200 is kept, with what came before it")
  func error() {
    let content = content(Chat.li + Chat.error)
    #expect(content.choices.first?.text == "Li")
    #expect(content.choices.first?.finishReason == "error")
    #expect(content.error?.code == "502")
  }

  @Test("Comments, byte order marks, CRLF, data in several lines and events that are no JSON do not matter")
  func shapes() {
    let body =
      "\u{FEFF}: hello\r\n\r\ndata: {\"choices\":[{\"index\":0,\r\ndata: \"delta\":{\"content\":\"a\"}}]}\r\n\r\ndata: oops\r\n\r\n"
      + "data:{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"b\"}}]}\r\n\r\ndata: [DONE]\r\n\r\ndata: {\"choices\":[{\"text\":\"no\"}]}\r\n\r\n"
    #expect(content(body).choices.map(\.text) == ["ab"])
  }
}
