import Dialects
import Testing

@testable import Translation

/// What a body means: names sorted, numbers by value.
func meaning(_ body: [UInt8], _ place: SourceLocation = #_sourceLocation) -> String {
  guard let tree = JSONTree(body.span.bytes) else {
    Issue.record("not JSON: \(String(decoding: body, as: UTF8.self))", sourceLocation: place)
    return ""
  }
  return tree.canonicalText
}

func meaning(_ text: String, _ place: SourceLocation = #_sourceLocation) -> String { meaning(Array(text.utf8), place) }

func text(_ body: [UInt8]) -> String { String(decoding: body, as: UTF8.self) }

let plain = MessagesPolicy(model: "claude-sonnet-4-5")

/// A chat with these messages as Anthropic gets it.
func messages(
  _ messages: String, _ more: String = "", _ policy: MessagesPolicy = plain
) throws(Untranslatable) -> String {
  text(try MessagesRequest(chat: Array(#"{"model":"m","messages":[\#(messages)]\#(more)}"#.utf8), policy).body)
}

let hello = #"{"role":"user","content":"hello"}"#
let lookup =
  #","tools":[{"type":"function","function":{"name":"lookup","parameters":{"type":"object","properties":{}}}}]"#

/// The value of a member of a body's own.
func member(_ name: String, of body: String) -> String? {
  JSONTree(text: body)?[name]?.canonicalText
}

func called(_ id: String, _ arguments: String = "{}", more: String = "") -> String {
  let text = String(decoding: JSONText.escaped(arguments.utf8), as: UTF8.self)
  return #"{"role":"assistant","content":null\#(more),"tool_calls":[{"id":"\#(id)","type":"function","#
    + #""function":{"name":"lookup","arguments":"\#(text)"}}]}"#
}

func result(_ id: String, _ text: String = "found") -> String {
  #"{"role":"tool","tool_call_id":"\#(id)","content":"\#(text)"}"#
}
