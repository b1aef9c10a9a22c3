/// Trailers are passed on only where they cannot change how the message before them is understood.

import HTTPFraming
import Testing

@Suite struct TrailerSectionTests {
  private static let forbidden = [
    "content-length", "transfer-encoding", "host", "connection", "trailer", "te", "upgrade", "authorization",
    "proxy-authorization", "x-api-key", "set-cookie", "cookie", "content-encoding", "content-type", "expect",
  ]

  private func violation(_ trailers: String) -> FramingViolation? {
    let bytes = wire("0\n\(trailers)\n")
    let whole = readBody(.chunked, [bytes])
    #expect(readBody(.chunked, bytes.map { [$0] }) == whole)
    #expect(whole.violation != nil || whole.end == bytes.count)
    return whole.violation
  }

  @Test("a trailer that frames, routes or authorises is refused in any letters and at any place", arguments: forbidden)
  func refused(_ name: String) {
    #expect(violation("\(name): 1\n") == .forbiddenTrailer)
    #expect(violation("x-a: 1\n\(name.uppercased()):\n") == .forbiddenTrailer)
  }

  @Test("names that only begin or end alike pass", arguments: forbidden)
  func alike(_ name: String) {
    #expect(violation("\(name)s: 1\n") == nil)
    #expect(violation("\(name.dropLast())_: 1\n") == nil)
    #expect(violation("x-\(name): 1\n") == nil)
  }

  @Test(
    "a trailer that speaks in Crossfade's name is refused, whatever follows",
    arguments: ["x-crossfade-id", "X-Crossfade-Arm", "x-crossfade-fallback", "x-crossfade-anything", "x-crossfade-"])
  func crossfade(_ name: String) {
    #expect(violation("\(name): 1\n") == .forbiddenTrailer)
    #expect(violation("x-crossfad\u{65}: 1\n") == nil)
  }

  @Test("what gateways send after a stream passes")
  func passes() {
    #expect(violation("x-litellm-response-cost: 0.1\nServer-Timing: a;dur=1\nX-Empty:\nX-High: \u{E9}\t\n") == nil)
  }
}
