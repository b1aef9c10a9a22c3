/// Undoes gzip and deflate on the tap's copy of an answer, so that what is inside can be read; the client gets the original.

import CZlib

/// Bounded: past `limit` decoded bytes, or at the first error, it stops and says so; measuring then goes on without content.
package final class ContentDecoder {
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var decoded = 0
  private var isOpen: Bool
  /// Decoded bytes of one answer that are looked at; against answers that unpack without end.
  private let limit: Int
  private static let pieceBytes = 16 << 10

  /// - Parameter coding: the value of `content-encoding`, lower case; nil where it is none that this can undo.
  package init?(coding: String, limit: Int = 64 << 20) {
    self.limit = limit
    guard ["gzip", "x-gzip", "deflate"].contains(coding) else { return nil }
    stream.initialize(to: z_stream())
    // 32 added to the window bits: the header says whether it is gzip or zlib.
    isOpen = inflateInit2_(stream, MAX_WBITS + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    if !isOpen {
      stream.deallocate()
      return nil
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Hands decoded pieces to `take`.
  /// - Returns: whether the coding has held so far.
  package func decode(_ bytes: RawSpan, take: (RawSpan) -> Void) -> Bool {
    guard isOpen else { return false }
    isOpen = bytes.withUnsafeBytes { source in
      guard let base = source.bindMemory(to: UInt8.self).baseAddress else { return true }
      stream.pointee.next_in = UnsafeMutablePointer(mutating: base)
      stream.pointee.avail_in = UInt32(source.count)
      return inflatePieces(take)
    }
    return isOpen
  }

  private func inflatePieces(_ take: (RawSpan) -> Void) -> Bool {
    withUnsafeTemporaryAllocation(byteCount: Self.pieceBytes, alignment: 1) { piece in
      repeat {
        stream.pointee.next_out = piece.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = UInt32(piece.count)
        let result = inflate(stream, Z_NO_FLUSH)
        let count = piece.count - Int(stream.pointee.avail_out)
        decoded += count
        if count > 0 { take(UnsafeRawBufferPointer(rebasing: piece[..<count]).bytes) }
        switch result {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: return true
        default: return false
        }
        if decoded > limit { return false }
      } while stream.pointee.avail_out == 0
      return true
    }
  }
}
