import Testing

@testable import Dialects

@Suite("RequestReader")
struct RequestReaderTests {
  private func read(_ body: String, fields: [String] = []) -> RequestFacts? {
    RequestReader(fields: fields).read(Array(body.utf8))
  }

  private func text(_ range: Range<Int>?, of body: String) -> String? {
    range.map { String(decoding: Array(body.utf8)[$0], as: UTF8.self) }
  }

  @Test("a chat request's facts")
  func chat() throws {
    let body = #"""
      {"model":"anthropic/claude-opus-4.7","messages":[{"role":"system","content":"Answer in one word."},{"role":"user","content":"Capital of Peru?"},{"role":"system","content":"later"}],
       "max_tokens":16,"stream":true,"stream_options":{"include_usage":true},"provider":{"order":["anthropic"]},
       "session_id":"s-1","prompt_cache_key":"k","tools":[{"type":"function","function":{"name":"f"}}]}
      """#
    let facts = try #require(read(body))
    #expect(facts.model == "anthropic/claude-opus-4.7")
    #expect(facts.modelRanges.map { text($0, of: body) } == [#""anthropic/claude-opus-4.7""#])
    #expect(facts.stream && facts.includesUsage && facts.hasTools && !facts.traits.contains(.serverTools))
    #expect(facts.sessionID == "s-1")
    #expect(facts.promptCacheKey == "k")
    #expect(facts.maxTokens == 16)
    #expect(text(facts.systemMessage, of: body) == #"{"role":"system","content":"Answer in one word."}"#)
    #expect(text(facts.firstMessage, of: body) == #"{"role":"user","content":"Capital of Peru?"}"#)
    #expect(
      facts.topLevelKeys == [
        "model", "messages", "max_tokens", "stream", "stream_options", "provider", "session_id", "prompt_cache_key",
        "tools",
      ])
  }

  @Test(
    "an absent or odd model is nil, and the rest is read",
    arguments: ["{}", #"{"model":null}"#, #"{"model":["a"]}"#, #"{"model":7,"stream":"true"}"#])
  func noModel(body: String) throws {
    let facts = try #require(read(body))
    #expect(facts.model == nil)
    #expect(!facts.stream && !facts.includesUsage && !facts.hasTools)
    #expect(facts.sessionID == nil && facts.maxTokens == nil && facts.systemMessage == nil && facts.firstMessage == nil)
  }

  @Test(
    "what is not exactly one JSON object is not read",
    arguments: [
      "", "[]", "1", #""a""#, "{}{}", "{} x", #"{"model":"a""#, #"{"model":"a",}"#, "{'model':'a'}", "\u{FEFF}{}",
      #"{"a":"b\q"}"#,
    ])
  func notAnObject(body: String) {
    #expect(read(body) == nil)
  }

  @Test("a request cut at any byte is not read")
  func truncated() {
    let body = Array(#"{"model":"a/b","messages":[{"role":"user","content":"é\n"}],"n":1.5e3,"stream":true}"#.utf8)
    for length in 0..<body.count { #expect(RequestReader().read(Array(body[..<length])) == nil) }
    #expect(RequestReader().read(body) != nil)
  }

  @Test("of a repeated key the last value counts, as it does for those who will read it")
  func duplicates() throws {
    let body =
      #"{"model":"a","stream":true,"session_id":"1","model":"b","stream":false,"session_id":"2","m\u006fdel":"c"}"#
    let facts = try #require(read(body))
    #expect(facts.model == "c" && !facts.stream && facts.sessionID == "2")
    #expect(facts.modelRanges.count == 3)
  }

  @Test("fields are found by name and by dotted path, as text")
  func fields() throws {
    let body =
      #"{"user":"u\u00e9","n":1.50,"store":false,"x":null,"metadata":{"team":"blue","deep":{"er":7},"team":"red"},"a.b":"dotted","a":{"b":"path"},"list":[1]}"#
    let facts = try #require(
      read(
        body,
        fields: [
          "user", "n", "store", "x", "metadata.team", "metadata.deep.er", "metadata", "a.b", "list", "user.x", "gone",
          "",
        ]))
    #expect(
      facts.values == [
        "user": "ué", "n": "1.50", "store": "false", "metadata.team": "red", "metadata.deep.er": "7", "a.b": "dotted",
      ])
  }

  @Test("a text longer than 1 KiB counts as absent")
  func longText() throws {
    let facts = try #require(
      read(
        #"{"model":"\#(String(repeating: "m", count: 1023))","session_id":"\#(String(repeating: "s", count: 1022))"}"#))
    #expect(facts.model == nil)
    #expect(facts.sessionID?.utf8.count == 1022)
  }

  @Test("a body of more than 1,024 members is not read")
  func manyMembers() {
    func body(_ count: Int) -> String { "{" + (0..<count).map { #""\#($0)":0"# }.joined(separator: ",") + "}" }
    #expect(read(body(1024))?.members.count == 1024)
    #expect(read(body(1025)) == nil)
    #expect(read(body(5000)) == nil)
  }

  @Test(
    "a conversation is told by its system text and its first other message, in every dialect",
    arguments: [
      (#"{"system":"S","messages":[{"role":"user","content":"U"}]}"#, #""S""#, #"{"role":"user","content":"U"}"#),
      (#"{"instructions":"S","input":"U"}"#, #""S""#, #""U""#),
      (
        #"{"input":[{"content":"S","role":"developer"},{"type":"message","role":"user","content":"U"}]}"#,
        #"{"content":"S","role":"developer"}"#, #"{"type":"message","role":"user","content":"U"}"#
      ),
      (#"{"prompt":"U"}"#, nil, #""U""#),
      (#"{"prompt":["U","V"]}"#, nil, #"["U","V"]"#),
      (#"{"input":[[1,2]]}"#, nil, "[[1,2]]"),
      (
        #"{"input":[{"type":"function_call_output","output":"x"}]}"#, nil,
        #"{"type":"function_call_output","output":"x"}"#
      ),
      (
        #"{"messages":[{"role":"user","content":"U"},{"role":"system","content":"late"}]}"#, nil,
        #"{"role":"user","content":"U"}"#
      ),
      (
        #"{"messages":[{"role":"system","content":"S"},{"role":"system","content":"T"}]}"#,
        #"{"role":"system","content":"S"}"#, nil
      ),
      (#"{"messages":[]}"#, nil, nil),
    ])
  func conversation(body: String, system: String?, first: String?) throws {
    let facts = try #require(read(body))
    #expect(text(facts.systemMessage, of: body) == system)
    #expect(text(facts.firstMessage, of: body) == first)
  }

  @Test(
    "a conversation is steady from its third turn on, its system message apart",
    arguments: [
      (#"{"messages":[{"role":"system"},{"role":"user"},{"role":"assistant"},{"role":"user"}]}"#, 3),
      (#"{"messages":[{"role":"system"},{"role":"user"},{},{"role":"user"},{},{"role":"user"}]}"#, 5),
      (#"{"input":[{"role":"user"},{},{},{},{},{}]}"#, 6),
      (#"{"input":[{},{},{},{},{}],"messages":[{"role":"user"}]}"#, 1), (#"{"messages":[]}"#, 0),
      (#"{"input":["a","b","c","d","e"]}"#, 0), (#"{"input":"a"}"#, 0), (#"{"prompt":[1,2,3,4,5,6]}"#, 0),
    ])
  func steady(body: String, count: Int) throws {
    let facts = try #require(read(body))
    #expect(facts.messageCount == count)
    #expect(facts.isSteady == (count >= 5))
  }

  @Test(
    "tools of the vendor's own are told from functions",
    arguments: [
      (#"[]"#, false, false), (#"[{"type":"function"}]"#, true, false),
      (#"[{"name":"f","input_schema":{}}]"#, true, false),
      (#"[{"type":"custom"},{"type":"openrouter:shell"}]"#, true, true), (#"[{"type":"web_search"}]"#, true, true),
      ("null", false, false),
    ])
  func tools(tools: String, has: Bool, server: Bool) throws {
    let facts = try #require(read(#"{"tools":\#(tools)}"#))
    #expect(facts.hasTools == has && facts.traits.contains(.serverTools) == server)
  }

  @Test("each dialect's token limit", arguments: ["max_tokens", "max_completion_tokens", "max_output_tokens"])
  func maxTokens(name: String) throws {
    #expect(try #require(read(#"{"\#(name)":4096}"#)).maxTokens == 4096)
    #expect(try #require(read(#"{"\#(name)":"many"}"#)).maxTokens == nil)
  }

  @Test("blocks that change with every request are left out of the system message; the rest is told")
  func volatileBlocks() throws {
    func system(_ nonces: [String], _ rest: String) throws -> String? {
      let lines = nonces.map { #"{"type":"text","text":"x-anthropic-billing-header: cc_version=2.1; cch=\#($0);"}"# }
      let body = #"{"system":[\#((lines + [rest]).joined(separator: ","))],"messages":[{"role":"user","content":"a"}]}"#
      let bytes = Array(body.utf8)
      let facts = try #require(RequestReader().read(bytes))
      return facts.systemMessage.map { String(decoding: bytes[$0], as: UTF8.self) }
    }
    let rest = #"{"type":"text","text":"You are a coding agent."}"#
    #expect(try system(["1"], rest) == "\(rest)]")
    #expect(try system(["1"], rest) == system(["2"], rest))
    #expect(try system(["1", "2"], rest) == "\(rest)]")
    #expect(try system([], rest) == "[\(rest)]")
  }

  @Test("what changes with every request is left out wherever it stands, and whatever space is before it")
  func volatileAnywhere() throws {
    func system(_ system: String) throws -> String? {
      let bytes = Array(#"{"system":\#(system),"messages":[{"role":"user","content":"a"}]}"#.utf8)
      let facts = try #require(RequestReader().read(bytes))
      return facts.systemMessage.map { String(decoding: bytes[$0], as: UTF8.self) }
    }
    let name = "x-anthropic-billing-header: cch="
    func block(_ text: String) -> String { #"{"type":"text","text":"\#(text)"}"# }
    let (agent, rules) = (block("You are a coding agent."), block("Be brief."))
    for space in ["", " ", "  ", #"\n"#, #" \t\r\n "#] {
      for nonce in ["1;", #"2;\n"#] {
        let line = block(space + name + nonce)
        #expect(try system("[\(line),\(agent),\(rules)]") == "\(agent),\(rules)]")
        #expect(try system("[\(agent), \(line),\(rules)]") == "[\(agent)")
        #expect(try system("[\(line),\(agent),\(line),\(rules)]") == agent)
        #expect(try system("[\(line)]") == "]")
        #expect(try system(#""\#(space)\#(name)1;""#) == "")
        #expect(try system(#""\#(space)\#(name)\\n1;\nYou are \"it\".""#) == #"\nYou are \"it\".""#)
      }
    }
    for text in [#""You are x-anthropic-billing-header: 1""#, #""\\nx-anthropic-billing-header: 1""#, #""""#] {
      #expect(try system(text) == text)
    }
  }

  @Test("the user that metadata names, several choices and media asked for are told")
  func asked() throws {
    func facts(_ body: String) throws -> RequestFacts {
      try #require(RequestReader().read(Array(body.utf8)))
    }
    #expect(try facts(#"{"metadata":{"user_id":"u_session_1","x":1}}"#).userID == "u_session_1")
    #expect(try facts(#"{"metadata":{"user_id":7}}"#).userID == nil)
    #expect(try facts(#"{"background":true}"#).runsInBackground)
    for body in [#"{"background":false}"#, "{}"] { #expect(try !facts(body).runsInBackground) }
    #expect(try facts(#"{"metadata":"u"}"#).userID == nil)
    for (body, several) in [
      (#"{"n":1}"#, false), (#"{"n":2}"#, true), (#"{"n":null}"#, false), ("{}", false), (#"{"prompt":["a"]}"#, false),
      (#"{"prompt":["a","b"]}"#, true), (#"{"prompt":[1,2,3]}"#, false), (#"{"prompt":[[1],[2]]}"#, true),
      (#"{"input":["a","b"]}"#, false), (#"{"prompt":"a"}"#, false),
    ] {
      #expect(try facts(body).asksForChoices == several, "\(body)")
    }
    #expect(try facts(#"{"modalities":["image","text"]}"#).media == .pictures)
    #expect(try facts(#"{"modalities":["text","audio"]}"#).media == .sound)
    #expect(try facts(#"{"modalities":["text"]}"#).media == [])
    #expect(try facts(#"{"modalities":"image"}"#).media == [])
  }
}
