import NIOCore
import Testing

@testable import GatewayEmulation

@Suite("AskedForm")
struct AskedFormTests {
  private func form(_ body: String) throws -> AskedForm {
    try #require(RequestFields(body: ByteBuffer(string: body))).form
  }

  private func called(_ body: String) throws -> String? {
    var random = SeededRandom(seed: 1)
    return try form(body).tool(using: &random)?.name
  }

  private static let chat = #""tools":[{"type":"function","function":{"name":"find","parameters":{"type":"object"}}}]"#

  @Test(
    "Tools are found in every dialect, and those that the gateway would run are not called",
    arguments: [
      (#"{\#(chat)}"#, "find"),
      (#"{"tools":[{"type":"function","name":"look","parameters":{}}]}"#, "look"),
      (#"{"tools":[{"name":"seek","input_schema":{"type":"object"}}]}"#, "seek"),
      (#"{"tools":[{"type":"function","function":{"name":"bare"}}]}"#, "bare"),
      (#"{"tools":[{"type":"web_search"},{"type":"web_search_20250305","name":"web_search"}]}"#, nil),
      (#"{"tools":[]}"#, nil), (#"{"tools":7}"#, nil), ("{}", nil),
    ] as [(String, String?)])
  func tools(body: String, name: String?) throws {
    #expect(try called(body) == name)
  }

  @Test(
    "The choice is kept to",
    arguments: [
      (#""none""#, nil), (#"{"type":"none"}"#, nil), (#""auto""#, "a"), (#""required""#, "a"),
      (#"{"type":"any"}"#, "a"),
      (#"{"type":"function","function":{"name":"b"}}"#, "b"), (#"{"type":"function","name":"b"}"#, "b"),
      (#"{"type":"tool","name":"b"}"#, "b"),
    ] as [(String, String?)])
  func choice(choice: String, name: String?) throws {
    let tools = #"[{"name":"a","input_schema":{}},{"name":"b","input_schema":{}}]"#
    let called = try called(#"{"tools":\#(tools),"tool_choice":\#(choice)}"#)
    #expect(name == "a" ? called != nil : called == name)
  }

  @Test(
    "What a tool returned is answered in words",
    arguments: [
      (#""messages":[{"role":"user","content":"x"},{"role":"tool","content":"4"}]"#, true),
      (#""messages":[{"role":"user","content":[{"type":"tool_result","content":"4"}]}]"#, true),
      (#""input":[{"type":"function_call_output","output":"4"}]"#, true),
      (#""messages":[{"role":"tool","content":"4"},{"role":"user","content":"and now?"}]"#, false),
      (#""input":"x""#, false),
    ])
  func results(last: String, isDone: Bool) throws {
    #expect(try called("{\(Self.chat),\(last)}") == (isDone ? nil : "find"))
  }

  @Test("Structured output is found in every dialect")
  func structure() throws {
    let schema = #"{"type":"object"}"#
    let expected = AskedForm.Structure.schema(.object([.init(name: "type", value: .scalar(#""object""#))]))
    for body in [
      #"{"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":\#(schema)}}}"#,
      #"{"text":{"format":{"type":"json_schema","name":"n","schema":\#(schema)}}}"#,
      #"{"output_config":{"format":{"type":"json_schema","schema":\#(schema)}}}"#,
      #"{"output_format":{"type":"json_schema","schema":\#(schema)}}"#,
    ] {
      #expect(try form(body).structure == expected)
    }
    #expect(try form(#"{"response_format":{"type":"json_object"}}"#).structure == .anyObject)
    #expect(try form(#"{"response_format":{"type":"text"}}"#).structure == nil)
  }
}
