/// What a request says of itself: where it goes, whose it is, whether it is one again.

import Dialects
import HTTPFraming
import NIOCore
import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite struct InboundRequestTests {
  static func request(_ text: String, body: String = "") throws -> InboundRequest? {
    let bytes = ByteBuffer(string: text)
    let request = InboundRequest(head: try RequestHead(parsing: bytes.readableBytesSpan), bytes: bytes)
    request?.body = ByteBuffer(string: body)
    return request
  }

  @Test(
    "maps both prefixes to what follows the version",
    arguments: [
      ("/v1/models", "/models"), ("/api/v1/models", "/models"), ("/v1/", "/"), ("/api/v1/a/b?c=d&e", "/a/b?c=d&e"),
      ("/v1/models?x=/v1/", "/models?x=/v1/"), ("http://elsewhere:9/api/v1/chat/completions?q", "/chat/completions?q"),
      ("/v1//models", "//models"), ("/v1/./a..b/...?x=/../", "/./a..b/...?x=/../"),
    ])
  func paths(_ target: String, _ rest: String) throws {
    let request = try #require(try Self.request("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n"))
    let text = String(buffer: request.bytes)
    let range = request.pathAfterBase
    #expect(String(decoding: Array(text.utf8)[range], as: UTF8.self) == rest)
  }

  @Test(
    "knows no other paths",
    arguments: [
      "/", "/v1", "/api/v1", "/v2/models", "/api/v2/x", "/xv1/models", "/health", "/api/v1x/models", "http://host",
      "http://host?/v1/", "/v1/../key", "/v1/models/..", "/v1/%2e%2E/x", "/v1/a/.%2e?q", "/v1/a%2f..%2Fx", "/v1/a%5c..",
    ])
  func unknown(_ target: String) throws {
    #expect(try Self.request("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n") == nil)
  }

  @Test("CONNECT and OPTIONS * go nowhere")
  func tunnels() throws {
    #expect(try Self.request("CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n") == nil)
    #expect(try Self.request("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n") == nil)
  }

  @Test("only a POST to an endpoint that is read can go to a candidate")
  func endpoints() throws {
    for endpoint in Endpoint.allCases {
      for prefix in ["/v1/", "/api/v1/"] {
        for (suffix, isEndpoint) in [("", true), ("?a=b", true), ("/", true), ("/x", false), ("x", false)] {
          let request = try Self.request("POST \(prefix)\(endpoint.rawValue)\(suffix) HTTP/1.1\r\nHost: h\r\n\r\n")
          #expect(request?.endpoint == (isEndpoint ? endpoint : nil))
        }
        for method in ["GET", "PUT", "HEAD", "post", "OPTIONS", "DELETE"] {
          let request = try Self.request("\(method) \(prefix)\(endpoint.rawValue) HTTP/1.1\r\nHost: h\r\n\r\n")
          #expect(request != nil)
          #expect(request?.endpoint == nil)
        }
      }
    }
    for path in [
      "images/edits", "videos/v_1", "videos/v_1/content", "files", "audio/speech", "chat", "completions/x", "rerank",
      "keys",
    ] {
      #expect(try Self.request("POST /v1/\(path) HTTP/1.1\r\nHost: h\r\n\r\n")?.endpoint == nil)
    }
  }

  @Test("a retry is what the SDK says it is", arguments: [("0", false), ("1", true), ("2", true)])
  func retries(_ count: String, _ isRetry: Bool) throws {
    let request = try Self.request("POST /v1/x HTTP/1.1\r\nHost: h\r\nX-Stainless-Retry-Count: \(count)\r\n\r\n")
    #expect(request?.saysRetry == isRetry)
    #expect(try Self.request("POST /v1/x HTTP/1.1\r\nHost: h\r\n\r\n")?.saysRetry == nil)
    #expect(try Self.request("POST /v1/x HTTP/1.1\r\nHost: h\r\nX-Stainless-Retry-Count: y\r\n\r\n")?.saysRetry == nil)
  }

  @Test("the same caller, path and body have one fingerprint; any difference another")
  func fingerprints() throws {
    func fingerprint(_ key: String, _ path: String, _ body: String, more: String = "") throws -> UInt64? {
      try Self.request(
        "POST /v1/\(path) HTTP/1.1\r\nHost: h\r\nAuthorization: \(key)\r\n\(more)\r\n", body: body)?.fingerprint
    }
    let first = try fingerprint("a", "x", "{}")
    #expect(try fingerprint("a", "x", "{}", more: "X-Request: 2\r\n") == first)
    #expect(try fingerprint("b", "x", "{}") != first)
    #expect(try fingerprint("a", "y", "{}") != first)
    #expect(try fingerprint("a", "x", "{ }") != first)
    #expect(try fingerprint("a", "x", "{}", more: "x-api-key: 2\r\n") != first)
  }

  @Test("tells the split its path, headers and body fields")
  func attributes() throws {
    let body = #"{"model":"m","session_id":"s","prompt_cache_key":"p","meta":{"team":"blue"}}"#
    let request = try #require(
      try Self.request(
        "POST http://h/v1/responses?q=1 HTTP/1.1\r\nHost: h\r\nX-Team: red\r\nx-team: no\r\n\r\n", body: body))
    request.facts = RequestReader(fields: ["meta.team"]).read(request.body.readableBytesSpan)
    #expect(request.path == "/v1/responses")
    #expect(request.header("x-team") == "red")
    #expect(request.header("x-other") == nil)
    #expect(request.model == "m")
    #expect(request.bodyValue("session_id") == "s")
    #expect(request.bodyValue("prompt_cache_key") == "p")
    #expect(request.bodyValue("meta.team") == "blue")
    #expect(request.bodyValue("unasked") == nil)
    #expect(request.conversationHash() == nil)
  }

  @Test("a conversation is its first system and first other message")
  func conversations() throws {
    func hash(_ messages: String) throws -> UInt64? {
      let body = #"{"messages":[\#(messages)]}"#
      let request = try Self.request("POST /v1/x HTTP/1.1\r\nHost: h\r\n\r\n", body: body)
      request?.facts = RequestReader().read(ByteBuffer(string: body).readableBytesSpan)
      return request?.conversationHash()
    }
    let system = #"{"role":"system","content":"s"}"#
    let user = #"{"role":"user","content":"u"}"#
    let other = #"{"role":"user","content":"v"}"#
    let hashes = try [hash(system), hash(user), hash("\(system),\(user)"), hash("\(system),\(other)")]
    #expect(Set(hashes.compactMap { $0 }).count == 4)
    #expect(try hash("\(system),\(user),\(other)") == hash("\(system),\(user)"))
  }
}
