/// Tests how answers that were to be JSON are held against each other.

import ResponseDiff
import Testing

@Suite("StructuredOutputDiff")
struct StructuredOutputDiffTests {
  private let object = #"{"response_format":{"type":"json_object"}}"#
  private let place = "choices[0].message.content"

  @Test("JSON in a code fence or broken off is a mismatch where the baseline's parses")
  func invalid() {
    for broken in ["```json\n{\"a\":1}\n```", #"{"a":1"#, "Sure: {}"] {
      let comparison = difference(chat(#"{"a":1}"#), chat(broken), request: object)
      #expect(comparison.lines.contains("breaking json_invalid \(place)"))
      #expect(!difference(chat(broken), chat(#"{"a":1}"#), request: object).isMismatch)
    }
  }

  @Test("Output that the declared schema refuses is a mismatch where the baseline's matches")
  func schema() {
    let comparison = difference(chat(#"{"name":"Ada","age":36}"#), chat(#"{"age":36}"#), request: personFormat)
    #expect(comparison.lines.first == "breaking json_schema \(place).name")
    #expect(
      !difference(chat(#"{"age":36}"#), chat(#"{"age":"x"}"#), request: personFormat).lines.contains {
        $0.hasPrefix("breaking json_schema")
      })
  }

  @Test("Without a schema another shape is a mismatch; with one that allows it, it is minor")
  func shape() {
    let (first, second) = (#"{"name":"Ada","age":36}"#, #"{"name":"Ada"}"#)
    #expect(difference(chat(first), chat(second), request: object).lines.first == "breaking json_shape \(place).age")
    #expect(difference(chat(first), chat(second), request: personFormat).lines.first == "minor json_shape \(place).age")
  }

  @Test("Other values, more elements and nulls are no mismatch of shape")
  func values() {
    let comparison = difference(
      chat(#"{"a":[1,2],"b":"x","c":null}"#), chat(#"{"a":[3],"b":"y","c":"z"}"#), request: object)
    #expect(!comparison.isMismatch)
    #expect(comparison.lines.contains("note json_value \(place).b"))
    #expect(comparison.lines.contains("minor json_shape \(place).c"))
  }

  @Test("Each rule holds what it says")
  func rules() {
    let (first, second) = (chat(#"{"a":1}"#), chat(#"{"a":2,"b":3}"#))
    let lines = { (json: ComparisonRules.JSON) in
      difference(first, second, request: object, rules: ComparisonRules(json: json)).lines
    }
    #expect(lines(.exact) == ["breaking json_value \(place).a", "breaking json_value \(place).b"])
    #expect(lines(.schema).allSatisfy { $0.hasPrefix("note ") })
    #expect(lines(.ignore) == ["note text \(place)"])
    let reordered = difference(
      chat(#"{"a":1,"b":2}"#), chat(#"{ "b": 2, "a": 1.0 }"#), request: object, rules: ComparisonRules(json: .exact))
    #expect(reordered.lines == [])
  }
}
