/// Every form of the threat model's list is blotted out, however it is written; what only looks a little like it is not.

import Foundation
import Journal
import RolloutJudge
import Testing

@testable import crossfade

@Suite struct RedactionFormTests {
  private func text(_ text: String) throws -> String? { try TextRedaction(patterns: []).redacted(text) }

  @Test(
    "telephone numbers as people write them",
    arguments: [
      ("13800138000", "[phone]"), ("138 0013 8000", "[phone]"), ("138-0013-8000", "[phone]"),
      ("电话13800138000，谢谢", "电话[phone]，谢谢"), ("+86 138 0013 8000", "[phone]"), ("+8613800138000", "[phone]"),
      ("8613800138000", "[phone]"), ("0086 138 0013 8000", "[phone]"), ("１３８００１３８０００", "[phone]"),
      ("手机：199 1234 5678", "手机：[phone]"), ("电话010-12345678", "电话[phone]"),
      ("call me at 4155552671 today", "call me at [phone] today"), ("Phone: 415 555 2671", "Phone: [phone]"),
      ("tel 14155552671", "tel [phone]"), ("4155552671 (cell)", "[phone] (cell)"),
      ("my number is 4155552671", "my number is [phone]"),
      ("(415) 555-2671", "[phone]"), ("415-555-2671", "[phone]"), ("+1 415 555 2671", "[phone]"),
      ("06 12 34 56 78", "[phone]"), ("030 12345678", "[phone]"), ("+44 20 7946 0958", "[phone]"),
    ])
  func phones(_ input: String, _ expected: String) throws {
    #expect(try text(input) == expected)
  }

  @Test(
    "identity numbers by their check character",
    arguments: [
      ("11010519491231002X", "[id]"), ("身份证11010519491231002x。", "身份证[id]。"), ("440524188001010014", "[id]"),
      ("110105 19491231 002X", "[id]"),
    ])
  func identities(_ input: String, _ expected: String) throws {
    #expect(try text(input) == expected)
  }

  @Test(
    "keys by the beginnings that vendors give them",
    arguments: [
      "sk-or-v1-0123456789abcdef0123", "sk_live_0123456789abcdef", "gsk_0123456789abcdef0123",
      "xai-0123456789abcdef0123",
      "r8_0123456789abcdef0123", "nvapi-0123456789abcdef0123", "pplx-0123456789abcdef0123", "fw_0123456789abcdef0123",
      "AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE", "LTAI5tAbCdEfGhIjKlMnOpQr", "LTAIAbCdEfGhIjKl",
      "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "AKLTabcdefghijklmnopqrstuv", "ABSKQmVkcm9ja0FQSUtleS0xMjM0",
      "AIzaSyA0123456789abcdefghijklmnopqrs", "ya29.a0AfH6SMBx0123456789abcdef", "GOCSPX-0123456789abcdefghij",
      "ghp_0123456789abcdefghij0123", "github_pat_0123456789abcdefghij0123", "glpat-0123456789abcdefghij",
      "npm_0123456789abcdefghij0123456789abcdef", "pypi-AgEIcHlwaS5vcmcCJDAxMjM0NTY3ODkwMTIz",
      "hf_0123456789abcdefghij",
      "dapi0123456789abcdef0123456789abcdef", "xoxb-0123456789-abc", "SG.0123456789abcdefgh.0123456789abcdefgh",
      "shpat_0123456789abcdef0123456789abcdef", "dop_v1_0123456789abcdef0123456789abcdef", "hvs.0123456789abcdefghijkl",
      "whsec_0123456789abcdef", "AC0123456789abcdef0123456789abcdef", "app-0123456789abcdefABCDEFGH",
      "bce-v3/ALTAK-0123456789/abcdef0123456789",
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
    ])
  func keys(_ key: String) throws {
    #expect(try text(key) == "[key]")
    #expect(try text("use \(key), please") == "use [key], please")
    #expect(try text("密钥是\(key)。")?.contains(key.suffix(12)) == false, "beside another script")
  }

  @Test(
    "leaves alone what only looks a little like it",
    arguments: [
      "1700000000", "1700000000000", "12800138000", "138001380001", "order 4155552671", "1234567890 items",
      "110105194912310021", "11010519491331002X", "LTAI is a prefix", "AKID", "call 911",
      "a phone in every pocket since 2007",
      "chatcmpl-0123456789", "app-store-optimization-guide", "$4,155,552,671 by phone", "3.14159265358979",
    ]) func harmless(_ input: String) throws
  {
    #expect(try text(input) == input)
  }

  @Test("credentials are blotted out by their value, whatever they look like, before any pattern")
  func values() throws {
    let secrets = KnownSecrets(["plain words", "aa11bb22", "aa11bb22cc", "short", "Ключ-от-двери"])
    let redaction = try TextRedaction(patterns: ["bb22"], secrets: secrets)
    #expect(redaction.redacted("aa11bb22cc/aa11bb22 plain words") == "[key]/[key] [key]")
    #expect(redaction.redacted("a short Ключ-от-двериaa11bb22cc") == "a short [key][key]")
    #expect(redaction.redacted("AA11BB22 bb22") == "AA11BB22 [redacted]")
    let own = redaction.adding(KnownSecrets(["callers-own"]))
    #expect(own.redacted("callers-own aa11bb22") == "[key] [key]")
    #expect(redaction.redacted("callers-own") == "callers-own", "of that exchange only")
  }

  @Test("of the playbook come the arms' keys, and headers that are long enough to be one")
  func playbookSecrets() throws {
    let url = ArmURL(isTLS: true, host: "h", port: 443, basePath: "")
    let candidate = Arm(
      name: "c", vendor: "v", url: url, key: Secret("candidates-key"),
      headers: [
        .init(name: "authorization", value: Secret("Basic dXNlcjpwYXNzd29yZA")),
        .init(name: "anthropic-version", value: Secret("2023-06-01")),
      ])
    let playbook = Playbook(
      name: "p", baseline: Arm(name: "b", vendor: "v", url: url), candidates: [candidate],
      stages: [Stage(name: "s", weights: [0], shadow: [1], hold: .zero)])
    let redaction = try TextRedaction(patterns: [], secrets: KnownSecrets(of: playbook))
    #expect(redaction.redacted("candidates-key dXNlcjpwYXNzd29yZA 2023-06-01") == "[key] [key] 2023-06-01")
  }

  @Test("a number's name tells what it is")
  func named() throws {
    let redaction = try Redaction(patterns: [], limit: 1 << 16)
    func kept(_ body: String) -> String { redaction.body(Array(body.utf8), isCut: false).text }
    #expect(
      kept(#"{"phone":4155552671,"n":4155552671,"mobile":"415 555 2671"}"#)
        == #"{"phone":"[phone]","n":4155552671,"mobile":"[phone]"}"#)
    #expect(kept(#"{"n":13800138000,"t":1700000000}"#) == #"{"n":"[phone]","t":1700000000}"#)
  }

  @Test("a text can be tried: what is found, where, and what would be kept")
  func tried() throws {
    let test = try RedactTest(playbook: nil)
    let result = try #require(test.result(of: "first line\ncall 13800138000 or\tjane@example.org\n"))
    #expect(
      result.found == [
        .init(line: 2, column: 6, label: "[phone]", text: "13800138000"),
        .init(line: 2, column: 21, label: "[email]", text: "jane@example.org"),
      ])
    #expect(result.kept == "first line\ncall [phone] or\t[email]\n")
    #expect(
      result.lines.prefix(2) == ["2:6   [phone]     13800138000", "2:21  [email]     jane@example.org"])
    let body = try #require(test.result(of: #"{"api_key":"abcdef","m":"sk\u002d0123456789abcdef01"}"#))
    #expect(body.kept == #"{"api_key":"[key]","m":"[key]"}"#)
    #expect(try #require(test.result(of: "nothing")).lines.first == "nothing would be blotted out")
  }
}
