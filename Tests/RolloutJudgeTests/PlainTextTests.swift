/// What other people wrote cannot move a terminal.

import RolloutJudge
import Testing

@Suite struct PlainTextTests {
  @Test("controls, line ends and bidirectional marks are made visible, every other character stays")
  func plain() {
    #expect(
      "ok\r\u{1b}[2K\u{1b}]0;t\u{7}\u{9b}31m\u{8}\u{202e}evil\n".plainText
        == "ok\u{FFFD}\u{FFFD}[2K\u{FFFD}]0;t\u{FFFD}\u{FFFD}31m\u{FFFD}\u{FFFD}evil\u{FFFD}")
    #expect("a\u{2028}b\u{2029}c\u{2066}d\u{200e}e\t".plainText == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}e\u{FFFD}")
    for text in ["", "deploy 7, as agreed", "é 日本 😀 👩‍👩‍👧", "100% → 25%"] { #expect(text.plainText == text) }
  }

  @Test("JSON says the same without a character that steers a terminal, and keeps its lines")
  func json() {
    let text = "{\n  \"model\": \"a\u{7F}\u{9B}2J\u{2028}\u{202E}b\u{2066}ü模\"\n}"
    #expect(
      String(decoding: Array(text.utf8).plainJSON, as: UTF8.self)
        == "{\n  \"model\": \"a\\u007f\\u009b2J\\u2028\\u202eb\\u2066ü模\"\n}")
    #expect(Array("{\"a\": 1}".utf8).plainJSON == Array("{\"a\": 1}".utf8))
  }
}
