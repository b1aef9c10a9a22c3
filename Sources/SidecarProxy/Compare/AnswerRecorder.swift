/// Keeps a copy of one attempt's answer as it came, up to a bound, for whoever compares it later.

import Dialects
import HTTPFraming
import NIOCore
import RolloutJudge

/// It copies rather than holds on to read buffers: a slice of a few bytes would keep a buffer of 64 KiB alive for as long
/// as the slowest copy takes.
final class AnswerRecorder {
  private let capture: ExchangeCapture
  private let spoken: Endpoint?
  private var status: Int?
  private var contentType = ""
  private var contentEncoding = ""
  private var body = ByteBuffer()
  private var isCut = false

  /// - Parameter capture: told when the attempt has ended.
  init(capture: ExchangeCapture, speaking spoken: Endpoint? = nil) {
    self.capture = capture
    self.spoken = spoken
  }

  func headReceived(_ head: ResponseHead, _ bytes: RawSpan) {
    status = head.status
    for field in head.fields {
      switch field.id {
      case .contentType: contentType = bytes.text(field.value)
      case .contentEncoding: contentEncoding.add(coding: bytes.lowercasedText(field.value))
      default: break
      }
    }
  }

  /// - Parameter bytes: payload without chunk framing, still encoded.
  func payloadReceived(_ bytes: RawSpan) {
    guard !isCut, !capture.isDropped else { return }
    let room = capture.answerLimit - body.readableBytes
    isCut = bytes.byteCount > room
    let before = body.capacity
    body.writeBytes(bytes.extracting(first: min(room, bytes.byteCount)))
    if !capture.hold(bytes: body.capacity - before) { body = ByteBuffer() }
  }

  func ended(_ end: AttemptEnd) {
    capture.ended(
      CapturedAnswer(
        end: end, status: status, contentType: contentType, contentEncoding: contentEncoding,
        body: body.readableBytes > 0 ? [body] : [], isCut: isCut, spoken: spoken))
  }
}
