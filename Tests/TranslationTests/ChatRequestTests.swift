import Dialects
import Testing

@testable import Translation

@Suite struct ChatRequestTests {
  private func chat(_ body: String, _ policy: ChatPolicy = ChatPolicy(model: "gpt")) throws(Untranslatable) -> String {
    text(try ChatRequest(messages: Array(body.utf8), policy).body)
  }

  @Test("a message is said as a chat, its tools and their results too")
  func whole() throws {
    let body = #"""
      {"model":"claude-opus-4-7","max_tokens":64,"stream":true,"stop_sequences":["END"],"temperature":0.50,
      "system":[{"type":"text","text":"x-anthropic-billing-header: 1"},{"type":"text","text":"one"},
      {"type":"text","text":"two","cache_control":{"type":"ephemeral"}}],
      "tools":[{"name":"lookup","description":"d","input_schema":{"type":"object"}}],
      "tool_choice":{"type":"any","disable_parallel_tool_use":true},
      "messages":[{"role":"user","content":"hello"},{"role":"assistant","content":[
      {"type":"thinking","thinking":"Hm","signature":"c2ln"},{"type":"redacted_thinking","data":"cmVk"},
      {"type":"text","text":"Let me look."},{"type":"tool_use","id":"a","name":"lookup","input":{"q": "\u00e9\"", "n":1.0}}]},
      {"role":"user","content":[{"type":"text","text":"and"},{"type":"tool_result","tool_use_id":"a","content":[
      {"type":"text","text":"found"}]},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}}]}]}
      """#
    let policy = ChatPolicy(model: "gpt", reasoning: .openRouter)
    #expect(
      meaning(try chat(body, policy))
        == meaning(
          #"""
          {"model":"gpt","max_tokens":64,"stream":true,"stream_options":{"include_usage":true},"stop":["END"],
          "temperature":0.5,"tools":[{"type":"function","function":{"name":"lookup","description":"d",
          "parameters":{"type":"object"}}}],"tool_choice":"required","parallel_tool_calls":false,"messages":[
          {"role":"system","content":"one\n\ntwo"},{"role":"user","content":"hello"},
          {"role":"assistant","content":"Let me look.","reasoning_details":[
          {"type":"reasoning.text","text":"Hm","signature":"c2ln","format":"anthropic-claude-v1","index":0},
          {"type":"reasoning.encrypted","data":"cmVk","format":"anthropic-claude-v1","index":1}],
          "tool_calls":[{"id":"a","type":"function","function":{"name":"lookup",
          "arguments":"{\"q\": \"\\u00e9\\\"\", \"n\":1.0}"}}]},
          {"role":"tool","tool_call_id":"a","content":"found"},
          {"role":"user","content":[{"type":"text","text":"and"},
          {"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]}]}
          """#))
  }

  @Test("marks of the prompt cache go along where they are known")
  func marks() throws {
    let mark = #""cache_control":{"type":"ephemeral"}"#
    let body = #"{"messages":[{"role":"user","content":[{"type":"text","text":"a",\#(mark)}]}]}"#
    #expect(try !chat(body).contains("cache_control"))
    let kept = try chat(body, ChatPolicy(model: "gpt", keepsCacheControl: true))
    #expect(kept.contains(#"[{"type":"text","text":"a",\#(mark)}]"#))
  }

  @Test(
    "what a chat has no words for keeps the request where it is",
    arguments: [
      (#""container":"c""#, Untranslatable.storedState), (#""mcp_servers":[{"name":"m"}]"#, .serverTools),
      (#""tools":[{"type":"web_search_20250305","name":"web_search"}]"#, .serverTools),
      (#""tools":[{"type":"bash_20250124","name":"bash"}]"#, .schemaNotExpressible),
      (#""messages":[{"role":"user","content":[{"type":"document","source":{}}]}]"#, .contentPart),
      (
        #""messages":[{"role":"user","content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}]"#,
        .storedState
      ),
      (#""messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"a"}]}]"#, .orphanToolResult),
      (
        #""messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]},{"role":"user","content":"x"}]"#,
        .orphanToolResult
      ),
      (#""messages":[]"#, .unreadable),
    ])
  func refused(_ member: String, _ reason: Untranslatable) {
    let body = #"{"messages":[{"role":"user","content":"hello"}],\#(member)}"#
    #expect(throws: reason) { () throws(Untranslatable) in try chat(body) }
  }

  @Test(
    "thinking is asked for in the arm's own words",
    arguments: [
      (ChatPolicy.Reasoning.none, "", ""), (.effort, "\"low\"", ""), (.openRouter, "", #"{"max_tokens":2000}"#),
    ])
  func thinking(_ reasoning: ChatPolicy.Reasoning, _ effort: String, _ object: String) throws {
    let body = #"{"messages":[{"role":"user","content":"a"}],"thinking":{"type":"enabled","budget_tokens":2000}}"#
    let chat = try chat(body, ChatPolicy(model: "gpt", reasoning: reasoning))
    #expect(member("reasoning_effort", of: chat) ?? "" == effort)
    #expect(member("reasoning", of: chat) ?? "" == object)
  }
}
