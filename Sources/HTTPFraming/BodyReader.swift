/// Follows a message's body through the bytes as they pass, so that the shell forwards them untouched and knows the end.

/// The meaning of the bytes from an offset on.
package enum BodyPiece: Sendable, Hashable {
  /// Content; what lies between two payloads is chunk framing. Ask again from the range's end.
  case payload(Range<Int>)
  /// Blanks that pad a chunk size: the reader takes them from an arm, and nobody else should have to. Ask again from the
  /// range's end.
  case padding(Range<Int>)
  /// Everything up to `consumedTo`, the end of the bytes, belongs to the body, and more of it is to come.
  case needMore(consumedTo: Int)
  /// The body ends at `consumedTo`; what follows is the next message's.
  case end(consumedTo: Int)
}

/// Bytes are handed in once, in order and in pieces of any size; nothing of them is kept, so the shell may forward each
/// piece at once. State is a few words, whatever the peer sends.
///
/// The loop of the shell: `next` from offset 0 of the new bytes, then from each payload's end, until `needMore` or
/// `end`. Both then say how far the bytes belong to this body, chunk framing and trailers included.
package struct BodyReader: Sendable {
  private enum State {
    case complete
    case length(Int)
    case untilClose
    case chunkLine(ChunkLine)
    case chunk(Int)
    case chunkEnd(sawCR: Bool)
    case trailers(TrailerSection)
    case failed(FramingViolation)
  }

  private var state: State
  private let limits: FramingLimits
  private let isFromArm: Bool
  private var overhead = 0

  /// - Parameter isFromArm: what every SDK reads from a server is read, padded chunk sizes among it; from a client only
  ///   what nobody reads in two ways.
  package init(_ framing: BodyFraming, limits: FramingLimits = FramingLimits(), isFromArm: Bool = false) {
    self.limits = limits
    self.isFromArm = isFromArm
    switch framing {
    case .none, .length(0): state = .complete
    case .length(let length): state = .length(length)
    case .chunked: state = .chunkLine(ChunkLine(mayBePadded: isFromArm))
    case .untilClose: state = .untilClose
    }
  }

  /// Whether the end of the body has been seen. `untilClose` has none but the close.
  package var isComplete: Bool {
    if case .complete = state { true } else { false }
  }

  /// Whether a close by the peer at this point leaves a complete body.
  package func closed() -> Bool {
    switch state {
    case .complete, .untilClose: true
    default: false
    }
  }

  /// The piece that lies at `offset` of `bytes`.
  ///
  /// - Throws: the violation, now and at every later call. Payloads already returned were sound; bytes after the last
  ///   of them should not be forwarded.
  package mutating func next(_ bytes: RawSpan, from offset: Int) throws(FramingViolation) -> BodyPiece {
    do {
      return try advance(bytes, from: offset)
    } catch {
      state = .failed(error)
      throw error
    }
  }

  private mutating func advance(_ bytes: RawSpan, from start: Int) throws(FramingViolation) -> BodyPiece {
    var offset = start
    while true {
      if case .complete = state { return .end(consumedTo: offset) }
      guard offset < bytes.byteCount else {
        if case .failed(let violation) = state { throw violation }
        return .needMore(consumedTo: bytes.byteCount)
      }
      switch state {
      case .complete: return .end(consumedTo: offset)
      case .failed(let violation): throw violation
      case .untilClose: return .payload(offset..<bytes.byteCount)
      case .length(let left):
        let count = min(left, bytes.byteCount - offset)
        state = count == left ? .complete : .length(left - count)
        return .payload(offset..<offset + count)
      case .chunk(let left):
        let count = min(left, bytes.byteCount - offset)
        state = count == left ? .chunkEnd(sawCR: false) : .chunk(left - count)
        return .payload(offset..<offset + count)
      default:
        let end = try readFraming(bytes, from: offset)
        if case .chunkLine(let line) = state, line.isPadding { return .padding(end - 1..<end) }
        offset = end
      }
    }
  }

  /// Reads on until the state changes or the bytes end, and returns where.
  private mutating func readFraming(_ bytes: RawSpan, from start: Int) throws(FramingViolation) -> Int {
    switch state {
    case .chunkLine(var line):
      for offset in start..<bytes.byteCount {
        if let size = try line.read(bytes.octet(at: offset), limit: limits.chunkLineBytes) {
          try beginChunk(size, lineBytes: line.byteCount)
          return offset + 1
        }
        if line.isPadding {
          state = .chunkLine(line)
          return offset + 1
        }
      }
      state = .chunkLine(line)
    case .chunkEnd(let sawCR):
      guard bytes.octet(at: start) == (sawCR ? .lineFeed : .carriageReturn) else { throw .missingCRLFAfterChunk }
      state = sawCR ? .chunkLine(ChunkLine(mayBePadded: isFromArm)) : .chunkEnd(sawCR: true)
      return start + 1
    case .trailers(var section):
      for offset in start..<bytes.byteCount {
        if try section.read(bytes.octet(at: offset), limits: limits) {
          state = .complete
          return offset + 1
        }
      }
      state = .trailers(section)
    default: break
    }
    return bytes.byteCount
  }

  /// Tiny chunks under long lines cost far more to read than they carry. Sixteen bytes a line and two for each byte of
  /// payload are free; what goes beyond adds up, what stays below pays it back.
  private mutating func beginChunk(_ size: Int, lineBytes: Int) throws(FramingViolation) {
    let allowed = 16 + 2 * min(size, limits.chunkLineBytes)
    overhead = max(0, overhead + lineBytes - allowed)
    guard overhead <= limits.chunkOverheadBytes else { throw .chunkOverheadTooLarge }
    state = size == 0 ? .trailers(TrailerSection()) : .chunk(size)
  }
}
