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
  /// Set where pictures are asked for: what is kept is decoded, and without their base64.
  private var sieve: PictureSieve?

  /// - Parameter capture: told when the attempt has ended.
  init(capture: ExchangeCapture, speaking spoken: Endpoint? = nil, sievesPictures: Bool = false) {
    self.capture = capture
    sieve = sievesPictures ? PictureSieve() : nil
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
    if sieve == nil { keep(bytes) }
  }

  /// - Parameter bytes: payload with its coding undone.
  func decodedReceived(_ bytes: RawSpan) { sieve?.read(bytes, keep) }

  /// - Parameter isUnreadable: the coding hides it.
  private func endSieve(isUnreadable: Bool) {
    guard sieve != nil else { return }
    sieve?.end(keep)
    contentEncoding = ""
    isCut = isCut || isUnreadable
  }

  private func keep(_ bytes: RawSpan) {
    guard !isCut, !capture.isDropped else { return }
    let room = capture.answerLimit - body.readableBytes
    isCut = bytes.byteCount > room
    let before = body.capacity
    body.writeBytes(bytes.extracting(first: min(room, bytes.byteCount)))
    if !capture.hold(bytes: body.capacity - before) { body = ByteBuffer() }
  }

  /// - Parameter isUnreadable: its content could not be looked at.
  func ended(_ end: AttemptEnd, isUnreadable: Bool = false) {
    endSieve(isUnreadable: isUnreadable)
    capture.ended(
      CapturedAnswer(
        end: end, status: status, contentType: contentType, contentEncoding: contentEncoding,
        body: body.readableBytes > 0 ? [body] : [], isCut: isCut, spoken: spoken))
  }
}
