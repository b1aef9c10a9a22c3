import Dialects
import Testing

@testable import Translation

@Suite struct MessagesRequestTests {
  @Test("a chat is said as the vendor's own example of a message")
  func example() throws {
    let chat = #"""
      {"model":"anthropic/claude-opus-4.7","max_tokens":64,"messages":[{"role":"system","content":"Answer in one word."},
      {"role":"user","content":"Capital of Peru?"}],"tools":[{"type":"function","function":{"name":"lookup",
      "description":"Find a fact","parameters":{"type":"object","properties":{"q":{"type":"string"}},"required":["q"]}}}],
      "tool_choice":"auto","stream":true,"stream_options":{"include_usage":true},"temperature":0.2,"seed":7}
      """#
    let request = try MessagesRequest(chat: Array(chat.utf8), MessagesPolicy(model: "claude-opus-4-7"))
    #expect(request.asksForStream)
    #expect(
      meaning(request.body)
        == meaning(
          #"""
          {"model":"claude-opus-4-7","max_tokens":64,"system":[{"type":"text","text":"Answer in one word."}],
          "messages":[{"role":"user","content":[{"type":"text","text":"Capital of Peru?"}]}],
          "tools":[{"name":"lookup","description":"Find a fact",
          "input_schema":{"type":"object","properties":{"q":{"type":"string"}},"required":["q"]}}],
          "tool_choice":{"type":"auto"},"stream":true}
          """#))
  }

  @Test(
    "each asked-for thing that cannot be carried keeps the request where it is",
    arguments: [
      (#","n":2"#, Untranslatable.severalChoices), (#","logprobs":true"#, .logprobs),
      (#","top_logprobs":3"#, .logprobs),
      (#","logit_bias":{"50256":-100}"#, .samplingRefused), (#","modalities":["text","image"]"#, .contentPart),
      (#","response_format":{"type":"json_object"}"#, .schemaNotExpressible), (#","stop":" \n""#, .samplingRefused),
      (#","functions":[{"name":"f"}]"#, .schemaNotExpressible),
      (#","tools":[{"type":"custom","custom":{"name":"f"}}]"#, .schemaNotExpressible),
      (#","tools":[{"type":"openrouter:web_search"}]"#, .serverTools),
      (#","response_format":{"type":"json_schema","json_schema":{"schema":{"type":"object"}}}"#, .schemaNotExpressible),
      (#","max_tokens":"many""#, .unreadable),
    ])
  func refused(_ more: String, _ reason: Untranslatable) {
    #expect(throws: reason) { () throws(Untranslatable) in try messages(hello, more) }
  }

  @Test(
    "what asks for nothing beyond the usual is left out",
    arguments: [
      #","n":1"#, #","logprobs":false"#, #","logit_bias":{}"#, #","modalities":["text"]"#,
      #","response_format":{"type":"text"}"#, #","seed":1,"top_a":0.1,"min_p":0.1,"frequency_penalty":1"#,
      #","parallel_tool_calls":true,"tool_choice":"auto""#, #","stop":null,"temperature":null,"user":"""#,
      #","usage":{"include":true},"transforms":[],"stream":false"#,
    ])
  func leftOut(_ more: String) throws {
    #expect(try messages(hello, more) == messages(hello))
  }

  @Test(
    "a message that Anthropic has no words for keeps the request where it is",
    arguments: [
      (#"{"role":"user","content":[{"type":"input_audio","input_audio":{}}]}"#, Untranslatable.contentPart),
      (#"{"role":"user","content":[{"type":"file","file":{}}]}"#, .contentPart),
      (#"{"role":"user","content":[{"type":"video_url","video_url":{}}]}"#, .contentPart),
      (#"{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://a/b.png"}}]}"#, .contentPart),
      (
        #"{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/tiff;base64,AA=="}}]}"#,
        .contentPart
      ),
      (#"{"role":"system","content":"alone"}"#, .unreadable), (#"{"content":"nobody"}"#, .unreadable),
      (#"{"role":"assistant","content":"first"},{"role":"user","content":"second"}"#, .prefill),
      (#"{"role":"function","name":"f","content":"{}"}"#, .orphanToolResult),
    ])
  func refusedMessages(_ chat: String, _ reason: Untranslatable) {
    #expect(throws: reason) { () throws(Untranslatable) in try messages(chat) }
  }

  @Test("instructions are gathered in order, wherever they stand, and turns of one side become one")
  func turns() throws {
    let body = try messages(
      #"""
      {"role":"system","content":"one"},{"role":"user","content":"a"},{"role":"user","content":[{"type":"text","text":"b"}]},
      {"role":"developer","content":[{"type":"text","text":"two"}]},{"role":"assistant","content":"c"},
      {"role":"assistant","content":"  \n"},{"role":"user","content":"d"}
      """#)
    #expect(
      member("system", of: body) == meaning(#"[{"type":"text","text":"one"},{"type":"text","text":"two"}]"#))
    #expect(
      member("messages", of: body)
        == meaning(
          #"""
          [{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
          {"role":"assistant","content":[{"type":"text","text":"c"}]},
          {"role":"user","content":[{"type":"text","text":"d"}]}]
          """#))
  }

  @Test("pictures come as they were sent, by address or whole")
  func pictures() throws {
    let body = try messages(
      #"""
      {"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a/b.png?c=\"d\"","detail":"high"}},
      {"type":"image_url","image_url":{"url":"data:image\/jpg;base64,\/9j+A=="}}]}
      """#)
    #expect(
      member("messages", of: body)
        == meaning(
          #"""
          [{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://a/b.png?c=\"d\""}},
          {"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"/9j+A=="}}]}]
          """#))
  }

  @Test("text is passed on as it was spelled, escapes, halves of characters and all")
  func spelling() throws {
    let odd = #"\ud83d \u0000 \u00e9 \/ é \"\\ 💡 \ud83d\udca1"#
    #expect(try messages(#"{"role":"user","content":"\#(odd)"}"#).contains(#""text":"\#(odd)""#))
    let number = #"{"type":"object","properties":{"a":{"const":123456789012345678901234567890,"default":1.50}}}"#
    let tool = #","tools":[{"type":"function","function":{"name":"f","parameters":\#(number)}}]"#
    #expect(try messages(hello, tool).contains(number))
  }

  @Test(
    "a choice among tools is said in Anthropic's words",
    arguments: [
      (#","tool_choice":"required""#, #"{"type":"any"}"#), (#","tool_choice":"none""#, #"{"type":"none"}"#),
      (
        #","tool_choice":{"type":"function","function":{"name":"lookup"}},"parallel_tool_calls":false"#,
        #"{"disable_parallel_tool_use":true,"name":"lookup","type":"tool"}"#
      ),
      (#","parallel_tool_calls":false"#, #"{"disable_parallel_tool_use":true,"type":"auto"}"#),
    ])
  func toolChoice(_ more: String, _ choice: String) throws {
    #expect(try member("tool_choice", of: messages(hello, lookup + more)) == choice)
  }

  @Test("a schema for the answer is passed on where it can be kept to")
  func schemas() throws {
    let schema =
      #"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}"#
    let more = #","response_format":{"type":"json_schema","json_schema":{"name":"x","schema":\#(schema)}}"#
    #expect(
      try member("output_config", of: messages(hello, more))
        == meaning(#"{"format":{"type":"json_schema","schema":\#(schema)}}"#))
    #expect(throws: Untranslatable.schemaNotExpressible) { () throws(Untranslatable) in
      try messages(hello, more, MessagesPolicy(model: "claude-3-haiku-20240307"))
    }
  }

  @Test("every request cut short is refused, and none is misread")
  func cuts() throws {
    let chat = Array(#"{"model":"m","messages":[\#(hello),\#(called("a")),\#(result("a"))]\#(lookup)}"#.utf8)
    for length in 0..<chat.count {
      #expect(throws: Untranslatable.unreadable) { () throws(Untranslatable) in
        try MessagesRequest(chat: Array(chat[..<length]), plain)
      }
    }
  }
}
