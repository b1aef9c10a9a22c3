/// Stands between an attempt and whoever gets its answer, and says the answer in the application's dialect.

import Dialects
import HTTPFraming
import NIOCore
import RolloutJudge
import Translation

/// The attempt measures and judges what the arm itself says; only what goes on to the client is translated.
final class TranslatingReceiver: AttemptReceiver {
  private let receiver: any AttemptReceiver
  private let target: TranslatedAnswer.Target
  private let asked: TranslatedAnswer.Asked
  /// Nil before the head, and where there is no body.
  private var answer: TranslatedAnswer?
  private var decoder: ContentDecoder?

  init(_ receiver: any AttemptReceiver, to target: TranslatedAnswer.Target, _ asked: TranslatedAnswer.Asked) {
    self.receiver = receiver
    self.target = target
    self.asked = asked
  }

  /// - Parameter model: the arm's own id.
  convenience init(
    _ receiver: any AttemptReceiver, _ exchange: Exchange, from target: ArmTarget, model: String, _ loop: LoopState
  ) {
    let request = exchange.request
    let made = try? request.translations.request(request, for: target, model: model).get()
    // Applications that speak OpenRouter have always got their tokens counted.
    let wantsUsage = request.facts?.includesUsage ?? false || loop.shared.targets[0].arm.vendor == "openrouter"
    let created = (exchange.readAt.nanoseconds + loop.shared.epoch) / 1_000_000_000
    self.init(
      receiver, to: request.endpoint == .messages ? .messages : .chat,
      TranslatedAnswer.Asked(
        wantsUsage: wantsUsage, hidesReasoning: made?.hidesReasoning ?? false, created: Int(created)))
  }

  var wantsPayloadOnly: Bool { true }

  func answerHead(_ head: ResponseHead, _ bytes: ByteBuffer) {
    guard head.framing != .none else { return receiver.answerHead(head, bytes) }
    let span = bytes.readableBytesSpan
    var format = AnswerFormat.other
    var coding = ""
    for field in head.fields {
      if field.id == .contentType { format = AnswerFormat.contentType(span.extracting(field.value)) }
      if field.id == .contentEncoding { coding.add(coding: span.lowercasedText(field.value)) }
    }
    // None was asked for; some send one all the same.
    if !coding.isEmpty, coding != "identity" { decoder = ContentDecoder(coding: coding) }
    let answer = TranslatedAnswer(to: target, status: head.status, format: format, asked)
    self.answer = answer
    let own = Self.head(head, span, isEventStream: answer.isEventStream)
    guard let parsed = try? ResponseHead(parsing: own.readableBytesSpan, toMethod: .post) else {
      return assertionFailure("a head of our own is read")
    }
    receiver.answerHead(parsed, own)
  }

  /// The arm's head with another body behind it, whose length is not known.
  private static func head(_ head: ResponseHead, _ span: RawSpan, isEventStream: Bool) -> ByteBuffer {
    var out = ByteBuffer()
    out.writeStaticString("HTTP/1.1")
    out.writeBytes(span.extracting(8..<head.reason.upperBound))
    out.writeStaticString("\r\ncontent-type: ")
    out.writeStaticString(isEventStream ? "text/event-stream; charset=utf-8" : "application/json")
    out.writeStaticString("\r\ntransfer-encoding: chunked\r\n")
    var fields = EndToEndFields(
      of: head, dropping: [.transferEncoding, .contentLength, .contentEncoding, .contentType, .disguisedFraming])
    while let run = fields.nextRun(in: span) { out.writeBytes(span.extracting(run)) }
    out.writeStaticString("\r\n")
    return out
  }

  func answerBytes(_ bytes: ByteBuffer) {
    var out: [UInt8] = []
    if let decoder {
      _ = decoder.decode(bytes.readableBytesSpan) { out += answer?.read($0) ?? [] }
    } else {
      out = answer?.read(bytes.readableBytesSpan) ?? []
    }
    pass(out)
  }

  func answerComplete() {
    pass(answer?.end() ?? [])
    if answer != nil, !receiver.wantsPayloadOnly {
      var last = ByteBuffer()
      last.writeLastChunk()
      receiver.answerBytes(last)
    }
    receiver.answerComplete()
  }

  private func pass(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    let payload = ByteBuffer(bytes: bytes)
    guard !receiver.wantsPayloadOnly else { return receiver.answerBytes(payload) }
    var chunk = ByteBuffer()
    chunk.writeChunk(payload)
    receiver.answerBytes(chunk)
  }

  func attemptSent() { receiver.attemptSent() }
  func answerPaused() { receiver.answerPaused() }
  func answerEnded(_ outcome: Outcome?) { receiver.answerEnded(outcome) }
  func attemptFailed(_ failure: AttemptFailure, _ outcome: Outcome?) { receiver.attemptFailed(failure, outcome) }
  func attemptRescued(_ outcome: Outcome?) { receiver.attemptRescued(outcome) }
  func requestWritability(_ isWritable: Bool) { receiver.requestWritability(isWritable) }

  func measuresLater(_ meter: AttemptMeter, _ transport: TransportEnd) -> Bool {
    receiver.measuresLater(meter, transport)
  }
}
