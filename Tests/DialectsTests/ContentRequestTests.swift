/// Tests what is read of a request: tools, the form asked for, what it works with.

import Dialects
import Testing

@Suite("RequestExpectations")
struct RequestExpectationsTests {
  private func read(_ body: String, _ endpoint: Endpoint = .chatCompletions) -> RequestExpectations {
    let bytes = Array(body.utf8)
    return RequestExpectations(endpoint: endpoint, body: bytes.span.bytes)
  }

  @Test("Tools are read in each dialect's shape")
  func tools() {
    let schema = #"{"type":"object"}"#
    let bodies = [
      #"{"tools":[{"type":"function","function":{"name":"f","parameters":\#(schema)}}]}"#,
      #"{"tools":[{"type":"function","name":"f","parameters":\#(schema)},{"type":"web_search"}]}"#,
      #"{"tools":[{"name":"f","input_schema":\#(schema)}]}"#, #"{"functions":[{"name":"f","parameters":\#(schema)}]}"#,
    ]
    for body in bodies {
      #expect(read(body).tools == [.init(name: "f", parameters: JSONTree(text: schema))])
      #expect(read(body).tool(named: "f") != nil && read(body).tool(named: "g") == nil)
    }
    #expect(read(#"{"tools":[{"type":"custom","custom":{"name":"c"}}]}"#).tools == [.init(name: "c")])
    let many = Array(repeating: #"{"name":"f"}"#, count: 1_000).joined(separator: ",")
    #expect(read(#"{"tools":[\#(many)],"functions":[\#(many)]}"#).tools.count == RequestExpectations.toolLimit)
  }

  @Test("The form of the output is read in each dialect's shape")
  func format() {
    let schema = JSONTree.object([.init(name: "type", value: .string("object"))])
    let bodies = [
      #"{"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}}}"#,
      #"{"text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}}}}"#,
      #"{"output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}}}"#,
      #"{"output_format":{"type":"json_schema","schema":{"type":"object"}}}"#,
    ]
    for body in bodies { #expect(read(body).format == .jsonSchema(schema)) }
    #expect(read(#"{"response_format":{"type":"json_object"}}"#).format == .jsonObject)
    #expect(read(#"{"response_format":{"type":"text"}}"#).format == .text)
    #expect(read(#"{"text":{"verbosity":"low"}}"#).asksForJSON == false)
  }

  @Test("What a request works with is read from its content parts and fields")
  func modalities() {
    let chat =
      #"{"messages":[{"role":"user","content":"x"},{"role":"user","content":[{"type":"text","text":"image_url"},{"type":"image_url","image_url":{"url":"data:"}},{"type":"input_audio"},{"type":"file"}]}]}"#
    #expect(read(chat).modalities == [.images, .audio, .files])
    #expect(
      read(#"{"input":[{"role":"user","content":[{"type":"input_image"}]}]}"#, .responses).modalities == [.images])
    #expect(read(#"{"messages":[{"content":[{"type":"document"}]}]}"#, .messages).modalities == [.files])
    #expect(read(#"{"reasoning":{"effort":"high"}}"#).modalities == [.reasoning])
    #expect(read(#"{"thinking":{"type":"enabled","budget_tokens":5}}"#, .messages).modalities == [.reasoning])
    for off in [
      #"{"reasoning":{"effort":"none"}}"#, #"{"thinking":{"type":"disabled"}}"#, #"{"include_reasoning":false}"#,
    ] {
      #expect(read(off).modalities == [])
    }
    #expect(read(#"{"modalities":["text","image"]}"#).modalities == [.images])
  }

  @Test("The temperature is read, and of a body that is no JSON nothing is known")
  func others() {
    #expect(read(#"{"temperature":0.7}"#).temperature == 0.7)
    for body in ["", "x", "[]", "{", #"{"messages":[}"#] {
      #expect(read(body) == RequestExpectations(endpoint: .chatCompletions))
    }
  }
}
