/// Undoes gzip and deflate on the tap's copy of an answer, so that what is inside can be read; the client gets the original.

import CZlib

/// How far a coded answer has been undone.
package enum DecodingState: Sendable {
  /// It has held so far.
  case holds
  /// The bytes are not what their coding says.
  case broken
  /// More came out than is looked at, in all or for what went in.
  case tooLong
}

/// Bounded: past `limit` decoded bytes, or at the first error, it stops and says so; measuring then goes on without content.
package final class ContentDecoder {
  private let stream: InflateStream
  private(set) var decoded = 0
  private var coded = 0
  /// More is to come of what has been handed in: `decode` is to be called again, with the bytes that are left.
  private(set) var hasMore = false
  /// How many of the bytes last handed in are not yet used.
  var unused: Int { Int(stream.state.pointee.avail_in) }
  /// Some call raw deflate "deflate", without zlib's header.
  private var mayBeRaw: Bool
  private var state = DecodingState.holds
  /// Decoded bytes of one answer that are looked at; against answers that unpack without end.
  private let limit: Int
  private static let pieceBytes = 16 << 10
  /// Answers unpack some ten to thirty times; beyond this the rest of them is not worth its time.
  private static let ratioLimit = 256
  /// So much is looked at whatever it was packed into.
  private static let freeBytes = 1 << 20
  package static let codings = ["gzip", "x-gzip", "deflate"]

  /// - Parameter coding: the value of `content-encoding`, lower case; nil where it is none that this can undo.
  package init?(coding: String, limit: Int = 64 << 20) {
    guard Self.codings.contains(coding), let stream = InflateStream() else { return nil }
    self.limit = limit
    self.stream = stream
    mayBeRaw = coding == "deflate"
  }

  /// Hands decoded pieces to `take`.
  /// - Parameter atMost: decoded bytes; where more would come, `hasMore` says so.
  package func decode(_ bytes: RawSpan, atMost: Int = .max, take: (RawSpan) -> Void) -> DecodingState {
    guard state == .holds else { return state }
    let resumes = hasMore
    hasMore = false
    if !resumes { coded += bytes.byteCount }
    state = bytes.withUnsafeBytes { source in
      guard let base = source.bindMemory(to: UInt8.self).baseAddress else {
        read(nil, 0)
        return resumes ? inflatePieces(atMost, take) : .holds
      }
      read(base, source.count)
      if isRaw(base, source.count) {
        guard inflateReset2(stream.state, -MAX_WBITS) == Z_OK else { return .broken }
      }
      return inflatePieces(atMost, take)
    }
    return state
  }

  private var isTooLong: Bool { decoded > limit || decoded > max(Self.freeBytes, coded * Self.ratioLimit) }

  private func read(_ base: UnsafePointer<UInt8>?, _ count: Int) {
    stream.state.pointee.next_in = UnsafeMutablePointer(mutating: base)
    stream.state.pointee.avail_in = UInt32(count)
  }

  /// The first two bytes tell: in zlib's format they are a method and a check (RFC 1950, 2.2); one alone does not tell.
  private func isRaw(_ base: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    guard mayBeRaw else { return false }
    mayBeRaw = false
    return count > 1 && (base[0] & 0x0F != 8 || (Int(base[0]) << 8 | Int(base[1])) % 31 != 0)
  }

  private func inflatePieces(_ atMost: Int, _ take: (RawSpan) -> Void) -> DecodingState {
    let start = decoded
    return withUnsafeTemporaryAllocation(byteCount: Self.pieceBytes, alignment: 1) { piece in
      while !isTooLong {
        if decoded - start >= atMost {
          hasMore = true
          return .holds
        }
        stream.state.pointee.next_out = piece.bindMemory(to: UInt8.self).baseAddress
        stream.state.pointee.avail_out = UInt32(piece.count)
        let result = inflate(stream.state, Z_NO_FLUSH)
        let count = piece.count - Int(stream.state.pointee.avail_out)
        decoded += count
        if count > 0 { take(UnsafeRawBufferPointer(rebasing: piece[..<count]).bytes) }
        switch result {
        case Z_OK, Z_BUF_ERROR: if stream.state.pointee.avail_out > 0 { return .holds }
        case Z_STREAM_END: guard beginsMember() else { return .holds }
        default: return .broken
        }
      }
      return .tooLong
    }
  }

  /// A gzip answer may have several members, one after another (RFC 1952, 2.2); whatever else follows is left alone.
  private func beginsMember() -> Bool {
    guard stream.state.pointee.avail_in > 0, stream.state.pointee.next_in.pointee == 0x1F else { return false }
    return inflateReset(stream.state) == Z_OK
  }
}

/// zlib's state, at an address that stays; given back by whoever holds it last, however far the making of that one came.
private final class InflateStream {
  let state = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

  /// Nil where there is no memory for it.
  init?() {
    state.initialize(to: z_stream())
    // 32 added to the window bits: the header says whether it is gzip or zlib.
    let result = inflateInit2_(state, MAX_WBITS + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard result == Z_OK else { return nil }
  }

  deinit {
    // One that could not be made has nothing inside; zlib sees that.
    inflateEnd(state)
    state.deallocate()
  }
}
