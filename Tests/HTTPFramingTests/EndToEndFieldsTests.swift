/// What is passed on is the head's own bytes, without the fields of this hop and those the caller drops.

import HTTPFraming
import Testing

@Suite struct EndToEndFieldsTests {
  private func kept(_ fields: String, dropping dropped: KnownFieldSet = []) throws -> [String] {
    let bytes = wire("POST / HTTP/1.1\nHost: a\n\(fields)\n")
    let head = try requestHead(bytes)
    return EndToEndFields(of: head, dropping: dropped).runs(in: bytes.span.bytes).map { text($0, of: bytes) }
  }

  @Test("fields that stay together are one run")
  func oneRun() throws {
    #expect(try kept("A: 1\nb:2\nC:\t3 \n") == ["Host: a\r\nA: 1\r\nb:2\r\nC:\t3 \r\n"])
  }

  @Test("hop-by-hop fields are cut out")
  func hopByHop() throws {
    let fields = "A: 1\nConnection: keep-alive\nKeep-Alive: 5\nProxy-Connection: x\nB: 2\nTE: trailers\nUpgrade: h2c\n"
    #expect(try kept(fields) == ["Host: a\r\nA: 1\r\n", "B: 2\r\n"])
  }

  @Test("transfer coding and trailer announcement stay with the body, unless the caller drops them")
  func bodyFields() throws {
    let fields = "Transfer-Encoding: chunked\nTrailer: x-a\n"
    #expect(try kept(fields) == ["Host: a\r\nTransfer-Encoding: chunked\r\nTrailer: x-a\r\n"])
    #expect(try kept(fields, dropping: [.transferEncoding, .trailer]) == ["Host: a\r\n"])
  }

  @Test("what the caller drops is cut out, every line of it")
  func dropped() throws {
    let fields = "Cookie: a\nX-A: 1\nx-openrouter-categories: b\nAuthorization: c\ncookie: d\n"
    let credentials: KnownFieldSet = [.authorization, .cookie, .openRouterAttribution, .host]
    #expect(try kept(fields, dropping: credentials) == ["X-A: 1\r\n"])
  }

  @Test("a field that Connection names goes no further, wherever its line stands")
  func namedByConnection() throws {
    let fields = "X-Hop: 1\nA: 2\nConnection: x-hop , X-Other\nx-other: 3\nX-Hopper: 4\nX-HOP: 5\n"
    #expect(try kept(fields) == ["Host: a\r\n", "A: 2\r\n", "X-Hopper: 4\r\n"])
    #expect(try kept("Connection: a\nA: 1\nConnection: b\nB: 2\nC: 3\n") == ["Host: a\r\n", "C: 3\r\n"])
  }

  @Test("Connection cannot strip what frames, routes or authorises a message")
  func protected() throws {
    let fields = """
      Connection: host, content-length, authorization, cookie, x-api-key, x-forwarded-for, x-session-id
      Content-Length: 1
      Authorization: b
      Cookie: c
      X-Api-Key: d
      X-Forwarded-For: e
      X-Session-Id: f

      """
    let rest = "Content-Length: 1|Authorization: b|Cookie: c|X-Api-Key: d|X-Forwarded-For: e|X-Session-Id: f|"
    #expect(try kept(fields) == ["Host: a\r\n", rest.split(separator: "|").map { $0 + "\r\n" }.joined()])
    let coding = "Transfer-Encoding: chunked"
    #expect(try kept("Connection: transfer-encoding\n\(coding)\n").last == coding + "\r\n")
  }

  @Test("a head without fields, or with none that stay, leaves no run")
  func noRuns() throws {
    let bytes = wire("GET / HTTP/1.0\n\n")
    let runs = EndToEndFields(of: try requestHead(bytes)).runs(in: bytes.span.bytes)
    #expect(runs == [])
    #expect(try kept("Connection: close\n", dropping: [.host]) == [])
  }

  @Test("responses are passed on by the same rules")
  func responses() throws {
    let bytes = wire("HTTP/1.1 200 OK\nServer: a\nConnection: x-hop\nX-Hop: 1\nSet-Cookie: b\nDate: c\n\n")
    let head = try responseHead(bytes)
    let runs = EndToEndFields(of: head, dropping: [.setCookie]).runs(in: bytes.span.bytes)
    #expect(runs.map { text($0, of: bytes) } == ["Server: a\r\n", "Date: c\r\n"])
  }

  @Test("for every set of dropped fields, what is kept is every other line in order", arguments: UInt64(0)..<200)
  func anySet(_ seed: UInt64) throws {
    var random = Seeded(seed)
    let lines = [
      "Cookie: a", "Date: b", "X-A: c", "Server: d", "Connection: close", "X-Title: e", "Origin: f", "TE: g", "X-B: h",
    ].shuffled(using: &random)
    let bytes = wire("GET / HTTP/1.0\n" + lines.map { $0 + "\n" }.joined() + "\n")
    let head = try requestHead(bytes)
    var dropped: KnownFieldSet = []
    for field in [KnownField.cookie, .date, .server, .xTitle, .origin] where Bool.random(using: &random) {
      dropped.insert(field)
    }
    let runs = EndToEndFields(of: head, dropping: dropped).runs(in: bytes.span.bytes)
    let expected = head.fields.filter { !dropped.contains($0.id) && !KnownFieldSet.hopByHop.contains($0.id) }
    #expect(runs.flatMap { bytes[$0] } == expected.flatMap { bytes[$0.line] })
    for (run, next) in zip(runs, runs.dropFirst()) { #expect(run.upperBound < next.lowerBound) }
  }
}
