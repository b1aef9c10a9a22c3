/// Requests as an arm sees them, byte by byte.

import Dialects
import HTTPFraming
import NIOCore
import RolloutJudge
import Testing
import TrafficSplit

@testable import SidecarProxy
import Vendors

@Suite struct OutboundRequestTests {
  private static let url = ArmURL(isTLS: false, host: "arm.example", port: 4000, basePath: "/base")

  private func outbound(
    _ arm: Arm, _ index: ArmIndex, lines: String = "", body: String = "", model: String? = nil
  ) throws -> WireMessage {
    let text =
      "POST /api/v1/chat/completions?a=1 HTTP/1.1\r\nHost: localhost\r\n"
      + "Content-Length: \(body.utf8.count)\r\n\(lines)\r\n"
    let request = try #require(try InboundRequestTests.request(text, body: body))
    let bytes = request.body
    request.facts = RequestReader().read(bytes.readableBytesSpan)
    return WireMessage(Self.bytes(of: request.outbound(to: ArmTarget(index: index, arm: arm), model: model)))
  }

  private static func bytes(of request: OutboundRequest) -> [UInt8] {
    [request.start, request.rest].compactMap { $0 }.flatMap { Array($0.readableBytesView) }
  }

  @Test("the baseline gets the caller's fields as they came, with its own host and path")
  func baseline() throws {
    let body = "{ \"model\" :\t\"m\" ,\r\n \"x\":1.0e+2,\"model\":\"m\" }"
    let message = try outbound(
      Arm(name: "b", vendor: "v", url: Self.url), .baseline,
      lines: "Authorization: Bearer caller\r\nCookie: c\r\nX-Title: t\r\nTE: trailers\r\nExpect: 100-continue\r\n"
        + "Connection: X-Hop\r\nX-Hop: 1\r\nx-crossfade-arm: b\r\nX-SECRET-key:  odd \r\n",
      body: body, model: "ignored")
    #expect(
      message.bytes.text
        == "POST /base/chat/completions?a=1 HTTP/1.1\r\nHost: arm.example:4000\r\n"
        + "Authorization: Bearer caller\r\nCookie: c\r\n"
        + "X-Title: t\r\nX-SECRET-key:  odd \r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
  }

  @Test("a baseline with a key of its own gets that and not the caller's")
  func baselineKey() throws {
    let message = try outbound(
      Arm(name: "b", vendor: "v", url: Self.url, key: Secret("own")), .baseline,
      lines: "authorization: Bearer caller\r\nX-Api-Key: caller\r\nProxy-Authorization: caller\r\napi-key: caller\r\n"
        + "Cookie: kept\r\n")
    #expect(message.values("authorization") == ["Bearer own"])
    #expect(message.value("cookie") == "kept")
    #expect(!message.bytes.text.contains("caller"))
  }

  /// Every field that must not reach a candidate; the values all say so.
  static let withheld = [
    "Authorization", "authorization", "X-Api-Key", "api-key", "x-goog-api-key", "Proxy-Authorization", "Cookie",
    "HTTP-Referer", "Referer", "Origin", "X-Title", "X-OpenRouter-Title", "X-OpenRouter-Categories",
    "x-openrouter-metadata", "x-stainless-lang", "X-Stainless-Retry-Count", "x-stainless-read-timeout", "Forwarded",
    "X-Forwarded-For", "X-Forwarded-Host", "x-portkey-api-key", "X-Auth-Token", "x-amz-security-token", "cf-secret",
    "X-Signature", "x-db-password", "Cookie2", "x-credentials", "x-crossfade-arm",
    "Cf-Access-Jwt-Assertion", "X-Bearer", "X-Passwd", "DPoP", "x-client-assertion", "x-bf-vk", "User-Agent",
    "helicone-auth", "X-Request-Id", "traceparent", "X-Session-Id", "OpenAI-Organization", "x_api_key", "X-User-Email",
    "Accept-Language", "Date", "Via", "X-Real-IP", "Idempotency-Key", "Trailer", "baggage",
  ]

  @Test("a candidate never sees the caller's credentials or who the application is", arguments: withheld)
  func candidateWithholds(_ name: String) throws {
    let arm = Arm(name: "c", vendor: "v", url: Self.url, key: Secret("own"))
    let before = "Accept: text/event-stream\r\n"
    let after = "Content-Type: application/json\r\nAnthropic-Beta: b\r\n"
    let message = try outbound(arm, .candidate(0), lines: "\(before)\(name): LEAKED\r\n\(after)")
    #expect(!message.bytes.text.contains("LEAKED"))
    #expect(message.head.contains(before + after), "what is left stays as it came")
    #expect(message.values("authorization") == ["Bearer own"])
    #expect(message.values("user-agent") == ["crossfade"])
  }

  @Test("a candidate is sent what the dialect needs, and what the playbook names")
  func allowed() throws {
    let lines =
      "Accept: a\r\nContent-Type: application/json\r\nAnthropic-Version: 2023-06-01\r\nanthropic-beta: b\r\n"
      + "OpenAI-Beta: o\r\nX-Request-ID: 7\r\nX-Other: no\r\nConnection: X-Hop\r\nX-Hop: no\r\nHost-Name: no\r\n"
    var arm = Arm(name: "c", vendor: "v", url: Self.url)
    let plain = try outbound(arm, .candidate(0), lines: lines)
    #expect(
      plain.fieldLines == [
        "Host: arm.example:4000", "User-Agent: crossfade", "Accept: a", "Content-Type: application/json",
        "Anthropic-Version: 2023-06-01", "anthropic-beta: b", "OpenAI-Beta: o", "Content-Length: 0",
      ])
    arm.outgoing.headers = ["x-request-id", "x-hop", "host", "content-length"]
    let named = try outbound(arm, .candidate(0), lines: lines)
    #expect(named.fieldLines == plain.fieldLines.dropLast() + ["X-Request-ID: 7", "Content-Length: 0"])
  }

  @Test(
    "a configured header replaces the caller's on a candidate; on the baseline the caller's wins; one line either way")
  func configured() throws {
    let headers = [
      Arm.Header(name: "Anthropic-Version", value: Secret("own")), .init(name: "X-Team", value: Secret("own")),
    ]
    let candidate = Arm(
      name: "c", vendor: "v", url: Self.url, headers: headers + [.init(name: "user-agent", value: Secret("mine"))],
      outgoing: OutgoingPolicy(headers: ["x-team"]))
    let lines = "anthropic-version: caller\r\nx-team: caller\r\n"
    let message = try outbound(candidate, .candidate(0), lines: lines)
    #expect(message.values("anthropic-version") == ["own"] && message.values("x-team") == ["own"])
    #expect(message.values("user-agent") == ["mine"])
    let baseline = Arm(name: "b", vendor: "v", url: Self.url, headers: headers)
    let both = try outbound(baseline, .baseline, lines: lines)
    #expect(both.values("anthropic-version") == ["caller"] && both.values("x-team") == ["caller"])
    let one = try outbound(baseline, .baseline, lines: "x-team: caller\r\n")
    #expect(one.values("anthropic-version") == ["own"] && one.values("x-team") == ["caller"])
  }

  @Test("a baseline's own key replaces the caller's, in whatever header it goes")
  func baselineKeyHeader() throws {
    let arm = Arm(
      name: "b", vendor: "v", url: Self.url, key: Secret("own"), authentication: .header("x-portkey-api-key"))
    let message = try outbound(
      arm, .baseline, lines: "X-Portkey-Api-Key: caller\r\nx_api_key: caller\r\nX-Other: kept\r\n")
    #expect(message.values("x-portkey-api-key") == ["own"])
    #expect(message.value("x-other") == "kept" && !message.head.contains("caller"))
  }

  @Test("names that a server may take for framing reach no arm", arguments: [ArmIndex.baseline, .candidate(0)])
  func disguised(_ index: ArmIndex) throws {
    let arm = Arm(name: "a", vendor: "v", url: Self.url)
    let names = ["Transfer_Encoding", "content_length", "x_crossfade_arm", "Proxy_Connection"]
    let message = try outbound(arm, index, lines: names.map { "\($0): LEAKED\r\n" }.joined() + "x_mine: kept\r\n")
    #expect(!message.head.contains("LEAKED"))
    #expect(message.head.contains("kept") == index.isBaseline)
  }

  @Test(
    "a candidate sees of the query what its dialect knows and the playbook names",
    arguments: [
      ("chat/completions?key=LEAK&beta=true", [], "chat/completions"), ("messages?beta=true", [], "messages?beta=true"),
      ("messages?key=LEAK&beta=true&access_token=LEAK", [], "messages?beta=true"),
      ("messages?beta=LEAK", [], "messages"), ("messages?beta=true;key=LEAK", [], "messages"),
      ("responses?api-version=1&key=LEAK", ["api-version"], "responses?api-version=1"),
      ("responses?API-Version=1;key=LEAK&x=LEAK", ["api-version"], "responses"), ("messages?", [], "messages"),
      ("messages/?a&b&&beta=false", ["b"], "messages/?b&beta=false"), ("embeddings", ["a"], "embeddings"),
    ] as [(String, [String], String)])
  func query(_ path: String, _ names: [String], _ expected: String) throws {
    func written(_ index: ArmIndex) throws -> String {
      let request = try #require(
        try InboundRequestTests.request("POST /v1/\(path) HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"))
      let arm = Arm(name: "a", vendor: "v", url: Self.url, outgoing: OutgoingPolicy(query: names))
      let bytes = Self.bytes(of: request.outbound(to: ArmTarget(index: index, arm: arm), model: nil))
      return String(bytes.text.prefix { $0 != "\r\n" })
    }
    #expect(try written(.candidate(0)) == "POST /base/\(expected) HTTP/1.1")
    #expect(try written(.baseline) == "POST /base/\(path) HTTP/1.1")
  }

  @Test("fields are dropped and renamed by the model, the arm's own id or the application's")
  func fieldsByModel() throws {
    let policy = OutgoingPolicy(
      keptFields: ["user"], renames: [.init(from: "max_completion_tokens", to: "max_tokens")],
      byModel: [
        .init(models: Glob("claude-opus-*"), drop: ["temperature"]),
        .init(models: Glob("small"), renames: [.init(from: "seed", to: "random_seed")]),
      ])
    let arm = Arm(name: "c", vendor: "v", url: Self.url, outgoing: policy)
    func sent(_ asked: String, _ model: String) throws -> String {
      let body =
        #"{"model":"\#(asked)","temperature":1,"seed":2,"max_completion_tokens":3,"user":"u","api_key":"k"}"#
      return try outbound(arm, .candidate(0), body: body, model: model).bodyText
    }
    #expect(
      try sent("anthropic/claude-opus-4.7", "claude")
        == #"{"model":"claude","seed":2,"max_tokens":3,"user":"u"}"#)
    #expect(
      try sent("x/y", "vendor/small")
        == #"{"model":"vendor/small","temperature":1,"random_seed":2,"max_tokens":3,"user":"u"}"#)
    #expect(try sent("x/y", "z") == #"{"model":"z","temperature":1,"seed":2,"max_tokens":3,"user":"u"}"#)
  }

  @Test(
    "an arm is asked for codings that can be measured, in the client's own words where all of them can",
    arguments: [
      ("gzip, deflate", "gzip, deflate"), ("GZIP;q=1.0 ,identity;q=0", "GZIP;q=1.0 ,identity;q=0"), ("", ""),
      ("gzip, deflate, br, zstd", "gzip, deflate"), ("br;q=1.0,\tgzip;q=0.8, *;q=0.1", "gzip;q=0.8"),
      ("br", "identity"),
      ("*", "identity"), ("gzip, Br", "gzip"),
    ])
  func codings(_ asked: String, _ sent: String) throws {
    let arm = Arm(name: "b", vendor: "v", url: Self.url)
    let message = try outbound(arm, .baseline, lines: "Accept: x\r\nAccept-Encoding: \(asked)\r\nX-Other: 1\r\n")
    #expect(message.values("accept-encoding") == [sent])
    #expect(message.value("accept") == "x" && message.value("x-other") == "1")
  }

  @Test("each arm takes its key in its own way, and its own headers with it")
  func authentication() throws {
    for (kind, line) in [
      (Authentication.bearer, "Authorization: Bearer k"), (.scheme("Key"), "Authorization: Key k"),
      (.header("x-portkey-api-key"), "x-portkey-api-key: k"),
    ] {
      let arm = Arm(
        name: "c", vendor: "v", url: Self.url, key: Secret("k"), authentication: kind,
        headers: [.init(name: "x-portkey-provider", value: Secret("@p"))])
      let message = try outbound(arm, .candidate(0), lines: "x-portkey-api-key: caller\r\n")
      #expect(message.fieldLines.contains(line))
      #expect(message.fieldLines.contains("x-portkey-provider: @p"))
      #expect(!message.head.contains("caller"))
    }
    let keyless = try outbound(Arm(name: "c", vendor: "v", url: Self.url), .candidate(0))
    #expect(keyless.value("authorization") == nil)
  }

  @Test("towards a candidate the model is replaced and dropped fields are cut; every other byte stays")
  func edits() throws {
    let arm = Arm(name: "c", vendor: "v", url: Self.url, dropFields: ["provider", "route"])
    let body =
      "{ \"provider\":{\"order\":[\"a\"]}, \"messages\" : "
      + "[ {\"role\":\"user\",\"content\":\"\\u00e9 \\\"model\\\":1 é\"} ],"
      + "\n\t\"model\"\t:\"app\\/x\",\"temperature\":1.50, \"route\":\"fallback\"}"
    let message = try outbound(arm, .candidate(0), body: body, model: "cand\"x")
    let expected =
      "{ \"messages\" : [ {\"role\":\"user\",\"content\":\"\\u00e9 \\\"model\\\":1 é\"} ],"
      + "\n\t\"model\"\t:\"cand\\\"x\",\"temperature\":1.50}"
    #expect(message.bodyText == expected)
    #expect(message.value("content-length") == "\(expected.utf8.count)")
  }

  @Test("a body too large to be copied behind its head is sent beside it, unchanged")
  func large() throws {
    let body = #"{"model":"m","messages":[],"pad":"\#(String(repeating: "x", count: 100_000))"}"#
    let message = try outbound(Arm(name: "b", vendor: "v", url: Self.url), .baseline, body: body)
    #expect(message.rawBody == Array(body.utf8))
  }

  @Test("a request without a body gets no length, one with an empty body keeps its zero")
  func empty() throws {
    let target = ArmTarget(index: .baseline, arm: Arm(name: "b", vendor: "v", url: Self.url))
    func written(_ text: String) throws -> String {
      let request = try #require(try InboundRequestTests.request(text))
      return Self.bytes(of: request.outbound(to: target, model: nil)).text
    }
    #expect(
      try written("GET /v1/models HTTP/1.1\r\nHost: h\r\n\r\n")
        == "GET /base/models HTTP/1.1\r\nHost: arm.example:4000\r\n\r\n")
    #expect(
      try written("POST /v1/x HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
        == "POST /base/x HTTP/1.1\r\nHost: arm.example:4000\r\nContent-Length: 0\r\n\r\n")
  }

  @Test("chunks are written as chunks, and an empty piece as none: it would end the body")
  func chunks() {
    var out = ByteBuffer()
    out.writeChunk(ByteBuffer(string: "0123456789abcdef"))
    out.writeChunk(ByteBuffer())
    out.writeLastChunk()
    #expect(String(buffer: out) == "10\r\n0123456789abcdef\r\n0\r\n\r\n")
  }
}
