/// Tests the assembly of Anthropic's Messages and of embeddings.

import Dialects
import Testing

@Suite("MessagesAssembly")
struct MessagesAssemblyTests {
  @Test("Blocks are put together from their deltas")
  func stream() throws {
    let more = #"""
      event: content_block_delta
      data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"ts\"}"}}


      """#
    let body =
      Messages.start + Messages.blockStart + Messages.ping + Messages.text + Messages.blockStop + Messages.toolStart
      + Messages.toolDelta + more + Messages.delta + Messages.stop
    let content = content(body, .messages)
    let choice = try #require(content.choices.first)
    #expect(choice.text == "Let me look.")
    #expect(choice.toolCalls == [call("lookup", #"{"q":"cats"}"#)])
    #expect(choice.finishReason == "tool_use")
    #expect(content.usage?.prompt == 36 && content.usage?.completion == 37)
  }

  @Test("A document has its blocks whole, thinking apart, and the arm's own tools are nobody's calls")
  func document() throws {
    let body = #"""
      {"type":"message","model":"m","content":[{"type":"thinking","thinking":"Hm."},{"type":"text","text":"A"},
       {"type":"server_tool_use","name":"web_search","input":{"q":"x"}},{"type":"text","text":"B"},
       {"type":"tool_use","name":"f","input":{"b":1,"a":[]}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":2}}
      """#
    let content = content(body, .messages)
    let choice = try #require(content.choices.first)
    #expect(choice.text == "AB" && choice.reasoning == "Hm.")
    #expect(choice.toolCalls == [call("f", #"{"a":[],"b":1}"#)])
    #expect(content.fields.contains("content.input") && !content.fields.contains("content.input.b"))
  }

  @Test("A tool without arguments has an empty object")
  func noArguments() {
    #expect(content(Messages.start + Messages.toolStart, .messages).choices.first?.toolCalls == [call("lookup", "{}")])
  }

  @Test("The stop reason refusal is a refusal, and an error event an error")
  func refusal() {
    let body = #"{"type":"message","content":[{"type":"text","text":"I cannot."}],"stop_reason":"refusal"}"#
    #expect(content(body, .messages).choices.first?.refusal == "I cannot.")
    #expect(content(Messages.start + Messages.error, .messages).error?.kind == .overloaded)
  }

  @Test("Embeddings are read by index, as numbers and as base64")
  func embeddings() {
    let body = #"""
      {"object":"list","model":"e","data":[{"index":1,"embedding":[0.5,-2]},{"index":0,"embedding":"AACAPwAAAMA="}],
       "usage":{"prompt_tokens":4,"total_tokens":4}}
      """#
    let content = content(body, .embeddings)
    #expect(content.embeddings == [[1, -2], [0.5, -2]])
    #expect(content.usage?.prompt == 4)
  }

  @Test("Vectors that cannot be read are empty, and no index makes more room than the limit")
  func badEmbeddings() {
    let body =
      #"{"data":[{"index":0,"embedding":"A?=="},{"index":1,"embedding":[1,"x"]},{"index":999999999,"embedding":[1]},{"index":2,"embedding":"AAAA"}]}"#
    #expect(content(body, .embeddings).embeddings == [[], [], []])
  }
}
