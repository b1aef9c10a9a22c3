/// Answers and requests for comparisons, written as the arms send them.

import Dialects
import ResponseDiff

extension String {
  var bytes: [UInt8] { Array(utf8) }

  var quoted: String { JSONTree.string(self).canonicalText }
}

func chat(_ text: String, finish: String = "stop", usage: Bool = true) -> String {
  chat(message: #""content":\#(text.quoted)"#, finish: finish, usage: usage)
}

func chat(message: String, finish: String = "stop", usage: Bool = true) -> String {
  #"{"id":"x","model":"m","choices":[{"index":0,"message":{"role":"assistant",\#(message)},"finish_reason":"\#(finish)"}]"#
    + (usage ? #","usage":{"prompt_tokens":9,"completion_tokens":5,"total_tokens":14}}"# : "}")
}

/// - Parameter calls: name and arguments of each.
func calling(_ calls: (String, String)...) -> String {
  let list = calls.enumerated().map { index, call in
    #"{"id":"call_\#(index)","type":"function","function":{"name":"\#(call.0)","arguments":\#(call.1.quoted)}}"#
  }
  return chat(message: #""content":null,"tool_calls":[\#(list.joined(separator: ","))]"#, finish: "tool_calls")
}

func answer(
  _ body: String, endpoint: Endpoint = .chatCompletions, outcome: Outcome = .ok, status: Int = 200,
  isCut: Bool = false, several: Bool = false, asked: String? = nil
) -> ComparedAnswer {
  ComparedAnswer(
    content: AnswerContent(
      endpoint: endpoint, status: status, tellsChoicesApart: several, body: body.bytes.span.bytes), outcome: outcome,
    status: status, isCut: isCut, askedModel: asked)
}

func request(_ body: String = "{}", endpoint: Endpoint = .chatCompletions) -> RequestExpectations {
  RequestExpectations(endpoint: endpoint, body: body.bytes.span.bytes)
}

func difference(
  _ baseline: String, _ candidate: String, request body: String = "{}", endpoint: Endpoint = .chatCompletions,
  rules: ComparisonRules = ComparisonRules()
) -> AnswerComparison {
  let expectations = request(body, endpoint: endpoint)
  return compare(
    baseline: answer(baseline, endpoint: endpoint, several: expectations.asksForChoices),
    candidate: answer(candidate, endpoint: endpoint, several: expectations.asksForChoices),
    expectations: expectations, rules: rules)
}

extension AnswerComparison {
  /// `severity kind path` of each.
  var lines: [String] { differences.map { "\($0.severity.rawValue) \($0.kind.rawValue) \($0.path)" } }
}

let weatherTool = #"""
  {"tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object","required":["city"],
   "properties":{"city":{"type":"string"},"days":{"type":"integer","minimum":1}},"additionalProperties":false}}}]}
  """#

let personFormat = #"""
  {"response_format":{"type":"json_schema","json_schema":{"name":"p","schema":{"type":"object","required":["name"],
   "properties":{"name":{"type":"string"},"age":{"type":"integer"}}}}}}
  """#
