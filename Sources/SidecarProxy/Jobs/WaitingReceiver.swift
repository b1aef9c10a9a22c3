/// Stands between attempts and a client whose stream has to wait for a picture: says that something is under way, and from then
/// on joins whatever answers in the end to what has been said.

import Dialects
import HTTPFraming
import MediaJobs
import NIOCore

/// One for the exchange: a comment is no answer, and the baseline may still give one in the candidate's place.
final class WaitingReceiver: AttemptReceiver {
  private let client: any AttemptReceiver
  /// A head and a comment have gone: every answer is from here on a part of that stream.
  private var hasBegun = false
  /// An answer that is no stream, and is told as an event.
  private var document: [UInt8]?
  private static let documentLimit = 64 << 10

  init(_ client: any AttemptReceiver) { self.client = client }

  func answerWaits() {
    // Of a client that knows no chunks the end could not be told apart from a cut.
    guard !client.wantsPayloadOnly else { return }
    if !hasBegun {
      var head = ByteBuffer()
      head.writeStaticString(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n")
      guard let parsed = try? ResponseHead(parsing: head.readableBytesSpan, toMethod: .post) else {
        return assertionFailure("a head of our own is read")
      }
      client.answerHead(parsed, head)
      hasBegun = true
    }
    give(ByteBuffer(bytes: MediaAnswer.comment))
    client.answerPaused()
  }

  private func give(_ payload: ByteBuffer) {
    var chunk = ByteBuffer()
    chunk.writeChunk(payload)
    if chunk.readableBytes > 0 { client.answerBytes(chunk) }
  }

  private func finish() {
    if let document {
      give(ByteBuffer(bytes: Array("data: ".utf8) + document.filter { $0 != 0x0A && $0 != 0x0D } + Array("\n\n".utf8)))
    }
    var last = ByteBuffer()
    last.writeLastChunk()
    client.answerBytes(last)
    client.answerComplete()
  }

  var wantsPayloadOnly: Bool { hasBegun || client.wantsPayloadOnly }

  func answerHead(_ head: ResponseHead, _ bytes: ByteBuffer) {
    guard hasBegun else { return client.answerHead(head, bytes) }
    let span = bytes.readableBytesSpan
    let type = head.fields.first { $0.id == .contentType }.map { span.lowercasedText($0.value) } ?? ""
    document = (200..<300).contains(head.status) && type.hasPrefix("text/event-stream") ? nil : []
  }

  func answerBytes(_ bytes: ByteBuffer) {
    guard hasBegun else { return client.answerBytes(bytes) }
    guard let count = document?.count else { return give(bytes) }
    document?.append(contentsOf: bytes.readableBytesView.prefix(Self.documentLimit - count))
  }

  func answerComplete() { if hasBegun { finish() } else { client.answerComplete() } }

  func attemptFailed(_ failure: AttemptFailure, _ outcome: Outcome?) {
    guard hasBegun, failure != .exhausted else { return client.attemptFailed(failure, outcome) }
    document = MediaAnswer.error(status: failure.status, "no picture could be made")
    finish()
    client.answerEnded(outcome)
  }

  func attemptSent() { client.attemptSent() }
  func answerPaused() { client.answerPaused() }
  func answerEnded(_ outcome: Outcome?) { client.answerEnded(outcome) }
  func attemptRescued(_ outcome: Outcome?) { client.attemptRescued(outcome) }
  func requestWritability(_ isWritable: Bool) { client.requestWritability(isWritable) }
}
