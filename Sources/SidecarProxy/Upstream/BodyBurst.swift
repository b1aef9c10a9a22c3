/// The part of an answer's body in one read from an arm: where its payload lies, what only pads it, and where it ends.

import HTTPFraming
import NIOCore

/// Told before any of it is passed on: the client's bytes come first, and measuring must not hold them up.
struct BodyBurst {
  /// Nearly every read holds one piece of payload.
  private var first: Range<Int>?
  private var others: [Range<Int>] = []
  private var padding: [Range<Int>] = []
  /// How far the bytes belong to this body, or are sound.
  private(set) var end = 0
  /// The body's last byte is among them.
  private(set) var isLast = false
  /// The bytes that came before it in the same read are still the client's.
  private(set) var violation: FramingViolation?

  init(_ bytes: RawSpan, by reader: inout BodyReader) {
    do throws(FramingViolation) {
      while try read(reader.next(bytes, from: end)) {}
    } catch {
      violation = error
    }
  }

  /// - Returns: whether there may be more.
  private mutating func read(_ piece: BodyPiece) -> Bool {
    switch piece {
    case .payload(let range):
      if first == nil { first = range } else { others.append(range) }
      end = range.upperBound
    case .padding(let range):
      padding.append(range)
      end = range.upperBound
    case .needMore(let consumedTo):
      end = consumedTo
      return false
    case .end(let consumedTo):
      (end, isLast) = (consumedTo, true)
      return false
    }
    return true
  }

  /// The content without its framing.
  @inline(__always)
  func forEachPayload(_ take: (Range<Int>) -> Void) {
    if let first { take(first) }
    for range in others { take(range) }
  }

  /// The content to be measured, which nobody else is given: in one piece where it came in crumbs, since each costs more
  /// to hand over than to copy.
  @inline(__always)
  func forEachMeasured(_ bytes: ByteBuffer, _ take: (RawSpan) -> Void) {
    guard others.count >= Self.crumbs else {
      return forEachPayload { take(bytes.readableBytesSpan.extracting($0)) }
    }
    var joined = ByteBufferAllocator().buffer(capacity: bytes.readableBytes)
    forEachPayload { joined.writeBytes(bytes.readableBytesSpan.extracting($0)) }
    take(joined.readableBytesSpan)
  }

  private static let crumbs = 16

  /// The bytes as they came, but for what pads chunk sizes: parsers differ on that.
  @inline(__always)
  func forEachPiece(_ take: (Range<Int>) -> Void) {
    var start = 0
    for blanks in padding {
      if start < blanks.lowerBound { take(start..<blanks.lowerBound) }
      start = blanks.upperBound
    }
    if start < end { take(start..<end) }
  }
}
