/// What must not be kept is not, however it is dressed; what may is left alone.

import Dialects
import Foundation
import Journal
import ResponseDiff
import Testing

@testable import crossfade

@Suite("Redaction")
struct ComparisonRedactionTests {
  private func redaction(_ patterns: [String] = [], limit: Int = 64 << 10) throws -> Redaction {
    try Redaction(patterns: patterns, limit: limit)
  }

  private func text(_ text: String, _ patterns: [String] = []) throws -> String? {
    try TextRedaction(patterns: patterns).redacted(text)
  }

  @Test(
    "blots out keys, addresses and numbers",
    arguments: [
      ("the key sk-or-v1-0123456789abcdef0123, please", "the key [key], please"),
      ("Authorization: Bearer abc.DEF-123456789=", "Authorization: [key]"),
      ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl!", "[key]!"), ("AKIAIOSFODNN7EXAMPLE", "[key]"),
      ("ghp_0123456789abcdefghij0123", "[key]"), ("my password is hunter2hunter", "my [key]"),
      ("api_key = \"abcdef123456\"", "[key]\""), ("postgres://user:p4ssw0rd@db/x", "postgres[key]db/x"),
      ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- end", "[key] end"),
      ("write to jane.o'neill+x@mail.example.co.uk.", "write to [email]."), ("ünïcode@exämple.org", "[email]"),
      ("call +49 (30) 1234-5678 now", "call [phone] now"), ("(415) 555-2671", "[phone]"),
      ("06 12 34 56 78", "[phone]"), ("030 12345678", "[phone]"), ("020 7946 0958", "[phone]"),
      ("4111 1111 1111 1111", "[card]"), ("pay 5500-0000-0000-0004 now", "pay [card] now"),
      ("378282246310005", "[card]"), ("id 9 4111111111111111 12", "id 9 [card] 12"), ("４１１１１１１１１１１１１１１１", "[card]"),
    ]) func known(input: String, expected: String) throws
  {
    #expect(try text(input) == expected)
  }

  @Test(
    "leaves alone what only looks a little like it",
    arguments: [
      "4111 1111 1111 1112", "1700000000000", "a task-force of risk-averse people", "see you @home", "version 1.2.3.4",
      "the token budget is 4096", "2026-11-22T17:56:01.123Z", "$1,234,567.89", "0.123456789", "gpt-4o-mini-2024-07-18",
      "{\"max_tokens\":1000}", "10:30 - 11:45", "chatcmpl-9x8y7z",
    ]) func harmless(input: String) throws
  {
    #expect(try text(input) == input)
  }

  @Test("the playbook's patterns come on top") func own() throws {
    #expect(try text("order ACME-123456 of a@b.org", ["\\bACME-[0-9]{6}\\b"]) == "order [redacted] of [email]")
    #expect(try text("xx secret-project yy", ["secret-.*"]) == "xx [redacted]")
  }

  @Test("finds it behind escapes, in keys, in JSON within strings and in numbers") func dressed() throws {
    let body = #"""
      {"a\u0040b.org": 1, "m": "jane\u0040example.org", "n": 4111111111111111, "t": 1700000000000,
       "api_key": "short1", "max_tokens": 5, "e": "\ud83d\ude00 sk\u002d0123456789abcdef01",
       "arguments": "{\"to\": \"jane\\u0040example.org\", \"n\": [1, {\"password\": \"x y z!\"}]}"}
      """#
    let kept = try redaction().body(Array(body.utf8), isCut: false)
    #expect(!kept.isCut)
    #expect(
      kept.text == #"{"[email]":1,"m":"[email]","n":"[card]","t":1700000000000,"api_key":"[key]","max_tokens":5,"#
        + #""e":"😀 [key]","arguments":"{\"to\":\"[email]\",\"n\":[1,{\"password\":\"[key]\"}]}"}"#)
  }

  @Test("JSON within a string stays as it was written where nothing in it is touched") func untouched() throws {
    let body = #"{"arguments":"{ \"city\" : \"Paris\" }","b":[1.50,true,null]}"#
    #expect(try redaction().body(Array(body.utf8), isCut: false).text == body)
  }

  @Test("of a body that was cut anywhere, no beginning of a secret is kept") func cutAnywhere() throws {
    let secret = "sk-live-0123456789abcdef0123456789"
    let body = Array(#"{"messages":[{"role":"user","content":"use \#(secret) or jane@example.org ok"}],"n":12}"#.utf8)
    let redaction = try redaction()
    for end in 0...body.count {
      let kept = redaction.body(Array(body[..<end]), isCut: true).text
      for part in ["sk-live", "0123456789", "jane", "example"] { #expect(!kept.contains(part), "\(end): \(kept)") }
    }
    let raw = Array("data: use \(secret) or jane@example.org ok".utf8)
    for end in 0...raw.count {
      let kept = redaction.body(Array(raw[..<end]), isCut: true).text
      for part in ["sk-live", "0123456789", "jane", "example"] { #expect(!kept.contains(part), "\(end): \(kept)") }
    }
  }

  @Test("and none where it is this side that cuts", arguments: 1..<160) func cutHere(limit: Int) throws {
    let body =
      #"{"messages":[{"role":"user","content":"use sk-live-0123456789abcdef0123456789 or jane@example.org ok"}]}"#
    let redaction = try redaction(limit: limit)
    for text in [
      redaction.body(Array(body.utf8), isCut: false), redaction.body(Array(("x" + body).utf8), isCut: false),
    ] {
      #expect(text.text.utf8.count <= limit)
      for part in ["sk-live", "0123456789", "jane", "example"] { #expect(!text.text.contains(part), "\(text)") }
    }
  }

  @Test("what nobody reads is shortened: images and embeddings") func shortened() throws {
    let numbers = (0..<50).map { "0.\($0)" }.joined(separator: ",")
    let body =
      "{\"image\":\"data:image/png;base64,\(String(repeating: "QUJD", count: 500))\",\"embedding\":[\(numbers)]}"
    let kept = try redaction().body(Array(body.utf8), isCut: false)
    #expect(kept.text == #"{"image":"data:image/png (2022 bytes)","embedding":"(50 numbers)"}"#)
    #expect(!kept.isCut)
  }

  @Test("what is not JSON, not UTF-8 or nested too deep is text") func odd() throws {
    let redaction = try redaction()
    #expect(redaction.body(Array("<html>a@b.org</html>".utf8), isCut: false).text == "<html>[email]</html>")
    #expect(redaction.body([0xFF, 0x41], isCut: false).text == "\u{FFFD}A")
    let deep = String(repeating: "[", count: 500) + "\"a@b.org\"" + String(repeating: "]", count: 500)
    #expect(!redaction.body(Array(deep.utf8), isCut: false).text.contains("a@b.org"))
    #expect(redaction.body([], isCut: false).text == "")
  }

  @Test("the excerpts in what was found are redacted too") func excerpts() throws {
    let long = String(repeating: "word ", count: 36) + "end sk-01234567"
    let comparison = AnswerComparison(differences: [
      Difference(path: "args.a@b.org", kind: .text, severity: .minor, baseline: "mail a@b.org", candidate: long)
    ])
    let kept = try redaction().comparison(comparison)
    #expect(kept.differences[0].path == "[email]")
    #expect(kept.differences[0].baseline == "mail [email]")
    #expect(kept.differences[0].candidate == String(repeating: "word ", count: 36) + "end …")
  }

  @Test("a number among more digits than a number has is found, and a long row of digits takes little time")
  func digits() throws {
    let kept = try #require(try text("12345 4111111111111111 99999 5500000000000004"))
    #expect(kept.contains("[card]") && !kept.contains("4111111111") && !kept.contains("5500000000"))
    let row = String(repeating: "0123 4567 ", count: 20_000)
    #expect(try text(row)?.isEmpty == false)
  }

  @Test("a hundred thousand characters that every pattern half matches take little time") func bounded() throws {
    let redaction = try redaction(["(a+)+b", "(.*)(.*)x"])
    for piece in ["a@a.", "sk-", "1 ", "0 12 ", "password ", "Bearer ", "://a:", "eyJ.", "-----BEGIN "] {
      let text = String(repeating: piece, count: 20_000 / piece.count)
      _ = redaction.body(Array(text.utf8), isCut: false)
    }
  }
}
