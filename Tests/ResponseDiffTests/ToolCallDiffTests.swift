/// Tests how tool calls are held against each other under each rule.

import ResponseDiff
import Testing

@Suite("ToolCallDiff")
struct ToolCallDiffTests {
  private let names = ComparisonRules(toolCalls: .names)
  private let place = "choices[0].message.tool_calls"

  @Test("The same arguments in another order and spelling are equal")
  func canonical() {
    let comparison = difference(
      calling(("weather", #"{"city":"Lima","days":2}"#)),
      calling(("weather", #"{ "days": 2.0, "city": "L\u0069ma" }"#)),
      request: weatherTool)
    #expect(comparison.lines == [])
  }

  @Test("Under exact each differing argument is a mismatch with its path")
  func arguments() {
    let comparison = difference(
      calling(("weather", #"{"city":"Lima","days":2}"#)), calling(("weather", #"{"city":"Oslo","days":3}"#)),
      request: weatherTool)
    #expect(
      comparison.lines == [
        "breaking tool_arguments \(place)[0].arguments.city", "breaking tool_arguments \(place)[0].arguments.days",
      ])
    #expect(comparison.differences[0].baseline == #""Lima""#)
    #expect(comparison.differences[0].candidate == #""Oslo""#)
  }

  @Test("Under names other arguments that the schema allows are only noted")
  func namesOnly() {
    let comparison = difference(
      calling(("weather", #"{"city":"Lima"}"#)), calling(("weather", #"{"city":"Oslo","days":1}"#)),
      request: weatherTool,
      rules: names)
    #expect(!comparison.isMismatch)
    #expect(comparison.lines.allSatisfy { $0.hasPrefix("note tool_arguments ") })
    let other = difference(calling(("f", #"{"a":1}"#)), calling(("f", #"{"a":"x"}"#)), rules: names)
    #expect(other.lines.contains("breaking tool_arguments_invalid \(place)[0].arguments.a"))
  }

  @Test("Arguments that the declared schema refuses are a mismatch where the baseline's are valid")
  func invalid() {
    for rules in [ComparisonRules(), names] {
      let comparison = difference(
        calling(("weather", #"{"city":"Lima"}"#)), calling(("weather", "{}")), request: weatherTool, rules: rules)
      #expect(comparison.lines.contains("breaking tool_arguments_invalid \(place)[0].arguments.city"))
      #expect(
        difference(
          calling(("weather", "{}")), calling(("weather", #"{"days":0}"#)), request: weatherTool, rules: rules
        ).isMismatch == false)
    }
  }

  @Test("Arguments that are no JSON are a mismatch where the baseline's are")
  func broken() {
    let comparison = difference(calling(("f", #"{"a":1}"#)), calling(("f", #"{"a":"#)))
    #expect(comparison.lines == ["breaking tool_arguments_invalid \(place)[0].arguments"])
    #expect(!difference(calling(("f", #"{"a":"#)), calling(("f", #"{"a":1}"#))).isMismatch)
  }

  @Test("A call that is missing, added or of another tool is named")
  func calls() {
    let one = calling(("a", "{}"))
    let two = calling(("a", "{}"), ("b", "{}"))
    #expect(difference(two, one).lines == ["breaking tool_call_missing \(place)[1]"])
    #expect(difference(one, two).lines == ["minor tool_call_added \(place)[1]"])
    #expect(difference(one, calling(("c", "{}"))).lines == ["breaking tool_call_name \(place)[0].name"])
    let lost = difference(one, chat("I would call a tool."))
    #expect(lost.lines.contains("breaking tool_call_missing \(place)[0]"))
  }

  @Test("A tool that the request does not offer breaks the application")
  func undeclared() {
    let comparison = difference(chat("Hello"), calling(("rocket", "{}")), request: weatherTool)
    #expect(comparison.lines.contains("breaking tool_call_added \(place)[0]"))
  }

  @Test("The order of calls matters under exact only")
  func order() {
    let (first, second) = (calling(("a", "{}"), ("b", "{}")), calling(("b", "{}"), ("a", "{}")))
    #expect(difference(first, second).isMismatch)
    #expect(difference(first, second, rules: names).lines == [])
  }

  @Test("Under ignore and on ignored paths nothing is held against anyone")
  func ignored() {
    let (first, second) = (calling(("a", #"{"nonce":1}"#)), calling(("a", #"{"nonce":2}"#)))
    #expect(difference(first, second, rules: ComparisonRules(toolCalls: .ignore)).lines == [])
    let rules = ComparisonRules(ignore: ["**.arguments.nonce"])
    #expect(difference(first, second, rules: rules).lines == [])
  }

  @Test("Parallel calls on one index of a stream are a mismatch with two calls")
  func oneIndex() {
    func stream(_ second: Int) -> String {
      let calls = [(0, "weather", #"{"city":"Lima"}"#), (second, "time", #"{"city":"Oslo"}"#)].map {
        #"{"index":\#($0.0),"id":"\#($0.1)","function":{"name":"\#($0.1)","arguments":\#($0.2.quoted)}}"#
      }
      return calls.map { #"data: {"choices":[{"index":0,"delta":{"tool_calls":[\#($0)]}}]}"# + "\n\n" }.joined()
        + #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}"# + "\n\n"
    }
    let comparison = difference(stream(1), stream(0))
    #expect(comparison.isMismatch)
    #expect(comparison.lines.contains { $0.hasPrefix("breaking tool_call_missing") })
    #expect(comparison.lines.contains { $0.hasPrefix("breaking tool_arguments_invalid") })
    #expect(!difference(stream(1), stream(1)).isMismatch)
  }
}
