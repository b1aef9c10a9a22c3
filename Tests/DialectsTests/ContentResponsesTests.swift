/// Tests the assembly of answers of the Responses API.

import Dialects
import Testing

@Suite("ResponsesAssembly")
struct ResponsesAssemblyTests {
  private let deltas = dataEvents(
    #"{"type":"response.created","response":{"id":"r","model":"m","status":"in_progress","output":[]}}"#,
    #"{"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","summary":[]}}"#,
    #"{"type":"response.reasoning_summary_text.delta","output_index":0,"delta":"Hm."}"#,
    #"{"type":"response.output_item.added","output_index":1,"item":{"type":"message","content":[]}}"#,
    #"{"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"Li"}"#,
    #"{"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"ma"}"#,
    #"{"type":"response.output_item.added","output_index":2,"item":{"type":"function_call","name":"f","arguments":""}}"#,
    #"{"type":"response.function_call_arguments.delta","output_index":2,"delta":"{\"x\":"}"#,
    #"{"type":"response.function_call_arguments.delta","output_index":2,"delta":"1}"}"#)
  private let output =
    #"[{"type":"message","content":[{"type":"output_text","text":"Oslo"}]},{"type":"function_call","name":"g","arguments":"{}"}]"#

  @Test("Deltas make up the answer where its last event has none")
  func fromDeltas() throws {
    for end in ["", dataEvents(#"{"type":"response.completed","response":{"status":"completed","output":[]}}"#)] {
      let choice = try #require(content(deltas + end, .responses).choices.first)
      #expect(choice.text == "Lima" && choice.reasoning == "Hm.")
      #expect(choice.toolCalls == [call("f", #"{"x":1}"#)])
      #expect(choice.finishReason == (end.isEmpty ? nil : "completed"))
    }
  }

  @Test("The final response wins over the deltas")
  func final() throws {
    let end = dataEvents(
      #"{"type":"response.completed","response":{"status":"completed","output":\#(output),"usage":{"input_tokens":3,"output_tokens":2}}}"#
    )
    let content = content(deltas + end, .responses)
    let choice = try #require(content.choices.first)
    #expect(choice.text == "Oslo" && choice.toolCalls == [call("g", "{}")])
    #expect(content.usage?.prompt == 3)
    #expect(content.fields.contains("response.usage.input_tokens"))
  }

  @Test("A document is read like the final response, with why it is incomplete")
  func document() throws {
    let body =
      #"{"object":"response","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":\#(output)}"#
    let choice = try #require(content(body, .responses).choices.first)
    #expect(choice.text == "Oslo" && choice.finishReason == "max_output_tokens")
  }

  @Test("What is done says all that its deltas said, once")
  func done() throws {
    let body =
      deltas
      + dataEvents(
        #"{"type":"response.function_call_arguments.done","output_index":2,"arguments":"{\"x\":1}"}"#,
        #"{"type":"response.output_item.done","output_index":2,"item":{"type":"function_call","name":"f","arguments":"{\"x\":1}"}}"#,
        #"{"type":"response.output_item.done","output_index":1,"item":{"type":"message","content":[{"type":"output_text","text":"Lima"}]}}"#
      )
    let choice = try #require(content(body, .responses).choices.first)
    #expect(choice.text == "Lima" && choice.toolCalls == [call("f", #"{"x":1}"#)])
  }

  @Test("Refusals and custom tools are read")
  func others() throws {
    let body = dataEvents(
      #"{"type":"response.refusal.delta","output_index":0,"delta":"No"}"#,
      #"{"type":"response.output_item.added","output_index":1,"item":{"type":"custom_tool_call","name":"c","input":""}}"#,
      #"{"type":"response.custom_tool_call_input.delta","output_index":1,"delta":"ls"}"#)
    let choice = try #require(content(body, .responses).choices.first)
    #expect(choice.refusal == "No" && choice.toolCalls == [call("c", "ls")])
  }

  @Test("A failed response is an error")
  func failed() {
    let body = dataEvents(
      #"{"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"x"}}}"#)
    #expect(content(body, .responses).error?.kind == .server)
  }

  @Test("Of two responses in one stream the last is the answer; a picture has its type")
  func second() throws {
    let space = dataEvents(
      #"{"type":"response.created","response":{"id":"ghost","output":[]}}"#,
      #"{"type":"response.output_text.delta","output_index":0,"delta":" "}"#)
    let choice = try #require(content(space + deltas, .responses).choices.first)
    #expect(choice.text == "Lima" && choice.reasoning == "Hm.")
    let drawn = #"{"output":[{"type":"image_generation_call","result":"iVBOR","output_format":"png"}]}"#
    #expect(
      content(drawn, .responses).choices.first?.media == [AnswerContent.Medium(isSound: false, type: "image/png")])
  }
}
