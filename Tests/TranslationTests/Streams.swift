import Dialects
import Testing

@testable import Translation

typealias Target = TranslatedAnswer.Target

/// The answer to a stream as it comes out, in pieces cut at these places.
func translated(
  _ stream: String, to target: Target, status: Int = 200, format: AnswerFormat = .eventStream,
  _ asked: TranslatedAnswer.Asked = .init(created: 7), cuts: [Int] = [], endsWell: Bool = true
) -> String {
  let bytes = Array(stream.utf8)
  var answer = TranslatedAnswer(to: target, status: status, format: format, asked)
  var out: [UInt8] = []
  var start = 0
  for end in cuts + [bytes.count] {
    out += answer.read(Array(bytes[start..<end]).span.bytes)
    start = end
  }
  if endsWell { out += answer.end() }
  return text(out)
}

/// The same, which has to be the same however the stream is cut.
func translatedAnyhow(
  _ stream: String, to target: Target, _ asked: TranslatedAnswer.Asked = .init(created: 7),
  _ place: SourceLocation = #_sourceLocation
) -> String {
  let whole = translated(stream, to: target, asked)
  for cut in 0...stream.utf8.count where translated(stream, to: target, asked, cuts: [cut]) != whole {
    Issue.record("cut at \(cut) it is another answer", sourceLocation: place)
  }
  #expect(translated(stream, to: target, asked, cuts: Array(0...stream.utf8.count)) == whole, sourceLocation: place)
  let crlf = stream.replacing("\n", with: "\r\n")
  #expect(translated(crlf, to: target, asked, cuts: Array(0...crlf.utf8.count)) == whole, sourceLocation: place)
  return whole
}

/// Events of Anthropic's, each by its data.
func events(_ data: String...) -> String {
  data.map { data in "event: \(JSONTree(text: data)?["type"]?.text ?? "")\ndata: \(data)\n\n" }.joined()
}

func chunks(_ data: String...) -> String { data.map { "data: \($0)\n\n" }.joined() }

/// A chunk with this delta.
func chunk(_ delta: String, _ finish: String? = nil) -> String {
  let reason = finish.map { "\"\($0)\"" } ?? "null"
  return #"{"id":"gen-1","model":"gpt","choices":[{"index":0,"delta":{\#(delta)},"finish_reason":\#(reason)}]}"#
}

let begun = #"""
  {"type":"message_start","message":{"id":"msg_1","model":"claude","content":[],"usage":{"input_tokens":21,"output_tokens":1}}}
  """#
let ended = #"{"type":"message_stop"}"#

func stopped(_ reason: String, _ usage: String = #"{"output_tokens":37}"#) -> String {
  #"{"type":"message_delta","delta":{"stop_reason":"\#(reason)","stop_sequence":null},"usage":\#(usage)}"#
}

func blockBegins(_ index: Int, _ block: String) -> String {
  #"{"type":"content_block_start","index":\#(index),"content_block":\#(block)}"#
}

func delta(_ index: Int, _ members: String) -> String {
  #"{"type":"content_block_delta","index":\#(index),"delta":{\#(members)}}"#
}

func blockEnds(_ index: Int) -> String { #"{"type":"content_block_stop","index":\#(index)}"# }

/// What comparison reads out of an answer.
func content(_ answer: String, _ endpoint: Endpoint) -> AnswerContent {
  let bytes = Array(answer.utf8)
  return AnswerContent(endpoint: endpoint, status: 200, body: bytes.span.bytes)
}

/// The data of each event.
func data(_ stream: String) -> [String] {
  stream.split(separator: "\n").filter { $0.hasPrefix("data: ") }.map { String($0.dropFirst(6)) }
}

func names(_ stream: String) -> [String] {
  stream.split(separator: "\n").filter { $0.hasPrefix("event: ") }.map { String($0.dropFirst(7)) }
}
