/// A chat's messages fit an arm that refuses what it does not know; every other byte stays.

import Testing

@testable import Dialects

@Suite struct MessagePolicyTests {
  private func sent(_ body: String, _ policy: MessagePolicy) throws -> String {
    let bytes = Array(body.utf8)
    let facts = try #require(RequestReader().read(bytes))
    let edited = BodyEdit.apply(facts.messageEdits(under: policy, in: bytes.span.bytes), to: bytes.span.bytes)
    #expect(RequestReader().read(edited) != nil, "what is sent is JSON")
    return String(decoding: edited, as: UTF8.self)
  }

  private static let strict = MessagePolicy(only: [], keepsCacheControl: false)

  @Test("members of messages that an arm does not know are cut with their commas")
  func members() throws {
    let body =
      #"{"messages":[{"name":"a","role":"user","content":"x"},{"role":"assistant","content":null,"#
      + #""reasoning":"r","reasoning_details":[{"a":1}],"tool_calls":[{"id":"c","name":"kept"}],"refusal":null},"#
      + #"{"role":"tool","tool_call_id":"c", "content":"y" , "name" : "f" }]}"#
    let strict =
      #"{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":null,"#
      + #""tool_calls":[{"id":"c","name":"kept"}]},"# + #"{"role":"tool","tool_call_id":"c", "content":"y" }]}"#
    #expect(try sent(body, Self.strict) == strict)
    let named = try sent(body, MessagePolicy(only: ["name"]))
    #expect(named.contains(#"{"name":"a","role":"user""#) && named.contains(#""name" : "f""#))
    let dropped = try sent(body, MessagePolicy(drop: ["reasoning_details"]))
    #expect(dropped == body.replacing(#","reasoning_details":[{"a":1}]"#, with: ""))
    #expect(try sent(body, MessagePolicy()) == body)
  }

  @Test("a member is renamed where it stands, unless the application has said it in the arm's word")
  func renames() throws {
    let policy = MessagePolicy(renames: [FieldRename(from: "reasoning", to: "reasoning_content")])
    #expect(
      try sent(#"{"messages":[{"role":"assistant","reasoning":"r","content":""}]}"#, policy)
        == #"{"messages":[{"role":"assistant","reasoning_content":"r","content":""}]}"#)
    #expect(
      try sent(#"{"messages":[{"role":"assistant","reasoning":"r","reasoning_content":"c"}]}"#, policy)
        == #"{"messages":[{"role":"assistant","reasoning_content":"c"}]}"#)
  }

  @Test("cache_control is cut from parts, messages and tools, and nowhere else")
  func cacheControl() throws {
    let body =
      #"{"messages":[{"role":"system","content":[{"type":"text","text":"cache_control","cache_control":{"type":"ephemeral"}}]},"#
      + #"{"role":"user","cache_control":{},"content":"x"}],"#
      + #""tools":[{"type":"function","function":{"name":"f","parameters":{"cache_control":1}},"cache_control":{}}]}"#
    #expect(
      try sent(body, MessagePolicy(keepsCacheControl: false))
        == #"{"messages":[{"role":"system","content":[{"type":"text","text":"cache_control"}]},{"role":"user","content":"x"}],"#
        + #""tools":[{"type":"function","function":{"name":"f","parameters":{"cache_control":1}}}]}"#)
  }

  @Test("what every arm knows is told from the rest while the request is read")
  func extras() throws {
    func extras(_ message: String) throws -> MessageExtras {
      try #require(RequestReader().read(Array(#"{"messages":[\#(message)]}"#.utf8))).extras
    }
    let plain = #"{"role":"assistant","content":[{"type":"text","text":"x"}],"tool_calls":[],"tool_call_id":"c"}"#
    #expect(try extras(plain).isEmpty)
    #expect(try extras(#"{"role":"user","content":"x","name":"n"}"#) == .members)
    #expect(try extras(#"{"role":"user","content":[{"type":"text","text":"x","cache_control":{}}]}"#) == .cacheControl)
  }
}
