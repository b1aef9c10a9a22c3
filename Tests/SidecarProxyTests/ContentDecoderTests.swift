/// What the tap reads of a compressed answer, cut anywhere, broken or without end.

import Dialects
import Foundation
import HTTPFraming
import RolloutJudge
import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite struct ContentDecoderTests {
  /// `printf 'data: {"a":1}\n\n' | gzip -n9`, and the same through zlib.
  private static let text = "data: {\"a\":1}\n\n"
  private static let gzip: [UInt8] = [
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x4B, 0x49, 0x2C, 0x49, 0xB4, 0x52, 0xA8, 0x56, 0x4A,
    0x54, 0xB2, 0x32, 0xAC, 0xE5, 0xE2, 0x02, 0x00, 0x3E, 0x75, 0x74, 0x09, 0x0F, 0x00, 0x00, 0x00,
  ]
  private static let zlib: [UInt8] = [
    0x78, 0xDA, 0x4B, 0x49, 0x2C, 0x49, 0xB4, 0x52, 0xA8, 0x56, 0x4A, 0x54, 0xB2, 0x32, 0xAC, 0xE5, 0xE2, 0x02, 0x00,
    0x25, 0xB8, 0x04, 0x11,
  ]

  private func decode(_ decoder: ContentDecoder, _ bytes: some Sequence<UInt8>) -> (holds: Bool, text: [UInt8]) {
    var decoded: [UInt8] = []
    let state = Array(bytes).withUnsafeBytes { raw in
      decoder.decode(raw.bytes) { piece in piece.withUnsafeBytes { decoded += $0 } }
    }
    return (state == .holds, decoded)
  }

  @Test("undoes gzip and deflate", arguments: ["gzip", "x-gzip", "deflate"])
  func whole(_ coding: String) throws {
    let decoder = try #require(ContentDecoder(coding: coding))
    let (holds, text) = decode(decoder, coding == "deflate" ? Self.zlib : Self.gzip)
    #expect(holds)
    #expect(text == Array(Self.text.utf8))
  }

  @Test("cut at every byte it gives the same", arguments: 0...gzip.count)
  func cut(_ at: Int) throws {
    let decoder = try #require(ContentDecoder(coding: "gzip"))
    let first = decode(decoder, Self.gzip[..<at])
    let second = decode(decoder, Self.gzip[at...])
    #expect(first.holds && second.holds)
    #expect(first.text + second.text == Array(Self.text.utf8))
  }

  @Test("several members of gzip are one answer, wherever they are cut; what else follows is left alone")
  func members() throws {
    let twice = Self.gzip + Self.gzip
    for at in 0...twice.count {
      let decoder = try #require(ContentDecoder(coding: "gzip"))
      let (first, second) = (decode(decoder, twice[..<at]), decode(decoder, twice[at...]))
      #expect(first.holds && second.holds)
      #expect(first.text + second.text == Array((Self.text + Self.text).utf8))
    }
    let decoder = try #require(ContentDecoder(coding: "gzip"))
    let padded = decode(decoder, Self.gzip + [0, 0, 0, 0])
    #expect(padded.holds && padded.text == Array(Self.text.utf8))
  }

  @Test("deflate without zlib's header is undone too")
  func raw() throws {
    let decoder = try #require(ContentDecoder(coding: "deflate"))
    let (first, second) = (decode(decoder, Self.zlib[2..<9]), decode(decoder, Self.zlib[9..<(Self.zlib.count - 4)]))
    #expect(first.holds && second.holds)
    #expect(first.text + second.text == Array(Self.text.utf8))
  }

  @Test("knows what it cannot undo", arguments: ["br", "zstd", "gzip, gzip", "compress", ""])
  func unknown(_ coding: String) { #expect(ContentDecoder(coding: coding) == nil) }

  /// Other tests run beside this one and take memory too, but not as much as this would in each of four rounds.
  @Test("a coding that it cannot undo leaves no memory behind", arguments: ["", "br"])
  func leavesNothing(_ coding: String) throws {
    let growth = try (0..<4).map { _ in
      let before = try ResidentMemory.bytes()
      for _ in 0..<200_000 { _ = ContentDecoder(coding: coding) }
      return try ResidentMemory.bytes() - before
    }
    #expect(growth.min() ?? 0 < 200_000 * MemoryLayout<Int>.size * 4)
  }

  @Test("stops at the first error and stays stopped")
  func broken() throws {
    let decoder = try #require(ContentDecoder(coding: "gzip"))
    let plain = Array("{}".utf8)
    #expect(plain.withUnsafeBytes { decoder.decode($0.bytes) { _ in } } == .broken)
    #expect(!decode(decoder, Self.gzip).holds)
  }

  /// Runs of one byte are what bombs are made of. A fixed block of the literal 0 and matches of length 258 at distance 1
  /// makes 13 bits into 258 bytes.
  private func bomb(matches: Int) -> BitWriter {
    var bomb = BitWriter(bytes: [0x78, 0xDA])
    bomb.put(0b011, 3)
    bomb.putCode(0x30, 8)
    for _ in 0..<matches {
      bomb.putCode(0b1100_0101, 8)
      bomb.putCode(0, 5)
    }
    return bomb
  }

  @Test("in pieces it gives the same, never more at once than asked for, wherever the bytes are cut")
  func pieces() throws {
    let bytes = bomb(matches: 4_000).bytes
    let whole = try #require(ContentDecoder(coding: "deflate"))
    let expected = decode(whole, bytes).text.count
    for cut in [0, 1, 2, 3, bytes.count / 2, bytes.count] {
      let decoder = try #require(ContentDecoder(coding: "deflate"))
      var (total, turns) = (0, 0)
      for part in [bytes[..<cut], bytes[cut...]].map(Array.init) {
        var rest = part
        repeat {
          var turn = 0
          let state = rest.withUnsafeBytes { decoder.decode($0.bytes, atMost: 64 << 10) { turn += $0.byteCount } }
          #expect(state == .holds && turn < 81 << 10)
          rest = Array(rest.suffix(decoder.unused))
          total += turn
          turns += 1
        } while decoder.hasMore
      }
      #expect(total == expected && turns > 12, "cut at \(cut)")
    }
  }

  @Test("an answer that unpacks without end is given up at its limit")
  func bomb() throws {
    let decoder = try #require(ContentDecoder(coding: "deflate"))
    let bomb = bomb(matches: 300_000)
    var decoded = 0
    let state = bomb.bytes.withUnsafeBytes { raw in
      decoder.decode(raw.bytes) { decoded += $0.byteCount }
    }
    #expect(state == .tooLong)
    #expect(decoded > 64 << 20 && decoded < 65 << 20)
  }

  @Test("what one read brings of a live answer is undone as far as the other clients of its loop can wait")
  func liveBomb() throws {
    let start = AttemptStart(
      attempt: 1, exchange: 1, arm: .candidate(0), population: .live, unit: 1, shares: [1], at: Instant(nanoseconds: 0))
    let bytes = bomb(matches: 60_000).bytes
    for (pieces, isTooLong) in [(1, true), (8, false)] {
      let meter = AttemptMeter(
        start: start, endpoints: EndpointPair(.chatCompletions), isRetry: false, price: nil, labels: nil)
      let head = Array("HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n".utf8)
      meter.headReceived(try ResponseHead(parsing: head.span.bytes, toMethod: .post), head.span.bytes, at: start.at)
      for piece in 0..<pieces {
        let range = bytes.count * piece / pieces..<bytes.count * (piece + 1) / pieces
        _ = meter.payloadReceived(Array(bytes[range]).span.bytes, at: start.at)
      }
      #expect(meter.isTooLong == isTooLong && !meter.isBehind)
      #expect(meter.takeDecodedBytes() < (isTooLong ? 5 << 20 : 16 << 20))
      #expect(meter.end(.complete, at: start.at).outcome == (isTooLong ? .ok : .incomplete))
    }
  }
}

private struct BitWriter {
  var bytes: [UInt8]
  private var pending: UInt32 = 0
  private var count: UInt32 = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func put(_ bits: UInt32, _ width: UInt32) {
    pending |= bits << count
    count += width
    while count >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      count -= 8
    }
  }

  /// Huffman codes go most significant bit first.
  mutating func putCode(_ code: UInt32, _ width: UInt32) {
    var reversed: UInt32 = 0
    for bit in 0..<width { reversed |= (code >> bit & 1) << (width - 1 - bit) }
    put(reversed, width)
  }
}

/// The memory of this process that is in use.
private enum ResidentMemory {
  static func bytes() throws -> Int {
    let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
    return try #require(Int(fields[1])) * sysconf(Int32(_SC_PAGESIZE))
  }
}
