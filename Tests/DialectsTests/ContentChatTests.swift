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

  @Test("Tool calls stand in the order of their indices, whichever began first")
  func indexOrder() {
    let later = chunk(#"{"tool_calls":[{"index":1,"function":{"name":"g","arguments":"{}"}}]}"#)
    let first = chunk(#"{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{}"}}]}"#)
    for body in [dataEvents(later, first), dataEvents(first, later)] {
      #expect(content(body).choices.first?.toolCalls == [call("f", "{}"), call("g", "{}")])
    }
  }

  @Test("Two calls on one index of a stream are one broken call, as SDKs put them together; in a message they are two")
  func repeatedIndex() {
    let first = #"{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}"#
    let second = #"{"index":0,"id":"b","function":{"name":"g","arguments":"{\"n\":2}"}}"#
    let apart = dataEvents(chunk(#"{"tool_calls":[\#(first)]}"#), chunk(#"{"tool_calls":[\#(second)]}"#))
    let together = dataEvents(chunk(#"{"tool_calls":[\#(first),\#(second)]}"#))
    for body in [apart, together] {
      #expect(content(body).choices.first?.toolCalls == [call("f", #"{}{"n":2}"#)])
    }
    let message = #"{"choices":[{"message":{"tool_calls":[\#(first),\#(second)]}}]}"#
    #expect(content(message).choices.first?.toolCalls == [call("f", "{}"), call("g", #"{"n":2}"#)])
  }

  @Test("A call without a name is none")
  func nameless() {
    let stub = chunk(#"{"function_call":{"name":"","arguments":""}}"#)
    let named = chunk(#"{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]}"#)
    #expect(content(dataEvents(named, stub)).choices.first?.toolCalls == [call("f", "{}")])
    #expect(content(dataEvents(stub)).choices.first?.toolCalls == [])
  }

  @Test("Beside a delta, text and a last message say nothing more; alone they are the text")
  func otherPlaces() {
    let both = dataEvents(#"{"choices":[{"index":0,"text":"a","delta":{"content":"a"},"finish_reason":null}]}"#)
    let last = dataEvents(#"{"choices":[{"index":0,"message":{"content":"ab"},"finish_reason":"stop"}]}"#)
    let more = dataEvents(chunk(#"{"content":"b"}"#))
    #expect(content(both + more + last).choices.map(\.text) == ["ab"])
    #expect(content(last).choices.map(\.text) == ["ab"])
    #expect(content(both, .completions).choices.map(\.text) == ["a"])
    #expect(content(#"{"choices":[{"text":"x","message":{"content":"ab"}}]}"#).choices.map(\.text) == ["ab"])
  }

  @Test("Where one choice was asked for, an index that counts is no other choice")
  func countingIndex() {
    let body = (0..<4).map { dataEvents(#"{"choices":[{"index":\#($0),"delta":{"content":"\#($0)"}}]}"#) }.joined()
    #expect(content(body).choices.map(\.text) == ["0123"])
    #expect(content(body, several: true).choices.map(\.text) == ["0", "1", "2", "3"])
  }

  @Test("Halves of a character that came in two chunks are joined, and a half alone is none")
  func halves() {
    let body = dataEvents(chunk(#"{"content":"a\ud83e"}"#), chunk(#"{"content":"\uddc9b \ud83e c"}"#))
    #expect(content(body).choices.map(\.text) == ["a\u{1F9C9}b \u{FFFD} c"])
    let whole = dataEvents(chunk(#"{"content":"\ud83e\uddc9\#u{1F9C9}","reasoning":"\uddc9"}"#))
    #expect(content(whole).choices.map(\.text) == ["\u{1F9C9}\u{1F9C9}"])
    #expect(content(whole).choices.map(\.reasoning) == ["\u{FFFD}"])
    let arguments = ["{\\\"q\\\":\\\"\\ud83e", "\\uddc9\\\"}"].map {
      chunk(#"{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"\#($0)"}}]}"#)
    }
    #expect(
      content(dataEvents(arguments[0], arguments[1])).choices.first?.toolCalls.first?.arguments
        == "{\"q\":\"\u{1F9C9}\"}")
  }

  @Test("Pictures and sounds are counted with their type, in a message and over a stream")
  func media() {
    let picture = #"{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBOR"}}"#
    func types(_ body: String) -> [String?]? { content(body).choices.first?.media.map(\.type) }
    let streamed = dataEvents(chunk(#"{"content":"Here","images":[\#(picture)]}"#), chunk(#"{"images":[{}]}"#))
    #expect(types(streamed) == ["image/png"])
    #expect(types(#"{"choices":[{"message":{"content":[\#(picture)]}}]}"#) == ["image/png"])
    let sound = dataEvents(
      chunk(#"{"audio":{"id":"a"}}"#), chunk(#"{"audio":{"data":"AA"}}"#), chunk(#"{"audio":{"data":"BB"}}"#))
    #expect(content(sound).choices.first?.media == [AnswerContent.Medium(isSound: true, type: nil)])
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
    #expect(content(body, several: true).choices.map(\.text) == ["aA", "b"])
    #expect(content(body, several: true).choices.map(\.finishReason) == ["stop", "length"])
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
