/// What an input method or a word processor leaves in a playbook is named with its place and its cure.

import Testing

@testable import PlaybookYAML

@Suite struct ForeignPunctuationTests {
  @Test(
    "a character that only looks like YAML's is an error with its place and what to write",
    arguments: [
      ("name：x\n", 1, 5, "'：' (U+FF1A)", "': '"),
      ("a: 1\nb: 5％\n", 2, 5, "'％' (U+FF05)", "'%'"),
      ("a: [1，2]\n", 1, 6, "'，' (U+FF0C)", "','"),
      ("a: ｛ b: 1 ｝\n", 1, 4, "'｛' (U+FF5B)", "'{'"),
      ("a:\u{3000}1\n", 1, 3, "an ideographic space (U+3000)", "a blank"),
      ("a: “x/*”\n", 1, 4, "'“' (U+201C)", "'\"'"),
      ("a: ‘x’\n", 1, 4, "'‘' (U+2018)", "'''"),
      ("a: （x）\n", 1, 4, "'（' (U+FF08)", "'('"),
    ])
  func found(_ text: String, _ line: Int, _ column: Int, _ name: String, _ cure: String) {
    let first = Sample.read(text).problems.first
    #expect(first?.line == line && first?.column == column)
    #expect(first?.message == "\(name) is not what YAML reads")
    #expect(first?.suggestion?.hasPrefix("write \(cure)") == true)
  }

  @Test(
    "in quotes and in comments it is meant",
    arguments: [
      "a: \"：“”％\"  # 注释：（好）\n", "a: '，''，'\n", "# ：\na: \"\\\"：\"\n", "\"名：\": 1\n", "a: [\"：\",'：']\n",
      "a: it's 5 # don't，\n",
    ])
  func meant(_ text: String) {
    #expect(ForeignPunctuation(in: text).found.isEmpty)
  }

  @Test("words in other scripts are words")
  func words() { #expect(ForeignPunctuation(in: "name: 迁移-тест\n").found.isEmpty) }

  @Test("no more are told than anyone reads, and nothing of what YAML would make of them")
  func bounded() {
    let problems = Sample.read(String(repeating: "a：1\n", count: 500)).problems
    #expect(problems.count == ForeignPunctuation.limit)
    #expect(problems.allSatisfy { $0.message.hasPrefix("'：'") })
  }

  @Test("a byte order mark passes")
  func byteOrderMark() throws {
    #expect(
      Sample.read("\u{FEFF}" + PlaybookReaderTests.design).playbook == Sample.read(PlaybookReaderTests.design).playbook)
  }
}
