/// Heads as the client sees them, byte by byte.

import HTTPFraming
import NIOCore
import Testing

@testable import SidecarProxy

@Suite struct AnswerHeadTests {
  private let marks = AnswerMarks(
    exchange: ExchangeID(bits: 0x0123_4567_89AB_CDEF), armLine: Array("x-crossfade-arm: litellm\r\n".utf8),
    fallback: nil, keepsAlive: true, clientMinorVersion: 1)
  private static let id = "x-crossfade-id: 0123456789abcdef\r\n"

  private func written(
    _ text: String, _ marks: AnswerMarks, dechunked: Bool = false, to method: HTTPMethod = .get
  ) throws -> String {
    let bytes = ByteBuffer(string: text)
    var out = ByteBuffer()
    let head = try ResponseHead(parsing: bytes.readableBytesSpan, toMethod: method)
    out.writeAnswerHead(head, bytes, marks: marks, dechunked: dechunked)
    return String(buffer: out)
  }

  @Test("status line and end-to-end fields stay as they came, hop-by-hop fields and foreign marks go")
  func forwarded() throws {
    let head = try written(
      "HTTP/1.1 429 Slow  down, please\r\nDATE: x\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\n"
        + "Keep-Alive: timeout=5\r\nX-Odd:  two  spaces \r\nx-crossfade-arm: liar\r\n"
        + "X-Crossfade-Fallback: liar\r\nSet-Cookie: a\r\nset-cookie: b\r\n"
        + "Content-Length: 3\r\n\r\n", marks)
    #expect(
      head == "HTTP/1.1 429 Slow  down, please\r\nDATE: x\r\nX-Odd:  two  spaces \r\nSet-Cookie: a\r\nset-cookie: b\r\n"
        + "Content-Length: 3\r\n\(Self.id)x-crossfade-arm: litellm\r\n\r\n")
  }

  @Test("an empty or absent reason stays empty or absent")
  func reasons() throws {
    #expect(try written("HTTP/1.1 200 \r\n\r\n", marks).hasPrefix("HTTP/1.1 200 \r\n"))
    #expect(try written("HTTP/1.1 200\r\n\r\n", marks).hasPrefix("HTTP/1.1 200\r\n"))
    #expect(try written("HTTP/1.0 599 \u{FF}\r\n\r\n", marks).hasPrefix("HTTP/1.1 599 \u{FF}\r\n"))
  }

  @Test("chunked framing is announced once, and not where it is taken off or there is no body")
  func chunked() throws {
    let text = "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n"
    #expect(try written(text, marks).components("transfer-encoding: chunked\r\n") == 1)
    #expect(try written(text, marks, dechunked: true).components("transfer-encoding") == 0)
    #expect(try written(text, marks, to: .head).components("transfer-encoding") == 0)
  }

  @Test("beside chunks a length goes, whichever came first")
  func bothLengths() throws {
    let text = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\nx-a: b\r\n\r\n"
    let head = try written(text, marks)
    #expect(head.components("content-length") == 0 && head.components("transfer-encoding: chunked\r\n") == 1)
    #expect(head.components("x-a: b\r\n") == 1)
  }

  @Test("says what the connection does next, in the client's version")
  func connection() throws {
    for (minorVersion, keepsAlive, line) in [
      (UInt8(1), true, ""), (1, false, "connection: close\r\n"), (0, true, "connection: keep-alive\r\n"),
      (0, false, "connection: close\r\n"),
    ] {
      var marks = marks
      marks.clientMinorVersion = minorVersion
      marks.keepsAlive = keepsAlive
      let head = try written("HTTP/1.1 204 No Content\r\n\r\n", marks)
      #expect(head == "HTTP/1.1 204 No Content\r\n\(Self.id)x-crossfade-arm: litellm\r\n\(line)\r\n")
    }
  }

  @Test("says how the candidate failed that was replaced")
  func fallback() throws {
    var marks = marks
    marks.fallback = "rate_limited"
    #expect(try written("HTTP/1.1 200 OK\r\n\r\n", marks).contains("x-crossfade-fallback: rate_limited\r\n"))
  }

  @Test("Crossfade's own answers are JSON of the announced length, whatever the message holds")
  func local() throws {
    var marks = marks
    marks.armLine = nil
    for message in ["plain", "quote \" backslash \\ tab \t newline \n nul \u{0}", "größe ☃"] {
      var out = ByteBuffer()
      out.writeLocalAnswer(status: 502, message: message, marks: marks)
      let answer = WireMessage(Array(out.readableBytesView))
      #expect(answer.startLine == "HTTP/1.1 502 Bad Gateway")
      #expect(answer.value("content-length") == "\(answer.rawBody.count)")
      #expect(answer.value("content-type") == "application/json")
      #expect(answer.value("x-crossfade-arm") == nil)
      let text = answer.bodyText
      #expect(text.hasPrefix(#"{"error":{"code":502,"message":""#))
      #expect(text.hasSuffix(#"","metadata":{"source":"crossfade"}}}"#))
      #expect(!text.unicodeScalars.contains { $0.value < 0x20 })
    }
  }

  @Test("every status that Crossfade gives has its reason", arguments: [400, 404, 408, 413, 431, 502, 503, 504])
  func localReasons(_ status: Int) {
    var out = ByteBuffer()
    out.writeLocalAnswer(status: status, message: "m", marks: marks)
    let line = WireMessage(Array(out.readableBytesView)).startLine
    #expect((line == "HTTP/1.1 \(status) Bad Gateway") == (status == 502))
  }

  @Test("to a HEAD the same head without its body")
  func localToHead() {
    var with = ByteBuffer()
    with.writeLocalAnswer(status: 503, message: "m", marks: marks)
    var without = ByteBuffer()
    without.writeLocalAnswer(status: 503, message: "m", marks: marks, withoutBody: true)
    let (full, bare) = (WireMessage(Array(with.readableBytesView)), WireMessage(Array(without.readableBytesView)))
    #expect(bare.head == full.head)
    #expect(bare.rawBody.isEmpty)
  }
}

extension String {
  /// How often `text` stands in it.
  fileprivate func components(_ text: String) -> Int { cut(at: text).count - 1 }
}
