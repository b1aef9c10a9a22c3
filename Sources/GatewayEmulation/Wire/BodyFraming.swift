/// Writes body pieces into a script, chunked or plain, up to the byte where the fault breaks them off.
import NIOCore

struct BodyFraming {
  let isChunked: Bool
  /// Body bytes, framing not counted; nil for all.
  let cut: Int?
  /// The index of the chunk whose size is not a number.
  let badChunk: Int?

  func write(_ pieces: [BodyPieces.Piece], to script: inout WireScript) {
    var left = cut
    for (index, piece) in pieces.enumerated() {
      script.wait(piece.pause)
      if isChunked {
        let size = index == badChunk ? "zz" : String(piece.count, radix: 16)
        script.send(ByteBuffer(string: size + "\r\n"))
      }
      if let room = left, room <= piece.count {
        var bytes = piece.bytes
        if let start = bytes.readSlice(length: min(room, bytes.readableBytes)) { script.send(start) }
        return
      }
      left = left.map { $0 - piece.count }
      write(piece, to: &script)
      if isChunked { script.send(ByteBuffer(string: "\r\n")) }
    }
    if isChunked { script.send(ByteBuffer(string: "0\r\n\r\n")) }
  }

  private func write(_ piece: BodyPieces.Piece, to script: inout WireScript) {
    var bytes = piece.bytes
    if let opening = bytes.readSlice(length: bytes.readableBytes - piece.tail) { script.send(opening) }
    script.flood(piece.flood)
    script.send(bytes)
  }
}
