/// What the framing tests share: messages written with plain line ends, and errors as plain values.

import HTTPFraming

/// The bytes of `text`, each newline as CR LF.
func wire(_ text: String) -> [UInt8] {
  var bytes: [UInt8] = []
  for byte in text.utf8 {
    if byte == 0x0A { bytes.append(0x0D) }
    bytes.append(byte)
  }
  return bytes
}

func text(_ range: Range<Int>, of bytes: [UInt8]) -> String { String(decoding: bytes[range], as: UTF8.self) }

func requestHead(
  _ bytes: [UInt8], limits: FramingLimits = FramingLimits()
) throws(FramingViolation) -> RequestHead {
  try RequestHead(parsing: bytes.span.bytes, limits: limits)
}

func requestHead(_ text: String) throws(FramingViolation) -> RequestHead { try requestHead(wire(text)) }

func responseHead(
  _ bytes: [UInt8], toMethod method: HTTPMethod = .post, limits: FramingLimits = FramingLimits()
) throws(FramingViolation) -> ResponseHead {
  try ResponseHead(parsing: bytes.span.bytes, toMethod: method, limits: limits)
}

func responseHead(_ text: String, toMethod method: HTTPMethod = .post) throws(FramingViolation) -> ResponseHead {
  try responseHead(wire(text), toMethod: method)
}

extension HeadScanner {
  mutating func end(in bytes: [UInt8]) throws(FramingViolation) -> Int? { try endOfHead(in: bytes.span.bytes) }
}

extension BodyReader {
  mutating func piece(_ bytes: [UInt8], from offset: Int) throws(FramingViolation) -> BodyPiece {
    try next(bytes.span.bytes, from: offset)
  }
}

/// What a body came to: its content, where it ended, or why it was refused.
struct ReadBody: Equatable {
  var content: [UInt8] = []
  /// Counted over all pieces; nil while the end is not in.
  var end: Int?
  var violation: FramingViolation?
  var closeIsComplete = false
}

/// Reads a body handed over in pieces, each of which is forgotten after its turn.
func readBody(_ framing: BodyFraming, _ pieces: [[UInt8]], limits: FramingLimits = FramingLimits()) -> ReadBody {
  var reader = BodyReader(framing, limits: limits)
  var body = ReadBody()
  var passed = 0
  reading: for piece in pieces {
    var offset = 0
    piece: while true {
      do {
        switch try reader.next(piece.span.bytes, from: offset) {
        case .payload(let range):
          body.content += piece[range]
          offset = range.upperBound
        case .padding(let range): offset = range.upperBound
        case .needMore(let consumed):
          passed += consumed
          break piece
        case .end(let consumed):
          body.end = passed + consumed
          break reading
        }
      } catch {
        body.violation = error
        break reading
      }
    }
  }
  body.closeIsComplete = reader.closed()
  return body
}

/// Numbers from a seed (SplitMix64), the same on every machine, so that a failing seed can be run again.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
