/// Base URLs taken apart.

import RolloutJudge
import Testing

@testable import PlaybookYAML

@Suite struct URLReadingTests {
  @Test(
    "an address is taken apart",
    arguments: [
      ("https://openrouter.ai/api/v1", ArmURL(isTLS: true, host: "openrouter.ai", port: 443, basePath: "/api/v1")),
      ("http://127.0.0.1:4000/v1/", ArmURL(isTLS: false, host: "127.0.0.1", port: 4000, basePath: "/v1")),
      ("HTTPS://Gateway.Example.COM", ArmURL(isTLS: true, host: "gateway.example.com", port: 443, basePath: "")),
      ("http://[::1]:8080/v1", ArmURL(isTLS: false, host: "::1", port: 8080, basePath: "/v1")),
      ("http://lite_llm:4000", ArmURL(isTLS: false, host: "lite_llm", port: 4000, basePath: "")),
      ("https://h/a%20b//", ArmURL(isTLS: true, host: "h", port: 443, basePath: "/a%20b")),
    ]) func read(text: String, url: ArmURL)
  {
    #expect(readURL(text) == .value(url))
  }

  @Test(
    "what cannot be a base URL is refused",
    arguments: [
      "", "https://", "https:///v1", "openrouter.ai/api/v1", "//openrouter.ai", "ftp://h/v1", "https://u:p@h/v1",
      "https://@h",
      "https://h:0", "https://h:65536", "https://h:", "https://h:a", "https://h?x", "https://h/v1#x", "https://h/../v1",
      "https://h//v1", "https://h/a b", "https://h/\u{e4}", "https://\u{e4}.de", "https://-h/", "https://a..b/",
      "https://[::1/",
      "https://[zz]/", "https://[]/", "https://h/v1/chat/completions", "https://h/v1/models/", "https://h\n/v1",
    ]) func refused(text: String)
  {
    #expect(readURL(text).value == nil)
  }

  @Test("a refusal never repeats the address") func silent() {
    for text in ["https://user:hunter2@h/v1", "hunter2://h", "https://h/hunter2?x", "https://hunter2 x/"] {
      guard case .refused(let message, let say) = readURL(text) else {
        Issue.record("accepted \(text)")
        continue
      }
      #expect(!message.contains("hunter2") && !(say ?? "").contains("hunter2"))
    }
  }

  @Test("loopback addresses are known") func loopback() {
    for (text, isLoopback) in [
      ("http://127.0.0.1/", true), ("http://localhost/", true), ("http://[::1]/", true), ("http://10.0.0.1/", false),
      ("http://localhost.example.com/", false),
    ] {
      #expect(readURL(text).value?.isLoopback == isLoopback, "\(text)")
    }
  }
}
