/// An account with nothing left, in the words of those who say so.

import Testing

@testable import Dialects

@Suite("Spent accounts")
struct SpentAccountTests {
  /// The status under which each was seen, and its body.
  static let spent: [(status: Int, body: String)] = [
    (402, #"{"error":{"code":402,"message":"Insufficient credits."}}"#), (402, ""),
    (403, #"{"error":{"message":"用户额度不足 (request id: 1)","type":"one_api_error","code":"insufficient_user_quota"}}"#),
    (403, #"{"error":{"message":"该令牌额度已用尽","type":"new_api_error","param":"","code":""}}"#),
    (
      403,
      #"{"error":{"message":"预扣费额度失败, 用户剩余额度: ¥0.1","type":"new_api_error","code":"pre_consume_token_quota_failed"}}"#
    ),
    (403, #"{"code":30001,"message":"Sorry, your account balance is insufficient","data":null}"#),
    (403, #"{"detail":"User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."}"#),
    (403, #"{"error":"Your team has used all available credits or reached its monthly spending limit."}"#),
    (
      429,
      #"{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","code":"insufficient_quota"}}"#
    ),
    (429, #"{"error":{"type":"exceeded_current_quota_error","message":"Your account is suspended"}}"#),
    (429, #"{"error":{"code":"1113","message":"余额不足或无可用资源包,请充值。"}}"#),
    (429, #"{"error":{"code":"billing_hard_limit_reached","message":"m","type":"insufficient_quota"}}"#),
    (429, #""账户已欠费""#), (429, "Insufficient balance"), (403, "insufficient quota"),
    (
      400,
      #"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}}"#
    ),
    (
      400,
      #"{"error":{"code":"Arrearage","message":"Access denied, please make sure your account is in good standing."}}"#
    ),
    (200, #"{"id":"","choices":null,"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}}"#),
    (
      200,
      #"{"error":{"message":"Insufficient Balance","type":"unknown_error","param":null,"code":"invalid_request_error"}}"#
    ),
    (200, #"{"code":500,"msg":"点数不足"}"#), (200, #"{"success":false,"message":"余额不足,请充值"}"#),
    (
      200,
      #"{"error":{"code":402,"message":"Provider returned error","metadata":{"raw":"{\"error\":{\"code\":\"insufficient_quota\"}}"}}}"#
    ),
    (
      200,
      #"{"error":{"code":429,"message":"Provider returned error","metadata":{"raw":"{\"message\":\"Insufficient balance\"}"}}}"#
    ),
  ]

  @Test("each is unpaid, whatever its status", arguments: spent.indices)
  func unpaid(index: Int) {
    let (status, body) = Self.spent[index]
    let format: AnswerFormat = body.hasPrefix("{") || body.hasPrefix("\"") ? .json : .other
    #expect(AnswerCase(status: status, format: format).outcome(body, expectsStream: false) == .unpaid, "\(body)")
  }

  @Test("and so it is as an event of a stream, before content and after it")
  func events() {
    for error in [
      #"{"error":{"message":"用户额度不足","type":"new_api_error","code":"insufficient_user_quota"}}"#,
      #"{"error":{"code":502,"message":"Insufficient balance"},"choices":[]}"#,
      #"{"error":"余额不足"}"#,
    ] {
      let event = DialectsTests.events(error)
      for stream in [event, Chat.comment + event, Chat.li + event, Chat.li + event + Chat.done] {
        #expect(AnswerCase().outcome(stream) == .unpaid)
      }
      #expect(AnswerCase().outcome("error: \(error)\n\n") == .unpaid)
    }
  }

  @Test(
    "a limit on how much goes in a span of time is none",
    arguments: [
      #"{"error":{"code":429,"message":"Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day"}}"#,
      #"{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.","status":"RESOURCE_EXHAUSTED"}}"#,
      #"{"error":{"message":"当前分组上游负载已饱和，请稍后再试","type":"new_api_error","code":429}}"#,
      #"{"error":{"message":"Rate limit reached for model x on tokens per minute (TPM): Limit 8000","type":"tokens","code":"rate_limit_exceeded"}}"#,
      #"{"error":{"message":"Quota exceeded for quota metric 'Generate requests' and limit 'per minute'","status":"RESOURCE_EXHAUSTED"}}"#,
      "{}", "",
    ])
  func rateLimited(body: String) {
    #expect(AnswerCase(status: 429, format: .json).outcome(body) == .rateLimited)
    #expect(AnswerCase(status: 403, format: .json).outcome(body) == .unauthorized)
  }

  @Test("what an answer says of balances is its own affair")
  func content() {
    let body = #"{"choices":[{"message":{"content":"Insufficient balance: 余额不足"},"finish_reason":"stop"}]}"#
    #expect(AnswerCase(format: .json).outcome(body) == .ok)
    #expect(AnswerCase(status: 401, format: .json).outcome(#"{"error":"insufficient balance"}"#) == .unauthorized)
    #expect(AnswerCase(status: 500, format: .json).outcome(#"{"error":"insufficient balance"}"#) == .failed)
  }
}
