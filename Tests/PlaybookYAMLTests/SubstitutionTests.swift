/// `${NAME}`: what is replaced, what is not, and that nothing of it can be seen.

import Foundation
import Testing

@testable import PlaybookYAML

@Suite struct SubstitutionTests {
  @Test(
    "references are replaced, everything else stays",
    arguments: [
      ("${A}", "1"), ("x${A}y${B}z", "x1y2z"), ("${MISSING:-d}", "d"), ("${MISSING:-}", ""), ("${EMPTY}", ""),
      ("${EMPTY:-d}", "d"), ("${A:-d}", "1"), ("$25/day", "$25/day"), ("$A", "$A"), ("$", "$"), ("a$", "a$"),
      ("$${A}", "${A}"), ("$$${A}", "$${A}"), ("$${", "${"), ("${MISSING:-http://h:1/v1}", "http://h:1/v1"),
      ("${MISSING:-${}", "${"), ("${NESTED}", "${A}"), ("{A}", "{A}"), ("${MISSING:-a:-b}", "a:-b"),
    ]) func replaced(source: String, result: String)
  {
    let environment = ["A": "1", "B": "2", "EMPTY": "", "NESTED": "${A}"]
    #expect(substitute(source, environment: environment) == .text(result))
  }

  @Test("an unset variable is named") func unset() {
    #expect(substitute("a${A}${MISSING}", environment: ["A": "1"]) == .unset(name: "MISSING"))
  }

  @Test(
    "a broken reference is refused", arguments: ["${", "${A", "${}", "${1}", "${A-B}", "${A:B}", "${ A }", "${A:+x}"])
  func malformed(source: String) {
    #expect(substitute(source, environment: ["A": "1"]) == .malformed)
  }

  @Test("messages show a reference without its default") func shown() {
    #expect(withoutDefaults("x${A:-secret}y${B}$5$${C:-d}") == "x${A}y${B}$5$${C:-d}")
    #expect(soleReference("${A:-secret}") == "A")
    #expect(soleReference("x${A}") == nil)
    #expect(soleReference("${A}${B}") == nil)
    #expect(soleReference("plain") == nil)
  }

  @Test("no value of a variable appears in a problem, wherever it stands") func neverShown() throws {
    let secret = "hunter2-\"%s\"-$5"
    // The texts of every scalar of a rich playbook, each replaced once by the variable.
    let lines = PlaybookReaderTests.design.split(separator: "\n").map(String.init)
    var seen = 0
    for (index, line) in lines.enumerated() {
      guard let colon = line.range(of: ": "), !line.hasPrefix("#"), !line.contains("{") else { continue }
      var changed = lines
      changed[index] = String(line[..<colon.upperBound]) + "${SECRET}"
      let environment = ["LITELLM_API_KEY": "k", "SECRET": secret]
      let reading = readPlaybook(text: changed.joined(separator: "\n"), file: "x", environment: environment)
      for problem in reading.problems {
        #expect(!problem.description.contains("hunter2"), "\(problem)")
        seen += 1
      }
    }
    #expect(seen > 10)
  }

  @Test("a written key is never shown either") func writtenKey() {
    let candidates =
      "[{ name: b, vendor: together, key: \"sk-written\\nx\", headers: { x-a: \"sk-written\\n\" }, models: { a: b } }]"
    let problems = Sample.read(Sample.text(candidates: candidates)).problems
    #expect(problems.count == 3)
    #expect(problems.allSatisfy { !$0.description.contains("sk-written") })
  }
}
