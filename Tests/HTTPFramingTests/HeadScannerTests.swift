/// The scanner finds the end of a head however it arrives, and looks at no byte twice for it.

import HTTPFraming
import Testing

@Suite struct HeadScannerTests {
  private func scan(_ kind: MessageKind, _ text: String, limit: Int = 65_536) throws(FramingViolation) -> Int? {
    var scanner = HeadScanner(kind, limits: FramingLimits(headBytes: limit))
    let bytes = Array(text.utf8)
    return try scanner.end(in: bytes)
  }

  @Test("the end is just after the empty line, whatever follows")
  func end() throws {
    #expect(try scan(.request, "GET / HTTP/1.1\r\nA: b\r\n\r\nbody\0\n") == 24)
    #expect(try scan(.response, "HTTP/1.1 200\r\n\r\n") == 16)
    #expect(try scan(.request, "") == nil)
    #expect(try scan(.request, "GET / HTTP/1.1\r\nA: b\r\n") == nil)
    #expect(try scan(.request, "GET / HTTP/1.1\r\nA: b\r\n\r") == nil)
  }

  @Test("a head that grows byte by byte ends at the same byte")
  func growing() throws {
    let bytes = wire("POST / HTTP/1.1\nHost: a\nX-Tab: a\tb\nContent-Length: 0\n\n")
    var scanner = HeadScanner(.request)
    for count in 0..<bytes.count {
      let held = Array(bytes[..<count])
      #expect(try scanner.end(in: held) == nil)
    }
    #expect(try scanner.end(in: bytes) == bytes.count)
  }

  @Test("after a head the scanner is ready for the next one")
  func nextHead() throws {
    var scanner = HeadScanner(.request)
    let first = wire("GET /1 HTTP/1.1\n\n")
    let second = wire("\nGET /22 HTTP/1.1\n\n")
    #expect(try scanner.end(in: first) == first.count)
    #expect(try scanner.end(in: second) == second.count)
  }

  @Test("bytes once looked at are not looked at again")
  func scannedOnce() throws {
    var scanner = HeadScanner(.request)
    let start = Array("GET / HTTP/1.1\r\nA: b".utf8)
    #expect(try scanner.end(in: start) == nil)
    // Not what a shell would do: were the first bytes read again, their controls would show.
    let rest = [UInt8](repeating: 0, count: start.count) + Array("\r\n\r\n".utf8)
    #expect(try scanner.end(in: rest) == rest.count)
  }

  @Test("one empty line before a request belongs to it, a second one is refused, and none may precede a response")
  func emptyLineFirst() throws {
    #expect(try scan(.request, "\r\nGET / HTTP/1.1\r\n\r\n") == 20)
    #expect(try scan(.request, "\r\n") == nil)
    #expect(throws: FramingViolation.emptyStartLine) { try scan(.request, "\r\n\r\n") }
    #expect(throws: FramingViolation.emptyStartLine) { try scan(.response, "\r\n") }
  }

  @Test("a byte out of place is refused as soon as it is in, long before the head ends")
  func atOnce() {
    #expect(throws: FramingViolation.controlCharacter) { try scan(.request, "\u{16}") }
    #expect(throws: FramingViolation.bareLF) { try scan(.request, "GET / HTTP/1.1\n") }
    #expect(throws: FramingViolation.bareCR) { try scan(.request, "GET /\rH") }
    #expect(throws: FramingViolation.nul) { try scan(.response, "HTTP/1.1 200 OK\r\nA: \0") }
  }

  @Test("every control but a tab is found at every place of a word, and no other byte is taken for one")
  func everyByteAtEveryPlace() throws {
    for byte in UInt8.min...UInt8.max where byte != 0x0D {
      for place in 0..<17 {
        var bytes = [UInt8](repeating: 0x61, count: 17)
        bytes[place] = byte
        var scanner = HeadScanner(.request)
        if (byte < 0x20 && byte != 0x09) || byte == 0x7F {
          #expect(throws: FramingViolation.self, "byte \(byte) at \(place)") {
            try scanner.end(in: bytes)
          }
        } else {
          #expect(try scanner.end(in: bytes) == nil, "byte \(byte) at \(place)")
        }
      }
    }
  }

  @Test("the limit is the largest head that passes")
  func limit() throws {
    let head = "GET / HTTP/1.1\r\nA: b\r\n\r\n"
    #expect(try scan(.request, head + "more", limit: head.utf8.count) == head.utf8.count)
    #expect(throws: FramingViolation.headTooLarge) { try scan(.request, head, limit: head.utf8.count - 1) }
    let unfinished = "GET / HTTP/1.1\r\nA: b\r\nC:"
    #expect(throws: FramingViolation.headTooLarge) { try scan(.request, unfinished, limit: unfinished.utf8.count) }
    #expect(try scan(.request, unfinished, limit: unfinished.utf8.count + 1) == nil)
  }
}
