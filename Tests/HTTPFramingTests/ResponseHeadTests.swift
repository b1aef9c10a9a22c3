/// A response's head is read with the request it answers in mind.

import HTTPFraming
import Testing

@Suite struct ResponseHeadTests {
  @Test("the parts of a head lie where its ranges say")
  func parts() throws {
    let bytes = wire("HTTP/1.0 429 Too Many\nRetry-After: 2\n\n")
    let head = try responseHead(bytes)
    #expect(head.status == 429)
    #expect(text(head.reason, of: bytes) == "Too Many")
    #expect(head.minorVersion == 0)
    #expect(head.fields.map(\.id) == [.retryAfter])
    #expect(text(head.fields[0].value, of: bytes) == "2")
    #expect(head.byteCount == bytes.count)
  }

  @Test("statuses from 100 to 999 pass, the informational ones marked")
  func statuses() throws {
    for status in 100...999 where status != 101 {
      let head = try responseHead("HTTP/1.1 \(status)\nContent-Length: 0\n\n")
      #expect(head.status == status)
      #expect(head.isInformational == (status < 200))
    }
  }

  @Test("the body is framed by what was asked, the status and the fields, in this order")
  func framing() throws {
    func framing(_ status: Int, _ field: String, to method: HTTPMethod = .get) throws -> BodyFraming {
      try responseHead("HTTP/1.1 \(status) x\n\(field)\n", toMethod: method).framing
    }
    for field in ["", "Content-Length: 9\n", "Transfer-Encoding: chunked\n"] {
      for status in [100, 103, 204, 304] { #expect(try framing(status, field) == .none) }
      for status in [200, 404, 500] { #expect(try framing(status, field, to: .head) == .none) }
      #expect(try framing(200, field, to: .connect) == .untilClose)
    }
    #expect(try framing(200, "Content-Length: 9\n") == .length(9))
    #expect(try framing(407, "Content-Length: 9\n", to: .connect) == .length(9))
    #expect(try framing(500, "Transfer-Encoding: chunked\n") == .chunked)
    #expect(try framing(200, "") == .untilClose)
    #expect(try framing(205, "") == .untilClose)
  }

  @Test("a connection is used again only where the end of the answer is certain")
  func keepsAlive() throws {
    func keeps(_ head: String, to method: HTTPMethod = .get) throws -> Bool {
      try responseHead("HTTP/\(head)\n", toMethod: method).keepsAlive
    }
    #expect(try keeps("1.1 200\nContent-Length: 1\n"))
    #expect(try keeps("1.1 200\nTransfer-Encoding: chunked\n"))
    #expect(try !keeps("1.1 200\n"))
    #expect(try keeps("1.1 200\n", to: .head))
    #expect(try !keeps("1.1 200\nContent-Length: 1\nConnection: close\n"))
    #expect(try !keeps("1.0 200\nContent-Length: 1\n"))
    #expect(try keeps("1.0 200\nContent-Length: 1\nConnection: keep-alive\n"))
    #expect(try keeps("1.1 204\nContent-Length: 0\n"))
    #expect(try keeps("1.1 304\nContent-Length: 9\n"))
    #expect(try !keeps("1.1 204\nContent-Length: 9\n"))
    #expect(try !keeps("1.1 204\nTransfer-Encoding: chunked\n"))
    #expect(try !keeps("1.1 103\nContent-Length: 9\n"))
  }

  @Test("a head cut short anywhere is refused, and so is one with a byte too many")
  func exactlyOneHead() {
    let bytes = wire("HTTP/1.1 200 OK\nX-A: b\n\n")
    for count in 0..<bytes.count {
      #expect(throws: FramingViolation.self, "\(count) bytes") { try responseHead(Array(bytes[..<count])) }
    }
    #expect(throws: FramingViolation.bytesAfterHead) { try responseHead(bytes + [0x61]) }
  }

  @Test("every valid shape is read as it was meant", arguments: Sample.responses)
  func corpus(_ sample: Sample) {
    let reading = read(.response, [sample.bytes], methods: sample.methods)
    #expect(reading.violation == nil)
    #expect(reading.messages.count == sample.messages)
    #expect(reading.messages.filter { !$0.isComplete } == [])
    #expect(reading.consumed == sample.bytes.count || reading.isLast)
  }

  @Test("with both lengths the chunks count, and the connection carries no other answer")
  func bothLengths() throws {
    for fields in [
      "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n",
    ] {
      let bytes = Array("HTTP/1.1 200 OK\r\n\(fields)\r\n".utf8)
      let head = try ResponseHead(parsing: bytes.span.bytes, toMethod: .post)
      #expect(head.framing == .chunked && head.hasBothLengths && !head.keepsAlive)
    }
    let plain = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
    let head = try ResponseHead(parsing: plain.span.bytes, toMethod: .post)
    #expect(!head.hasBothLengths && head.keepsAlive)
  }
}
