import Testing

@testable import Dialects

@Suite("AnswerFormat")
struct AnswerFormatTests {
  @Test(
    "content types name their format, whatever their case and parameters",
    arguments: [
      ("text/event-stream", AnswerFormat.eventStream), ("Text/Event-Stream; charset=utf-8", .eventStream),
      ("application/json", .json),
      (" application/json ;charset=utf-8", .json), ("application/problem+json", .json), ("text/html", .other),
      ("", .other),
      ("application/octet-stream", .other), (String(repeating: "a", count: 300), .other),
    ])
  func contentTypes(value: String, format: AnswerFormat) {
    #expect(AnswerFormat.contentType(Array(value.utf8).span.bytes) == format)
  }
}
