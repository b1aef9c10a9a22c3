/// Assembles answers from text, for the tests of content.

import Dialects

func content(
  _ body: String, _ endpoint: Endpoint = .chatCompletions, status: Int = 200, several: Bool = false
) -> AnswerContent {
  let bytes = Array(body.utf8)
  return AnswerContent(endpoint: endpoint, status: status, tellsChoicesApart: several, body: bytes.span.bytes)
}

/// A stream of events with these data.
func dataEvents(_ data: String...) -> String { data.map { "data: \($0)\n\n" }.joined() }

/// A chunk of chat with one choice.
func chunk(_ delta: String, finish: String = "null") -> String {
  #"{"id":"x","model":"m","choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]}"#
}

func call(_ name: String, _ arguments: String) -> AnswerContent.ToolCall {
  AnswerContent.ToolCall(name: name, arguments: arguments)
}
