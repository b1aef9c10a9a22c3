import Dialects
import Testing

@testable import Translation

/// The traps of a request: each has bitten users of other translations.
@Suite struct RequestTrapTests {
  @Test("a tool that was called without arguments had an empty object of them", arguments: ["", " ", "{}", "\n"])
  func noArguments(_ arguments: String) throws {
    let body = try messages("\(hello),\(called("a", arguments)),\(result("a"))", lookup)
    #expect(body.contains(#""name":"lookup","input":{}}"#))
  }

  @Test("arguments that are no object keep the request where it is", arguments: ["{", "[1]", "null", "{}{}", "x"])
  func brokenArguments(_ arguments: String) {
    #expect(throws: Untranslatable.toolArguments) { () throws(Untranslatable) in
      try messages("\(hello),\(called("a", arguments)),\(result("a"))", lookup)
    }
  }

  @Test("arguments are passed on byte for byte")
  func exactArguments() throws {
    let odd = #"{"n": 12345678901234567890.10,"s":"\ud83d \u0001 é\n\"\\","e":1E5, "d":{"a":[]} }"#
    #expect(try messages("\(hello),\(called("a", odd)),\(result("a"))", lookup).contains(#""input":\#(odd)}"#))
  }

  @Test("signed and redacted thinking survives a turn of tools, whole or in a stream's pieces")
  func thinking() throws {
    let whole = #"""
      {"type":"reasoning.text","text":"Hm, so.","signature":"c2ln","format":"anthropic-claude-v1","index":0},
      {"type":"reasoning.encrypted","data":"cmVk","format":"anthropic-claude-v1","index":1}
      """#
    let pieces = #"""
      {"type":"reasoning.text","text":"Hm, ","index":0},{"type":"reasoning.text","text":"so.","index":0},
      {"type":"reasoning.text","signature":"c2ln","format":"anthropic-claude-v1","index":0},
      {"type":"reasoning.encrypted","data":"cmVk","index":1}
      """#
    let blocks = #"""
      {"type":"thinking","thinking":"Hm, so.","signature":"c2ln"},{"type":"redacted_thinking","data":"cmVk"}
      """#
    let expected = meaning(
      #"""
      [{"role":"user","content":[{"type":"text","text":"hello"}]},{"role":"assistant","content":[\#(blocks),
      {"type":"tool_use","id":"a","name":"lookup","input":{}}]},
      {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"found"}]}]
      """#)
    for more in [
      #""reasoning_details":[\#(whole)]"#, #""reasoning_details":[\#(pieces)]"#, #""thinking_blocks":[\#(blocks)]"#,
    ] {
      for model in ["claude-sonnet-4-5", "claude-opus-4-7"] {
        let body = try messages(
          "\(hello),\(called("a", more: ",\(more),\"reasoning\":\"Hm, so.\"")),\(result("a"))",
          lookup + #","reasoning":{"effort":"low"}"#, MessagesPolicy(model: model))
        #expect(member("messages", of: body) == expected)
      }
    }
  }

  @Test("thinking without its signed blocks keeps a turn of tools where it is, and only that")
  func unsigned() throws {
    let chat = "\(hello),\(called("a", more: #","reasoning":"Hm""#)),\(result("a"))"
    let thinks = lookup + #","reasoning":{"effort":"low"}"#
    for model in ["claude-sonnet-4-5", "claude-opus-4-7"] {
      #expect(throws: Untranslatable.thinkingUnsigned) { () throws(Untranslatable) in
        try messages(chat, thinks, MessagesPolicy(model: model))
      }
    }
    // Nobody asks for thinking now, or the turn is over.
    #expect(throws: Never.self) { try messages(chat, lookup) }
    #expect(throws: Never.self) { try messages(#"\#(chat),{"role":"assistant","content":"ok"},\#(hello)"#, thinks) }
    // Where the model thinks as it sees fit, a turn may have gone without.
    #expect(throws: Never.self) {
      try messages("\(hello),\(called("a")),\(result("a"))", thinks, MessagesPolicy(model: "claude-opus-4-7"))
    }
  }

  @Test("all results of a turn stand in one message before its text, one for each call")
  func results() throws {
    let calls = #"""
      {"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"lookup","arguments":"{}"}},
      {"id":"b:0|c","type":"function","function":{"name":"lookup","arguments":"{}"}}]}
      """#
    let body = try messages(
      "\(hello),\(calls),\(result("b:0|c", "B")),\(hello),\(result("a", "old")),\(result("a", "A"))", lookup)
    let turns = try #require(JSONTree(text: body)?["messages"]?.elements)
    #expect(turns.count == 3)
    #expect(
      turns[2].canonicalText
        == meaning(
          #"""
          {"role":"user","content":[{"type":"tool_result","tool_use_id":"b_3a0_7cc","content":"B"},
          {"type":"tool_result","tool_use_id":"a","content":"A"},{"type":"text","text":"hello"}]}
          """#))
  }

  @Test(
    "a result without its call, or a call without its result, keeps the request where it is",
    arguments: [
      result("a"), called("a"), "\(called("a")),\(hello)", "\(called("a")),\(result("b"))",
      "\(called("a")),\(result("a")),\(result("b"))", "\(called("a")),\(result("a")),\(hello),\(called("b")),\(hello)",
      #"\#(called("a")),{"role":"tool","content":"whose?"}"#,
    ])
  func orphans(_ chat: String) {
    #expect(throws: Untranslatable.orphanToolResult) { () throws(Untranslatable) in
      try messages("\(hello),\(chat)", lookup)
    }
  }

  @Test("a mark of the prompt cache stays on the block it stood on, and four of them at most")
  func cacheMarks() throws {
    let mark = #","cache_control":{"type":"ephemeral","ttl":"1h"}"#
    let chat = #"""
      {"role":"system","content":[{"type":"text","text":"s"\#(mark)}]},
      {"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"\#(mark)},{"type":"text","text":"c"}]},
      {"role":"assistant","content":"x"\#(mark)},{"role":"user","content":"y"}
      """#
    let expected = #"""
      [{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"\#(mark)},{"type":"text","text":"c"}]},
      {"role":"assistant","content":[{"type":"text","text":"x"\#(mark)}]},{"role":"user","content":[{"type":"text","text":"y"}]}]
      """#
    let tool = #","tools":[{"type":"function","function":{"name":"f"}\#(mark)}]"#
    let four = try messages(chat, tool)
    #expect(member("messages", of: four) == meaning(expected))
    #expect(four.ranges(of: mark).count == 4)
    // The one that reaches least goes: the tools' own.
    let five = try messages(chat, tool + mark)
    #expect(member("messages", of: five) == meaning(expected))
    #expect(five.ranges(of: mark).count == 4)
    #expect(member("tools", of: five)?.contains("cache_control") == false)
  }

  @Test("sampling and the assistant's own words to go on from are the model's matter, not the vendor's")
  func byModel() throws {
    let sampling = #","temperature":0.7,"top_k":40"#
    #expect(try messages(hello, sampling).contains(#""temperature":0.7,"top_k":40"#))
    #expect(try messages(hello, #","temperature":1.7"#).contains(#""temperature":1}"#))
    let newest = MessagesPolicy(model: "claude-opus-4-7")
    #expect(try messages(hello, sampling, newest) == messages(hello, "", newest))
    let refusing = MessagesPolicy(model: "m", maxTokens: 10, sampling: .refuses)
    #expect(throws: Untranslatable.samplingRefused) { () throws(Untranslatable) in
      try messages(hello, sampling, refusing)
    }
    #expect(throws: Untranslatable.samplingRefused) { () throws(Untranslatable) in
      try messages(hello, #","temperature":0.7,"top_p":0.9"#)
    }
    let prefilled = #"\#(hello),{"role":"assistant","content":"Once"}"#
    #expect(try messages(prefilled).contains(#"{"role":"assistant","content":[{"type":"text","text":"Once"}]}"#))
    for model in ["claude-opus-4-6", "claude-opus-4-7", "claude-sonnet-4-6"] {
      #expect(throws: Untranslatable.prefill) { () throws(Untranslatable) in
        try messages(prefilled, "", MessagesPolicy(model: model))
      }
    }
  }

  @Test("a request without a limit gets the model's, and none gets more than that")
  func limits() throws {
    let policy = MessagesPolicy(model: "m", maxTokens: 5000)
    for (more, limit) in [
      ("", 5000), (#","max_tokens":10"#, 10), (#","max_completion_tokens":20,"max_tokens":10"#, 20),
      (#","max_tokens":6000"#, 5000), (#","max_tokens":null"#, 5000),
    ] {
      #expect(try member("max_tokens", of: messages(hello, more, policy)) == "\(limit)")
    }
  }
}
