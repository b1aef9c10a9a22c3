import Testing

@testable import Dialects

@Suite("AnswerError")
struct AnswerErrorTests {
  /// The shapes of errors that vendors send, as whole bodies, with the code, type and kind to be read from each.
  static let shapes: [(body: String, code: String?, type: String?, kind: AnswerError.Kind)] = [
    (
      #"{"error":{"code":429,"message":"Rate limit exceeded: limit_rpm","metadata":{"error_type":"rate_limit_exceeded"}}}"#,
      "429", "rate_limit_exceeded", .rateLimited
    ),
    (
      #"{"error":{"message":"No available provider","error_type":"provider_unavailable","http_status":503,"availability":{"code":"no_providers","retryable":true}}}"#,
      nil, "provider_unavailable", .overloaded
    ),
    (
      #"{"error":{"message":"Unrecognized request argument supplied: reasoning","type":"invalid_request_error","param":null,"code":null}}"#,
      nil, "invalid_request_error", .invalidRequest
    ),
    (#"{"error":{"message":"litellm.APIError…","type":null,"param":null,"code":"502"}}"#, "502", nil, .server),
    (
      #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_012"}"#, nil,
      "overloaded_error", .overloaded
    ),
    (
      #"[{"error":{"code":400,"message":"Invalid JSON payload received.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest"}]}}]"#,
      "400", "INVALID_ARGUMENT", .invalidRequest
    ),
    (#"{"detail":"Not authenticated"}"#, nil, nil, .other),
    (#"{"detail":[{"loc":["body","provider"],"msg":"extra","type":"extra_forbidden"}]}"#, nil, nil, .other),
    (#"{"title":"Unauthenticated","detail":"no token","status":401}"#, "401", nil, .authentication),
    (
      #"{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","provider"]}]},"type":"invalid_request_error","param":null,"code":null}"#,
      nil, "invalid_request_error", .invalidRequest
    ),
    (#"{"code":20012,"message":"Model does not exist. Please check it carefully.","data":null}"#, "20012", nil, .other),
    (#""Invalid token""#, nil, nil, .other),
    (
      #"{"status":"failure","message":"Either x-portkey-config or x-portkey-provider header is required"}"#, nil,
      "failed", .other
    ),
    (#"{"code":"invalid_api_key","error":"The key is wrong"}"#, "invalid_api_key", nil, .authentication),
    (#"{"error":"something broke"}"#, nil, nil, .other),
    (#"{"data":{"id":"x","status":"failed","error":"no"},"code":200,"message":"success"}"#, "200", "failed", .other),
    (#"{"code":-1,"msg":"bad"}"#, "-1", nil, .other),
    (
      #"{"id":"","choices":null,"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}}"#, "1008", nil,
      .payment
    ),
    (
      #"{"choices":[{"index":0,"finish_reason":"error","message":{"content":"Li"},"error":{"code":502,"message":"gone"}}]}"#,
      "502", nil, .server
    ),
    (#"{"choices":[{"index":0,"finish_reason":"error","message":{"content":"Li"}}]}"#, nil, "error", .other),
    (
      #"{"error":{"message":"用户额度不足","type":"one_api_error","param":"","code":"insufficient_user_quota"}}"#,
      "insufficient_user_quota", "one_api_error", .payment
    ),
    (
      #"{"error":{"code":403,"message":"flagged","metadata":{"reasons":["violence"],"flagged_input":"how to","provider_name":"x","model_slug":"y"}}}"#,
      "403", nil, .contentPolicy
    ),
    (
      #"{"error":{"message":"Your request was rejected by the safety system.","type":"image_generation_user_error","param":null,"code":"moderation_blocked"}}"#,
      "moderation_blocked", "image_generation_user_error", .contentPolicy
    ),
    (
      #"{"error":{"code":400,"message":"request (6024 tokens) exceeds","type":"exceed_context_size_error","n_prompt_tokens":6024}}"#,
      "400", "exceed_context_size_error", .contextLength
    ),
  ]

  @Test("every shape seen is an error under 200, with its code, type and kind", arguments: shapes.indices)
  func underSuccess(index: Int) {
    let shape = Self.shapes[index]
    let facts = AnswerCase(format: .json).read(shape.body).facts
    #expect(facts.error?.code == shape.code)
    #expect(facts.error?.type == shape.type)
    #expect(facts.error?.kind == shape.kind)
    let outcome = AnswerCase(format: .json).outcome(shape.body)
    let expected: Outcome =
      switch shape.kind {
      case .contentPolicy: .rejected
      case .payment: .unpaid
      default: .errorInBody
      }
    #expect(outcome == expected, "\(shape.body)")
  }

  @Test("and read the same under an error status", arguments: shapes.indices)
  func underFailure(index: Int) {
    let shape = Self.shapes[index]
    let facts = AnswerCase(status: 500, format: .json).read(shape.body).facts
    #expect(facts.error != nil)
    #expect(facts.error?.kind == shape.kind || shape.code == nil)
  }

  @Test(
    "no answer is taken for an error",
    arguments: [
      Chat.body, Messages.body, #"{"error":null,"choices":[{"message":{"content":"a"},"finish_reason":"stop"}]}"#,
      #"{"error":{},"choices":[{"message":{"content":"a"},"finish_reason":"stop"}]}"#,
      #"{"error":"","choices":[{"message":{"content":"{\"error\":{}}"},"finish_reason":"stop"}]}"#,
      #"{"error":false,"code":0,"message":"ok","choices":[{"message":{"content":"a"},"finish_reason":"stop"}]}"#,
      #"{"code":500,"message":"m","detail":"d","choices":[{"message":{"content":"a","tool_calls":[{"error":{"code":1}}]},"finish_reason":"stop"}]}"#,
      #"{"choices":[{"message":{"content":"a"},"finish_reason":"stop"}],"base_resp":{"status_code":0,"status_msg":""}}"#,
    ])
  func noError(body: String) {
    #expect(AnswerCase(format: .json).read(body).facts.error == nil)
    #expect(
      AnswerCase(endpoint: body.hasPrefix(#"{"id":"msg"#) ? .messages : .chatCompletions, format: .json).outcome(body)
        == .ok)
  }

  @Test("what could be prose is never kept")
  func noProse() {
    #expect(AnswerError(code: "how do I build a bomb", type: "a\nb") == AnswerError(code: nil, type: nil))
    #expect(AnswerError(code: String(repeating: "a", count: 65), type: "") == AnswerError(code: nil, type: nil))
    #expect(AnswerError(code: "ключ", type: "x=y") == AnswerError(code: nil, type: nil))
  }

  @Test("any data of an error event makes an error")
  func errorEvent() {
    #expect(AnswerCase().outcome("event: error\ndata: upstream went away\n\n") == .errorInBody)
    #expect(AnswerCase().read("event: error\ndata: upstream went away\n\n").facts.malformedEvents == 0)
    #expect(
      AnswerCase().outcome("event: error\n" + events(#"{"type":"server_overloaded","message":"m"}"#)) == .errorInBody)
  }

  @Test("an error status makes an error of any JSON body")
  func anyBody() {
    let facts = AnswerCase(status: 418, format: .json).read(#"{"choices":[],"teapot":true}"#).facts
    #expect(facts.error == AnswerError(code: "418", type: nil))
  }
}
