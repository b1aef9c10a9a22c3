/// What a request asks for beyond an answer is noticed wherever it is said, and preferences are not taken for it.

import Testing

@testable import Dialects

@Suite struct RequestTraitsTests {
  private func traits(_ body: String) throws -> RequestTraits {
    try #require(RequestReader().read(Array(body.utf8)), "\(body) is read").traits
  }

  @Test(
    "each demand on the provider is noticed, and none where it asks nothing",
    arguments: [
      (#"{"zdr":true}"#, RequestTraits.zeroRetention), (#"{"zdr":false}"#, []), (#"{"zdr":null}"#, []),
      (#"{"data_collection":"deny"}"#, .noDataCollection), (#"{"data_collection":"allow"}"#, []),
      (#"{"d\u0061ta_collection":"d\u0065ny"}"#, .noDataCollection), (#"{"only":["azure"]}"#, .onlyProviders),
      (#"{"only":[]}"#, []), (#"{"only": [ ]}"#, []), (#"{"only":"azure"}"#, .onlyProviders),
      (#"{"ignore":["x"]}"#, .ignoredProviders), (#"{"region":"eu"}"#, .region), (#"{"data_region":"eu"}"#, .region),
      (#"{"enforce_distillable_text":true}"#, .distillableText), (#"{"retention_days":0}"#, []),
      (#"{"zdr":true,"only":["a"],"ignore":["b"]}"#, [.zeroRetention, .onlyProviders, .ignoredProviders]),
      (#"{"zdr":true,"zdr":false}"#, .zeroRetention),
      (
        #"{"order":["a"],"sort":"price","max_price":{"prompt":1},"quantizations":["fp8"],"allow_fallbacks":false,"#
          + #""require_parameters":true,"preferred_min_throughput":5,"preferred_max_latency":1}"#, []
      ),
      ("{}", []), ("null", []), (#""only""#, []),
    ] as [(String, RequestTraits)])
  func demands(_ provider: String, _ expected: RequestTraits) throws {
    #expect(try traits(#"{"model":"m","provider":\#(provider)}"#) == expected)
  }

  @Test(
    "what lies with the vendor, what it runs, and what it alone knows",
    arguments: [
      (#""store":true"#, RequestTraits.storedState), (#""store":false"#, []), (#""store":null"#, []),
      (#""previous_response_id":"r""#, .storedState), (#""previous_response_id":null"#, []),
      (#""previous_response_id":"""#, []), (#""conversation":"c""#, .storedState),
      (#""conversation":{"id":"c"}"#, .storedState), (#""background":true"#, .storedState),
      (#""background":"transparent""#, []),
      (#""container":"c""#, .storedState), (#""prompt":{"id":"p"}"#, .storedState), (#""prompt":"say""#, []),
      (#""input":[{"type":"item_reference","id":"i"}]"#, .storedState),
      (#""tools":[{"type":"web_search"}]"#, .serverTools), (#""tools":[{"type":"function"},{"type":"custom"}]"#, []),
      (#""tools":[{"name":"f","input_schema":{}}]"#, []), (#""tools":[{"type":"bash_20250124"}]"#, []),
      (#""tools":[{"type":"web_search_20250305"}]"#, .serverTools), (#""tools":[{"type":"local_shell"}]"#, []),
      (#""mcp_servers":[{"url":"u"}]"#, .serverTools), (#""mcp_servers":[]"#, []),
      (#""web_search_options":{}"#, .serverTools), (#""web_search_options":null"#, []),
      (#""plugins":[{"id":"web"}]"#, .webPlugin), (#""plugins":[{"id":"web","enabled":false}]"#, []),
      (#""plugins":[{"id":"response-healing"}]"#, []), (#""plugins":[{"id":"fusion"}]"#, .modelRouter),
      (#""plugins":[]"#, []), (#""models":["a","b"]"#, .fallbackList), (#""models":[]"#, []),
      (#""n":1"#, []), (#""n":2"#, .severalChoices), (#""logprobs":true"#, .logprobs), (#""logprobs":false"#, []),
      (#""logprobs":0"#, []), (#""logprobs":3"#, .logprobs), (#""modalities":["text","audio"]"#, .audioPart),
      (#""modalities":["text","image"]"#, .pictures), (#""modalities":["text"]"#, []),
    ] as [(String, RequestTraits)])
  func members(_ member: String, _ expected: RequestTraits) throws {
    #expect(try traits(#"{"model":"m",\#(member)}"#) == expected)
    #expect(try traits(#"{\#(member) , "temperature":1}"#) == expected)
  }

  @Test(
    "parts of any message are looked at, texts and pictures pass",
    arguments: [
      (#"[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"u"}}]"#, RequestTraits()),
      (#"[{"type":"input_audio","input_audio":{}}]"#, .audioPart), (#"[{"type":"file","file":{}}]"#, .filePart),
      (#"[{"type":"file","file":{"file_id":"f"}}]"#, [.filePart, .storedState]),
      (#"[{"type":"input_image","file_id":"f"}]"#, .storedState),
      (#"[{"type":"video_url","video_url":{}}]"#, .videoPart),
      (#"[{"type":"document","source":{"type":"base64","data":"x"}}]"#, []),
      (#"[{"type":"document","source":{"type":"file","file_id":"f"}}]"#, .storedState),
      (#"[{"typ\u0065":"vid\u0065o_url"}]"#, .videoPart), (#""plain""#, []), ("[]", []), ("null", []),
      (#"["text",1,null,{"type":7}]"#, []),
    ] as [(String, RequestTraits)])
  func parts(_ content: String, _ expected: RequestTraits) throws {
    for name in ["messages", "input"] {
      let first = #"{"\#(name)":[{"role":"system","content":"s"},{"role":"user","content":\#(content)}]}"#
      #expect(try traits(first) == expected)
      let later = #"{"\#(name)":[{"role":"user","content":"s"},{"content":\#(content),"role":"user"}],"x":1}"#
      #expect(try traits(later) == expected)
    }
  }

  @Test("what only looks like a part is none: in a text, a tool's arguments or another member")
  func elsewhere() throws {
    let body = #"""
      {"messages":[{"role":"user","content":"[{\"type\":\"file\"}]"},
       {"role":"assistant","tool_calls":[{"type":"file"}],"metadata":[{"type":"input_audio"}]}],
       "response_format":{"type":"file"},"tools":[{"type":"function","function":{"parameters":{"type":"video_url"}}}]}
      """#
    #expect(try traits(body) == [])
  }

  @Test(
    "a variant of OpenRouter's is told from an id with a colon of its own",
    arguments: [
      ("a/b:free", ":free"), ("a/b:thinking", ":thinking"), ("a/b:online", ":online"), ("llama3:8b", nil),
      ("a/b", nil), ("~a/b-latest", "~a/b-latest"), ("openrouter/auto", "openrouter/auto"),
      ("a/b@preset/x", "@preset/x"),
      ("@preset/x", "@preset/x"), ("@cf/meta/llama", nil), ("", nil), (":free", ":free"),
    ] as [(String, String?)])
  func variants(_ model: String, _ variant: String?) throws {
    #expect(RequestTraits.variant(of: model).map(String.init) == variant)
    #expect(try traits(#"{"model":"\#(model)"}"#).contains(.modelVariant) == (variant != nil))
  }

  @Test("an escaped variant is one too")
  func escapedVariant() throws {
    #expect(try traits(#"{"model":"a\/b\u003afree"}"#) == .modelVariant)
  }
}
