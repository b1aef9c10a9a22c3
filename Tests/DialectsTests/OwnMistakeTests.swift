/// Which failures are our own mistakes, in the words that gateways use for them.

import Testing

@testable import Dialects

@Suite("OwnMistake")
struct OwnMistakeTests {
  private func judged(_ status: Int, _ body: String) -> (Outcome, OwnMistake?, AnswerComplaint?) {
    var reader = AnswerReader(endpoint: .chatCompletions, status: status, format: .json)
    Array(body.utf8).withUnsafeBytes { _ = reader.read(RawSpan(_unsafeBytes: $0)) }
    let facts = reader.end()
    let outcome = outcome(
      of: AttemptEnding(
        transport: .complete, status: status, endpoint: .chatCompletions, answer: AnswerSigns(facts),
        expectsStream: false))
    return (outcome, OwnMistake(outcome, status: status, facts.error), facts.error?.complaint)
  }

  @Test(
    "a field that a gateway does not know is named",
    arguments: [
      (
        400, #"{"error":{"message":"Unrecognized request argument supplied: logprobs","type":"invalid_request_error"}}"#
      ),
      (400, #"{"error":{"message":"Unknown parameter: 'logprobs'.","code":"unknown_parameter"}}"#),
      (400, #"{"error":{"message":"Unsupported parameter: 'logprobs' is not supported with this model."}}"#),
      (
        400,
        #"{"type":"error","error":{"type":"invalid_request_error","message":"logprobs: Extra inputs are not permitted"}}"#
      ),
      (
        400,
        #"{"error":{"message":"litellm.UnsupportedParamsError: openai does not support parameters: ['logprobs'], for x"}}"#
      ),
      (
        400,
        #"{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"logprobs\": Cannot find field."}}"#
      ),
      (400, #"{"error":{"message":"property 'logprobs' is unsupported, did you mean 'x'?"}}"#),
      (400, #"{"error":{"message":"Argument not supported on this model: logprobs"}}"#),
      (422, #"{"detail":"Additional properties are not allowed ('logprobs' was unexpected)"}"#),
      (400, #"{"error":"json: unknown field \"logprobs\""}"#),
      (500, #"{"error":{"message":"create() got an unexpected keyword argument 'logprobs'"}}"#),
    ])
  func fields(status: Int, body: String) {
    let (_, mistake, complaint) = judged(status, body)
    #expect(mistake == .unknownField)
    #expect(complaint == .field(name: "logprobs"))
  }

  @Test(
    "a model that a gateway does not know",
    arguments: [
      (404, #"{"error":{"message":"The model `claude-opus` does not exist","code":"model_not_found"}}"#),
      (404, #"{"type":"error","error":{"type":"not_found_error","message":"model: claude-opus"}}"#),
      (400, #"{"error":{"message":"claude-opus is not a valid model ID","code":400}}"#),
      (400, #"{"error":{"message":"Invalid model name passed in model=claude-opus"}}"#),
      (503, #"{"error":{"message":"No available channel for model claude-opus","code":"model_not_found"}}"#),
      (404, "<html>not here</html>"),
    ])
  func models(status: Int, body: String) { #expect(judged(status, body).1 == .unknownModel) }

  @Test(
    "a key or an account that is ours to mend",
    arguments: [
      (401, #"{"error":{"message":"Incorrect API key provided"}}"#, OwnMistake.unauthorized),
      (403, #"{"error":{"message":"forbidden"}}"#, .unauthorized),
      (
        400,
        #"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}"#,
        .unauthorized
      ),
      (400, #"{"error":{"message":"No connected db.","type":"no_db_connection","code":"400"}}"#, .unauthorized),
      (402, #"{"error":{"message":"Insufficient credits"}}"#, .unpaid),
      (429, #"{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}"#, .unpaid),
      (200, #"{"error":{"message":"Insufficient Balance"}}"#, .unpaid),
    ])
  func accounts(status: Int, body: String, mistake: OwnMistake) { #expect(judged(status, body).1 == mistake) }

  @Test(
    "what is the arm's own, or the request's, is no mistake of ours",
    arguments: [
      (500, #"{"error":{"message":"internal error"}}"#),
      (429, #"{"error":{"message":"Rate limit reached","code":"rate_limit_exceeded"}}"#),
      (400, #"{"error":{"message":"max_tokens is too large","code":"context_length_exceeded"}}"#),
      (400, #"{"error":{"message":"messages must not be empty"}}"#),
      (400, #"{"error":{"message":"The file does not exist"}}"#),
      (403, #"{"error":{"message":"flagged","metadata":{"reasons":["violence"],"flagged_input":"x"}}}"#),
      (200, #"{"choices":[{"index":0,"finish_reason":"stop","message":{"content":"unknown parameter: 'x'"}}]}"#),
    ])
  func others(status: Int, body: String) { #expect(judged(status, body).1 == nil) }

  @Test("of a complaint nothing but an identifier is kept")
  func identifiers() {
    for name in ["sk-ant-api03-abc", "13800138000", "a person's words", "", String(repeating: "x", count: 41)] {
      let complaint = judged(400, #"{"error":{"message":"Unknown parameter: '\#(name)'"}}"#).2
      let kept = if case .field(let kept) = complaint { kept } else { String?.none }
      #expect(kept == nil || kept == "a", "\(name)")
    }
  }
}
