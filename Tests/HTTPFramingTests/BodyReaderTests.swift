/// A body's end is found in the bytes as they pass, without keeping any.

import HTTPFraming
import Testing

@Suite struct BodyReaderTests {
  @Test("a body without bytes is over before it begins")
  func noBody() {
    for framing in [BodyFraming.none, .length(0)] {
      #expect(readBody(framing, [[]]) == ReadBody(end: 0, closeIsComplete: true))
      #expect(readBody(framing, [wire("GET /")]) == ReadBody(end: 0, closeIsComplete: true))
      #expect(BodyReader(framing).isComplete)
    }
  }

  @Test("a length ends the body at its last byte, whatever follows")
  func length() {
    let expected = ReadBody(content: Array("hello".utf8), end: 5, closeIsComplete: true)
    #expect(readBody(.length(5), [Array("hello".utf8)]) == expected)
    #expect(readBody(.length(5), [Array("helloGET /".utf8)]) == expected)
    #expect(readBody(.length(5), [Array("he".utf8), [], Array("llo!".utf8)]) == expected)
  }

  @Test("a close before the promised length leaves the body incomplete")
  func shortLength() {
    #expect(readBody(.length(5), [Array("hell".utf8)]) == ReadBody(content: Array("hell".utf8)))
  }

  @Test("a body until the close is complete at any close")
  func untilClose() {
    #expect(readBody(.untilClose, []) == ReadBody(closeIsComplete: true))
    let expected = ReadBody(content: Array("ab".utf8), closeIsComplete: true)
    #expect(readBody(.untilClose, [Array("a".utf8), Array("b".utf8)]) == expected)
  }

  @Test("chunks are content, what lies between them is not")
  func chunks() {
    let bytes = wire("3\nabc\nA;x=y\n0123456789\n00\n\nNEXT")
    let expected = ReadBody(content: Array("abc0123456789".utf8), end: bytes.count - 4, closeIsComplete: true)
    #expect(readBody(.chunked, [bytes]) == expected)
  }

  @Test("a chunk may hold line ends and sizes of its own")
  func payloadIsOpaque() {
    let expected = ReadBody(content: wire("\n0\n\n"), end: 17, closeIsComplete: true)
    #expect(readBody(.chunked, [wire("7\n\n0\n\n\n0\n\n")]) == expected)
  }

  @Test("a close inside chunks, sizes or trailers leaves the body incomplete at every byte but the last")
  func closeAnywhere() {
    let bytes = wire("3;a=\"b\"\nabc\n0\nX-A: b\n\n")
    for count in 0..<bytes.count {
      let body = readBody(.chunked, [Array(bytes[..<count])])
      #expect(!body.closeIsComplete && body.end == nil && body.violation == nil, "\(count) bytes")
    }
    #expect(readBody(.chunked, [bytes]).closeIsComplete)
  }

  @Test("a chunked body cut at any two bytes is the same body")
  func cutAnywhere() {
    let bytes = wire("3;a=\"b\\\"\"\nabc\n000b;c\n0123456789-\n0\nX-A: b\nX-B:\n\nNEXT")
    let whole = readBody(.chunked, [bytes])
    #expect(whole.end == bytes.count - 4)
    for first in 0...bytes.count {
      for second in first...bytes.count {
        let pieces = [Array(bytes[..<first]), Array(bytes[first..<second]), Array(bytes[second...])]
        #expect(readBody(.chunked, pieces) == whole, "cut at \(first) and \(second)")
      }
    }
  }

  @Test("after a violation nothing but the violation follows")
  func failedForGood() {
    var reader = BodyReader(.chunked)
    let bytes = Array("x".utf8)
    for _ in 0..<3 {
      #expect(throws: FramingViolation.invalidChunkSize) { try reader.piece(bytes, from: 0) }
      #expect(throws: FramingViolation.invalidChunkSize) { try reader.piece(bytes, from: 1) }
    }
    #expect(!reader.closed() && !reader.isComplete)
  }

  @Test("content before a violation is still content")
  func contentBeforeViolation() {
    let body = readBody(.chunked, [wire("3\nabc\n2\nde!")])
    #expect(body == ReadBody(content: Array("abcde".utf8), violation: .missingCRLFAfterChunk))
  }

  @Test("the end may be asked for again")
  func endIsStable() throws {
    var reader = BodyReader(.chunked)
    let bytes = wire("0\n\nGET")
    #expect(try reader.piece(bytes, from: 0) == .end(consumedTo: 5))
    #expect(try reader.piece(bytes, from: 5) == .end(consumedTo: 5))
    #expect(reader.isComplete)
  }

  @Test("the largest chunk that can be counted is followed without keeping it")
  func largestChunk() throws {
    var reader = BodyReader(.chunked)
    let bytes = wire("7fffffffffffffff\nab")
    #expect(try reader.piece(bytes, from: 0) == .payload(18..<20))
    #expect(try reader.piece(bytes, from: 20) == .needMore(consumedTo: 20))
  }

  @Test("long lines are forgiven where they carry enough, and refused where they add up to nothing else")
  func overhead() {
    let long = "10;" + String(repeating: "a", count: 40) + "\n0123456789abcdef\n"
    #expect(readBody(.chunked, [wire(String(repeating: long, count: 10_000) + "0\n\n")]).violation == nil)
    let idle = "1;" + String(repeating: "a", count: 40) + "\n0\n"
    #expect(
      readBody(.chunked, [wire(String(repeating: idle, count: 10_000) + "0\n\n")]).violation == .chunkOverheadTooLarge)
    let tiny = readBody(.chunked, [wire(String(repeating: "1\n0\n", count: 10_000) + "0\n\n")])
    #expect(tiny.content.count == 10_000 && tiny.violation == nil)
  }

  @Test("the limits of a chunk line and of trailers are the largest that pass")
  func limits() {
    let limits = FramingLimits(fieldCount: 2, chunkLineBytes: 8, trailerBytes: 10)
    #expect(readBody(.chunked, [wire("0;abcd\n\n")], limits: limits).end == 10)
    #expect(readBody(.chunked, [wire("0;abcde\n\n")], limits: limits).violation == .chunkLineTooLong)
    #expect(readBody(.chunked, [wire("0\na:1\nb:\n\n")], limits: limits).violation == .trailersTooLarge)
    #expect(readBody(.chunked, [wire("0\na:\nb:1\n\n")], limits: limits).violation == .trailersTooLarge)
    #expect(readBody(.chunked, [wire("0\na:\nb:\n\n")], limits: limits).end == 13)
    let many = FramingLimits(fieldCount: 2)
    #expect(readBody(.chunked, [wire("0\na:\nb:\nc:\n\n")], limits: many).violation == .tooManyFields)
  }

  @Test("an arm's chunk sizes may be padded with blanks before their line end, cut anywhere; a client's may not")
  func paddedChunkSizes() throws {
    let bodies = ["3   \r\nabc\r\n0     \r\n\r\n", "3\t\r\nabc\r\n0\r\n\r\n", "3;a=b \r\nabc\r\n0 \r\n\r\n"]
    for body in bodies.map({ Array($0.utf8) }) {
      for cut in 0...body.count {
        var reader = BodyReader(.chunked, isFromArm: true)
        var payload: [UInt8] = []
        var strict: [UInt8] = []
        for piece in [body[..<cut], body[cut...]].map(Array.init) {
          var offset = 0
          var passed = 0
          reading: while true {
            switch try reader.next(piece.span.bytes, from: offset) {
            case .payload(let range):
              payload += piece[range]
              offset = range.upperBound
            case .padding(let range):
              strict += piece[passed..<range.lowerBound]
              (offset, passed) = (range.upperBound, range.upperBound)
            case .needMore, .end: break reading
            }
          }
          strict += piece[passed...]
        }
        #expect(reader.isComplete && payload == Array("abc".utf8), "cut at \(cut)")
        #expect(strict == body.filter { !" \t".utf8.contains($0) }, "without its padding, cut at \(cut)")
      }
      #expect(throws: FramingViolation.self) {
        var reader = BodyReader(.chunked)
        _ = try reader.next(body.span.bytes, from: 0)
      }
    }
    for body in [" 3\r\nabc\r\n", "3 1\r\nabc\r\n", "3 ;a\r\nabc\r\n", "3 \nabc\r\n", " \r\nabc\r\n"].map({
      Array($0.utf8)
    }) {
      #expect(throws: FramingViolation.self) {
        var reader = BodyReader(.chunked, isFromArm: true)
        var offset = 0
        while case .padding(let blanks) = try reader.next(body.span.bytes, from: offset) { offset = blanks.upperBound }
      }
    }
  }
}
