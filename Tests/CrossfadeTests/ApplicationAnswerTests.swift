import Testing

@testable import crossfade

@Suite("ApplicationAnswer")
struct ApplicationAnswerTests {
  private static let content = #"data: {"choices":[{"delta":{"content":"hi"}}]}"#
  private static let finish = #"data: {"choices":[{"delta":{},"finish_reason":"stop"}]}"#

  @Test(
    "A document is an answer when it has content and an end",
    arguments: [
      (200, #"{"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]}"#, nil),
      (200, #"{"choices":[{"message":{"content":"hi"}}]}"#, "answer without its end"),
      (200, #"{"choices":[{"message":{"content":"hi"},"finish_reason":"error"}]}"#, "error in the answer"),
      (200, #"{"choices":[{"message":{"content":""},"finish_reason":"stop"}]}"#, "empty answer"),
      (200, #"{"error":{"code":502,"message":"no"}}"#, "error in the answer"),
      (200, #"{"choices":[{"mess"#, "unreadable answer"),
      (503, #"{"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]}"#, "status 503"),
    ] as [(Int, String, String?)])
  func document(status: Int, body: String, fault: String?) {
    #expect(ApplicationAnswer.fault(status: status, body: body, isStream: false) == fault)
  }

  @Test(
    "A stream is an answer when it has content, a finish reason and its terminal event",
    arguments: [
      ([": comment", content, finish, "data: [DONE]"], nil),
      ([content, finish], "stream cut short"),
      ([content, "data: [DONE]"], "answer without its end"),
      ([finish, "data: [DONE]"], "empty answer"),
      ([content, #"data: {"error":{"code":502}}"#, "data: [DONE]"], "error in the stream"),
      ([content, #"data: {"choi"#], "unreadable event"),
      ([], "stream cut short"),
    ] as [([String], String?)])
  func stream(events: [String], fault: String?) {
    let body = events.map { $0 + "\n\n" }.joined()
    #expect(ApplicationAnswer.fault(status: 200, body: body, isStream: true) == fault)
  }
}
