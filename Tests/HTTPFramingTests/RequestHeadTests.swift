/// A request's head says where its parts lie, how its body is framed, and whether another request may follow.

import HTTPFraming
import Testing

@Suite struct RequestHeadTests {
  @Test("the parts of a head lie where its ranges say")
  func parts() throws {
    let bytes = wire("POST /v1/x?y HTTP/1.1\nHost:  a:80 \nX-Empty:\nContent-Length:12\n\n")
    let head = try requestHead(bytes)
    #expect(head.method == .post)
    #expect(text(head.methodRange, of: bytes) == "POST")
    #expect(text(head.target, of: bytes) == "/v1/x?y")
    #expect(head.targetForm == .origin)
    #expect(head.minorVersion == 1)
    #expect(head.byteCount == bytes.count)
    #expect(head.framing == .length(12))
    #expect(head.fields.map { text($0.name, of: bytes) } == ["Host", "X-Empty", "Content-Length"])
    #expect(head.fields.map { text($0.value, of: bytes) } == ["a:80", "", "12"])
    #expect(head.fields.map(\.id) == [.host, .other, .contentLength])
    let lines = head.fields.map { text($0.line, of: bytes) }
    #expect(lines == ["Host:  a:80 \r\n", "X-Empty:\r\n", "Content-Length:12\r\n"])
  }

  @Test("an empty line first moves all offsets by its two bytes")
  func emptyLineFirst() throws {
    let bytes = wire("\nGET /a HTTP/1.1\nHost: h\n\n")
    let head = try requestHead(bytes)
    #expect(text(head.methodRange, of: bytes) == "GET")
    #expect(text(head.target, of: bytes) == "/a")
    #expect(text(head.fields[0].line, of: bytes) == "Host: h\r\n")
    #expect(head.byteCount == bytes.count)
    #expect(throws: FramingViolation.emptyStartLine) { try requestHead("\n\nGET / HTTP/1.1\nHost: h\n\n") }
  }

  @Test(
    "methods are told apart by their exact letters",
    arguments: [
      ("GET", HTTPMethod.get), ("HEAD", .head), ("POST", .post), ("PUT", .put), ("PATCH", .patch), ("DELETE", .delete),
      ("OPTIONS", .options), ("TRACE", .trace), ("get", .other), ("PURGE", .other), ("GETS", .other), ("X", .other),
      ("!#$%&'*+-.^_`|~09", .other),
    ])
  func methods(_ name: String, _ method: HTTPMethod) throws {
    #expect(try requestHead("\(name) / HTTP/1.1\nHost: a\n\n").method == method)
  }

  @Test("each form of target is told apart")
  func targetForms() throws {
    func form(_ line: String) throws -> TargetForm { try requestHead("\(line) HTTP/1.1\nHost: a\n\n").targetForm }
    #expect(try form("GET /") == .origin)
    #expect(try form("GET //a/b") == .origin)
    #expect(try form("OPTIONS *") == .asterisk)
    #expect(try form("GET http://a") == .absolute)
    #expect(try form("GET hTTps://[::1]:8/?q") == .absolute)
    #expect(try form("CONNECT a:443") == .authority)
  }

  @Test("the body is framed by its length, by chunks, or there is none")
  func framing() throws {
    func framing(_ fields: String) throws -> BodyFraming {
      try requestHead("POST / HTTP/1.1\nHost: a\n\(fields)\n").framing
    }
    #expect(try framing("") == .none)
    #expect(try framing("Content-Length: 0\n") == .length(0))
    #expect(try framing("CONTENT-LENGTH: 9223372036854775807\n") == .length(.max))
    #expect(try framing("transfer-encoding: CHUNKED\n") == .chunked)
  }

  @Test("a connection stays open in 1.1 unless it says close, and in 1.0 only if it says keep-alive")
  func keepsAlive() throws {
    func keeps(_ version: String, _ options: String) throws -> Bool {
      try requestHead("GET / HTTP/\(version)\nHost: a\n\(options)\n").keepsAlive
    }
    #expect(try keeps("1.1", ""))
    #expect(try keeps("1.1", "Connection: upgrade\n"))
    #expect(try !keeps("1.1", "Connection: Close\n"))
    #expect(try !keeps("1.1", "Connection: a, close ,b\n"))
    #expect(try !keeps("1.1", "Connection: keep-alive\nConnection: close\n"))
    #expect(try keeps("1.1", "Connection: closed\n"))
    #expect(try !keeps("1.0", ""))
    #expect(try keeps("1.0", "Connection: Keep-Alive\n"))
    #expect(try !requestHead("CONNECT a:1 HTTP/1.1\nHost: a:1\n\n").keepsAlive)
    #expect(try !keeps("1.0", "Connection: keep-alive, close\n"))
  }

  @Test("a client that expects to be told to continue is noticed, in 1.1 only")
  func expectsContinue() throws {
    #expect(try requestHead("POST / HTTP/1.1\nHost: a\nExpect: 100-Continue\n\n").expectsContinue)
    #expect(try !requestHead("POST / HTTP/1.0\nHost: a\nExpect: 100-continue\n\n").expectsContinue)
    #expect(try !requestHead("POST / HTTP/1.1\nHost: a\nExpect: payment\n\n").expectsContinue)
  }

  @Test("a head cut short anywhere is refused, and so is one with a byte too many")
  func exactlyOneHead() {
    let bytes = wire("POST /a HTTP/1.1\nHost: a\nX-A: b\tc\n\n")
    for count in 0..<bytes.count {
      #expect(throws: FramingViolation.self, "\(count) bytes") { try requestHead(Array(bytes[..<count])) }
    }
    #expect(throws: FramingViolation.unterminatedHead) { try requestHead(Array(bytes[..<(bytes.count - 2)])) }
    #expect(throws: FramingViolation.bytesAfterHead) { try requestHead(bytes + [0x61]) }
  }

  @Test("the limits of a head hold in the parser too")
  func limits() throws {
    let bytes = wire("GET / HTTP/1.1\nHost: a\nX-A: b\n\n")
    #expect(try requestHead(bytes, limits: FramingLimits(headBytes: bytes.count, fieldCount: 2)).fields.count == 2)
    #expect(throws: FramingViolation.headTooLarge) {
      try requestHead(bytes, limits: FramingLimits(headBytes: bytes.count - 1))
    }
    #expect(throws: FramingViolation.tooManyFields) { try requestHead(bytes, limits: FramingLimits(fieldCount: 1)) }
  }

  @Test("every valid shape is read as it was meant", arguments: Sample.requests)
  func corpus(_ sample: Sample) {
    let reading = read(.request, [sample.bytes])
    #expect(reading.violation == nil)
    #expect(reading.messages.count == sample.messages)
    #expect(reading.messages.filter { !$0.isComplete } == [])
    #expect(reading.consumed == sample.bytes.count)
  }
}
