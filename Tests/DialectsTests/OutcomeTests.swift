import Testing

@testable import Dialects

@Suite("Outcome")
struct OutcomeTests {
  private func ended(
    _ transport: TransportEnd, _ status: Int?, retryAfter: Bool = false, endpoint: Endpoint? = .chatCompletions
  ) -> Outcome {
    outcome(
      of: AttemptEnding(
        transport: transport, status: status, hasRetryAfter: retryAfter, endpoint: endpoint, answer: nil,
        expectsStream: false))
  }

  @Test("the names are the contract's, and all but two count as errors")
  func names() {
    let names = "ok client_gone rejected unauthorized unpaid rate_limited failed timeout error_in_body incomplete empty"
    #expect(Outcome.allCases.map(\.rawValue).joined(separator: " ") == names)
    #expect(Outcome.allCases.filter { !$0.countsAsError } == [.ok, .clientGone])
    #expect(Outcome.allCases.filter { !$0.countsInDenominator } == [.clientGone])
  }

  @Test(
    "every status has its outcome, with and without Retry-After",
    arguments: [
      (
        Outcome.rejected, Outcome.rejected, [400, 404, 405, 406, 410, 411, 412, 413, 415, 417, 422, 428, 431, 446, 451]
      ),
      (.unauthorized, .unauthorized, [401, 403]), (.unpaid, .unpaid, [402]), (.rateLimited, .rateLimited, [429]),
      (.failed, .rateLimited, [503, 529]),
      (.failed, .failed, [408, 409, 424, 425, 498, 499, 500, 501, 502, 504, 520, 522, 524, 599]),
      (.failed, .failed, [100, 101, 199, 300, 301, 302, 304, 307, 308, 600, 999, 0, -1]),
      (.ok, .ok, [200, 201, 206, 299]),
    ])
  func statuses(without: Outcome, with: Outcome, statuses: [Int]) {
    for status in statuses {
      #expect(ended(.complete, status) == without, "\(status)")
      #expect(ended(.complete, status, retryAfter: true) == with, "\(status)")
      // Once the head has said error, how the rest ended does not change it.
      guard status != 200, without != .ok else { continue }
      for transport in [TransportEnd.cut, .clientGone, .timedOut] { #expect(ended(transport, status) == without) }
    }
  }

  @Test("without a head the connection's end is the outcome")
  func noHead() {
    #expect(ended(.unreachable, nil) == .failed)
    #expect(ended(.timedOut, nil) == .timeout)
    #expect(ended(.clientGone, nil) == .clientGone)
    #expect(ended(.cut, nil) == .failed)
    #expect(ended(.complete, nil) == .failed)
    for status in [200, 404, 500] { #expect(ended(.unreachable, status) == .failed) }
  }

  @Test("an endpoint that is not read is ok when it is complete", arguments: [200, 204, 301, 304])
  func unknownEndpoint(status: Int) {
    #expect(ended(.complete, status, endpoint: nil) == .ok)
    #expect(ended(.cut, status, endpoint: nil) == .incomplete)
    #expect(ended(.clientGone, status, endpoint: nil) == .clientGone)
    #expect(ended(.timedOut, status, endpoint: nil) == .timeout)
    #expect(AnswerCase(endpoint: nil, status: status, format: .json).outcome(#"{"error":{"code":1}}"#) == .ok)
  }

  @Test("a known endpoint's answer that could not be read is judged by its connection alone")
  func unread() {
    #expect(ended(.complete, 200) == .ok)
    #expect(ended(.cut, 200) == .incomplete)
    #expect(ended(.timedOut, 200) == .timeout)
    #expect(ended(.clientGone, 200) == .clientGone)
  }

  @Test("content policy is a rejection under any status that carries it")
  func contentPolicy() {
    let moderated = #"{"error":{"code":403,"message":"m","metadata":{"reasons":["hate"],"flagged_input":"x"}}}"#
    #expect(AnswerCase(status: 403, format: .json).outcome(moderated) == .rejected)
    #expect(AnswerCase(status: 200, format: .json).outcome(moderated) == .rejected)
    let typed = #"{"error":{"code":403,"message":"m","metadata":{"error_type":"content_policy_violation"}}}"#
    #expect(AnswerCase(status: 403, format: .json).outcome(typed) == .rejected)
    #expect(AnswerCase(status: 200, format: .json).outcome(typed) == .rejected)
    #expect(
      AnswerCase(status: 400, format: .json).outcome(#"{"error":{"code":"content_policy_violation","message":"m"}}"#)
        == .rejected)
    #expect(AnswerCase(status: 403, format: .json).outcome(#"{"error":{"code":403,"message":"no"}}"#) == .unauthorized)
    #expect(AnswerCase(status: 403, format: .json).outcome(#"{"error":{"code":"insufficient_user_quota"}}"#) == .unpaid)
  }

  @Test("a filter that left nothing is a rejection, one that cut text off an answer")
  func contentFilter() {
    let filtered = #"{"index":0,"finish_reason":"content_filter","message":{"content":"%"}}"#
    func body(_ text: String) -> String {
      #"{"choices":[\#(filtered.split(separator: "%", omittingEmptySubsequences: false).joined(separator: text))]}"#
    }
    #expect(AnswerCase(format: .json).outcome(body("")) == .rejected)
    #expect(AnswerCase(format: .json).outcome(body("Li")) == .ok)
    let refusal =
      #"{"choices":[{"finish_reason":"stop","message":{"content":null,"refusal":"I cannot help with that."}}]}"#
    #expect(AnswerCase(format: .json).outcome(refusal) == .ok)
    #expect(
      AnswerCase(endpoint: .messages, format: .json).outcome(
        #"{"type":"message","content":[],"stop_reason":"refusal"}"#) == .rejected)
  }

  @Test("finished with nothing is empty")
  func empty() {
    #expect(AnswerCase().outcome(Chat.roleOnly + Chat.finish + Chat.done) == .empty)
    #expect(AnswerCase().outcome(Chat.done) == .incomplete)
    #expect(
      AnswerCase(format: .json).outcome(#"{"choices":[{"finish_reason":"stop","message":{"content":""}}]}"#) == .empty)
    #expect(AnswerCase(format: .json).outcome(#"{"choices":[]}"#) == .empty)
    #expect(AnswerCase(format: .json).outcome("{}") == .empty)
  }

  @Test("a JSON body that ends early, is none at all or is something else is incomplete")
  func truncatedJSON() {
    for length in 0..<Chat.body.utf8.count {
      let part = String(decoding: Chat.body.utf8.prefix(length), as: UTF8.self)
      var reader = AnswerReader(endpoint: .chatCompletions, status: 200, format: .json)
      _ = reader.read(Array(part.utf8).span.bytes)
      let ending = AttemptEnding(
        transport: .complete, status: 200, endpoint: .chatCompletions, answer: AnswerSigns(reader.end()),
        expectsStream: false)
      #expect(outcome(of: ending) == .incomplete)
    }
    #expect(AnswerCase(format: .json).outcome("<html><body>502 Bad Gateway</body></html>") == .incomplete)
    #expect(AnswerCase(format: .other).outcome("error code: 1015") == .incomplete)
    #expect(AnswerCase(format: .json).outcome(Chat.body, .cut) == .incomplete)
  }

  @Test("a body that no SDK can parse is an error in the body")
  func malformed() {
    #expect(AnswerCase(format: .json).outcome(Chat.body + "{}") == .errorInBody)
    #expect(AnswerCase(format: .json).outcome(#"{"choices":[}"#) == .errorInBody)
    #expect(AnswerCase().outcome(Chat.li + "data: {\"choices\":[\n\n" + Chat.finish + Chat.done) == .errorInBody)
    #expect(AnswerCase().outcome(Chat.li + "data: oops\n\n", .clientGone) == .errorInBody)
    #expect(AnswerCase().outcome("data: [DON\n\n" + Chat.stream) == .errorInBody)
  }

  @Test(
    "a whole JSON body in which a choice has no finish reason is incomplete",
    arguments: [
      #"{"choices":[{"index":0,"finish_reason":null,"message":{"content":"Li"}}]}"#,
      #"{"choices":[{"index":0,"message":{"content":"Li"}}]}"#,
      #"{"choices":[{"index":0,"finish_reason":"","message":{"content":""}}]}"#,
    ])
  func unfinishedJSON(body: String) {
    for endpoint in [Endpoint.chatCompletions, .completions] {
      #expect(AnswerCase(endpoint: endpoint, format: .json).outcome(body) == .incomplete)
      #expect(AnswerCase(endpoint: endpoint, format: .json).outcome(body, .clientGone) == .incomplete)
    }
  }

  @Test("a JSON message without a stop reason is incomplete; a response and embeddings have none to miss")
  func unfinishedElsewhere() {
    let message = #"{"type":"message","content":[{"type":"text","text":"Li"}],"stop_reason":null}"#
    #expect(AnswerCase(endpoint: .messages, format: .json).outcome(message) == .incomplete)
    let response = #"{"object":"response","output":[{"content":[{"type":"output_text","text":"Li"}]}]}"#
    #expect(AnswerCase(endpoint: .responses, format: .json).outcome(response) == .ok)
    #expect(AnswerCase(endpoint: .embeddings, format: .json).outcome(#"{"data":[[1]]}"#) == .ok)
  }

  @Test("what no SDK reads as what it asked for is incomplete")
  func otherFormat() {
    #expect(AnswerCase(format: .json).outcome(Chat.body, expectsStream: true) == .incomplete)
    #expect(AnswerCase().outcome(Chat.stream, expectsStream: false) == .incomplete)
    // Where the request could not be read, either will do.
    for body in [Chat.stream, Chat.body] {
      let facts = AnswerCase().read(body).facts
      let ending = AttemptEnding(
        transport: .complete, status: 200, endpoint: .chatCompletions, answer: AnswerSigns(facts), expectsStream: nil)
      #expect(outcome(of: ending) == .ok)
    }
  }

  @Test(
    "after the last event, how the connection ends does not matter",
    arguments: [TransportEnd.complete, .cut, .clientGone, .timedOut])
  func afterTheEnd(transport: TransportEnd) {
    #expect(AnswerCase().outcome(Chat.stream, transport) == .ok)
    #expect(AnswerCase(endpoint: .messages).outcome(Messages.stream, transport) == .ok)
    #expect(AnswerCase(endpoint: .responses).outcome(Responses.stream, transport) == .ok)
  }

  @Test("before it, it does")
  func beforeTheEnd() {
    let stream = Chat.li + Chat.ma + Chat.finish
    #expect(AnswerCase().outcome(stream, .cut) == .incomplete)
    #expect(AnswerCase().outcome(stream, .clientGone) == .clientGone)
    #expect(AnswerCase().outcome(stream, .timedOut) == .timeout)
    #expect(AnswerCase().outcome(stream, .complete) == .ok)
    #expect(AnswerCase().outcome("", .clientGone) == .clientGone)
    #expect(AnswerCase().outcome("", .complete) == .incomplete)
  }
}
