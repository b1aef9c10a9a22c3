/// Members that name secrets and persons stay away from an arm on trial, others are renamed where they stand.

import Testing

@testable import Dialects

@Suite struct BodyPolicyTests {
  private func sent(_ body: String, _ policy: BodyPolicy, model: String? = nil) throws -> String {
    let bytes = Array(body.utf8)
    let facts = try #require(RequestReader().read(bytes))
    let edited = BodyEdit.apply(facts.edits(model: model, under: policy, in: bytes.span.bytes), to: bytes.span.bytes)
    #expect(RequestReader().read(edited) != nil, "what is sent is JSON")
    return String(decoding: edited, as: UTF8.self)
  }

  private static let guarded = BodyPolicy(dropping: [String](), withholdsPrivate: true)

  static let privateNames = [
    "user", "metadata", "safety_identifier", "session_id", "trace", "api_key", "apiKey", "API-KEY", "key",
    "authorization",
    "Authorization", "token", "access_token", "accessToken", "auth", "secret", "client_secret", "password",
    "credentials",
    "aws_access_key_id", "aws_secret_access_key", "litellm_params", "litellm_metadata", "user_id", "userId",
    "user_email",
    "customer_identifier", "client_metadata", "extra_headers", "headers", "cookie", "signature", "trace_id", "account",
    "organization", "api_base", "base_url", "extra_body", "virtual_key", "us\\u0065r", "session", "end_user",
  ]

  @Test("members that name secrets and persons are cut, whoever invented the name", arguments: privateNames)
  func cut(_ name: String) throws {
    #expect(try sent(#"{"\#(name)":"LEAKED","model":"m"}"#, Self.guarded) == #"{"model":"m"}"#)
    #expect(try sent(#"{"model":"m","\#(name)":{"a":["LEAKED"]}}"#, Self.guarded) == #"{"model":"m"}"#)
  }

  static let dialectNames =
    RequestName.allCases.map(\.rawValue).filter { !PrivateName.members.contains($0) }
    + [
      "min_tokens", "stop_token_ids", "return_token_ids", "add_special_tokens", "ignore_eos", "guided_json",
      "keep_alive",
      "enable_thinking", "max_tokens_to_sample", "bad_words", "keywords", "output_config", "token_budget",
    ]

  @Test("what requests are made of is sent", arguments: dialectNames)
  func kept(_ name: String) throws {
    let body = #"{"\#(name)":1}"#
    #expect(try sent(body, Self.guarded) == body)
  }

  @Test("the playbook keeps what it names, and the baseline is sent everything")
  func keeping() throws {
    let body = #"{"user":"u","my_session":"s","api_key":"k"}"#
    let policy = BodyPolicy(dropping: [String](), keeping: ["user", "my_session"], withholdsPrivate: true)
    #expect(try sent(body, policy) == #"{"user":"u","my_session":"s"}"#)
    #expect(try sent(body, BodyPolicy(dropping: [String]())) == body)
  }

  @Test("a member is renamed where it stands, every other byte stays")
  func renames() throws {
    let policy = BodyPolicy(
      dropping: ["seed"],
      renaming: [.init(from: "max_completion_tokens", to: "max_tokens"), .init(from: "mine", to: "their\"s")])
    #expect(
      try sent(#"{ "max_completion_tokens" :  10 , "seed":1, "m\u0069ne":[1.50], "model":"a" }"#, policy, model: "b")
        == #"{ "max_tokens" :  10 , "their\"s":[1.50], "model":"b" }"#)
  }

  @Test("where a request has both names, the arm's own says what is meant")
  func renamedTwice() throws {
    let policy = BodyPolicy(dropping: [String](), renaming: [.init(from: "max_completion_tokens", to: "max_tokens")])
    #expect(try sent(#"{"max_tokens":1,"max_completion_tokens":2}"#, policy) == #"{"max_tokens":1}"#)
    #expect(try sent(#"{"max_completion_tokens":2,"max_tokens":1}"#, policy) == #"{"max_tokens":1}"#)
  }

  @Test(
    "credentials within members that are kept are cut at any depth",
    arguments: [
      (
        #"{"mcp_servers":[{"url":"u","authorization_token":"LEAKED","name":"n"}]}"#,
        #"{"mcp_servers":[{"url":"u","name":"n"}]}"#
      ),
      (#"{"mcp_servers":[{"authorization_token":"LEAKED"}],"model":"m"}"#, #"{"mcp_servers":[{}],"model":"m"}"#),
      (
        #"{"mcp_servers":[{"url":"u","tool":{"a":1,"headers":{"x":"LEAKED"}}} , {"api_key":"LEAKED","b":2}]}"#,
        #"{"mcp_servers":[{"url":"u","tool":{"a":1}} , {"b":2}]}"#
      ),
      (
        #"{"tools":[{"type":"mcp","authorization":"LEAKED","server_url":"u"},{"type":"function","function":{"token":1}}]}"#,
        #"{"tools":[{"type":"mcp","server_url":"u"},{"type":"function","function":{"token":1}}]}"#
      ),
    ])
  func nested(_ body: String, _ expected: String) throws {
    #expect(try sent(body, Self.guarded) == expected)
  }

  @Test("a tool of the application's may have a parameter by any name")
  func parameters() throws {
    let body =
      #"{"tools":[{"type":"function","function":{"name":"f","parameters":{"properties":{"api_key":{"type":"string"}}}}}],"#
      + #""messages":[{"role":"user","content":"x","name":"api_key"}],"response_format":{"json_schema":{"user":1}}}"#
    #expect(try sent(body, Self.guarded) == body)
  }

  @Test("credentials are told by the words of their names")
  func credentials() {
    for name in [
      "Authorization", "x-api-key", "api_key", "x-auth-token", "X-Session-Token", "cookie", "my.secret", "DPoP",
    ] {
      #expect(PrivateName.isCredential(name), "\(name)")
    }
    for name in ["x-team", "user", "max_tokens", "prompt_cache_key", "idempotency-key", "x-request-id", "keyboard", ""]
    {
      #expect(!PrivateName.isCredential(name), "\(name)")
    }
  }

  @Test("the caller's credentials in a body are known by their value")
  func values() throws {
    let body = Array(#"{"api_key":"k\u0031","user":"u","token":7,"model":"m","secret":"s"}"#.utf8)
    let facts = try #require(RequestReader().read(body))
    #expect(facts.credentials(in: body.span.bytes) == ["k1", "s"])
  }

  @Test("an arm that refuses what it does not know is sent what it knows, and what the playbook keeps")
  func only() throws {
    let policy = BodyPolicy(
      dropping: ["seed"], renaming: [FieldRename(from: "max_completion_tokens", to: "max_tokens")],
      keeping: ["guided_json"], withholdsPrivate: true, only: ["model", "messages", "seed", "max_tokens"])
    let body =
      #"{"store":false,"model":"m","invented":1,"guided_json":{},"seed":1,"max_completion_tokens":5,"top_k":1,"messages":[]}"#
    #expect(try sent(body, policy) == #"{"model":"m","guided_json":{},"max_tokens":5,"messages":[]}"#)
  }

  @Test("a value has the arm's own word")
  func renamedValues() throws {
    let policy = BodyPolicy(dropping: [String](), values: [ValueRename("tool_choice", "required", to: "any")])
    #expect(try sent(#"{"tool_choice":"required"}"#, policy) == #"{"tool_choice":"any"}"#)
    #expect(try sent(#"{"tool_choice":"requ\u0069red"}"#, policy) == #"{"tool_choice":"any"}"#)
    for body in [#"{"tool_choice":"auto"}"#, #"{"tool_choice":{"type":"function"}}"#, #"{"stop":"required"}"#] {
      #expect(try sent(body, policy) == body)
    }
  }

  @Test(
    "how hard to think is said in the arm's words",
    arguments: [
      (#"{"reasoning":{"effort":"high"}}"#, #"{"reasoning_effort":"high"}"#, #"{"thinking":{"type":"enabled"}}"#),
      (#"{"reasoning":{"effort":"max"}}"#, #"{"reasoning_effort":"xhigh"}"#, #"{"thinking":{"type":"enabled"}}"#),
      (
        #"{"reasoning":{"enabled":false}}"#, #"{"reasoning_effort":"none"}"#, #"{"thinking":{"type":"disabled"}}"#
      ),
      (#"{"reasoning":{"effort":"none"}}"#, #"{"reasoning_effort":"none"}"#, #"{"thinking":{"type":"disabled"}}"#),
      (#"{"a":1,"reasoning":{"max_tokens":9}}"#, #"{"a":1}"#, #"{"a":1,"thinking":{"type":"enabled"}}"#),
      (#"{"reasoning":{"exclude":true}}"#, "{}", "{}"), (#"{"reasoning":null}"#, "{}", "{}"),
    ])
  func effort(_ body: String, word: String, thinking: String) throws {
    #expect(try sent(body, BodyPolicy(dropping: ["reasoning"], effort: .reasoningEffort)) == word)
    #expect(try sent(body, BodyPolicy(dropping: ["reasoning"], effort: .thinking)) == thinking)
  }

  @Test("an application that has said it in the arm's words has said what it means")
  func bothEfforts() throws {
    let body = #"{"reasoning":{"effort":"high"},"reasoning_effort":"low"}"#
    #expect(
      try sent(body, BodyPolicy(dropping: [String](), effort: .reasoningEffort)) == #"{"reasoning_effort":"low"}"#)
  }
}
