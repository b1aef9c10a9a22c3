/// Writes what a job has made as the answer of an arm: a head, a body in the application's form, an end.

import HTTPFraming
import MediaJobs
import NIOCore
import RolloutJudge

final class AnswerWriter {
  private var answer: MediaAnswer
  private var base64 = Base64Writer()
  private let isForCopies: Bool
  private(set) var hasBegun = false
  let isEventStream: Bool
  /// Bytes of the present file, and of all of a copy's that may still be given whole.
  private var count = 0
  private var wholeBytes = 2 << 20
  /// So much of a file tells its type and its dimensions; beyond it a copy's is given whole only while there is room.
  private static let tellingBytes = 24 << 10

  init(_ order: JobOrder, _ loop: LoopState, isForCopies: Bool) {
    let seconds = loop.now().nanoseconds / 1_000_000_000
    answer = MediaAnswer(
      order.media.form, model: order.model, id: "gen-\(seconds)-\(exchangeText(loop.random.next()))",
      created: Int(seconds))
    isEventStream = answer.isEventStream
    self.isForCopies = isForCopies
  }

  // MARK: what has been made

  private func start(_ receiver: any CallReceiver) {
    guard !hasBegun else { return }
    hasBegun = true
    receiver.giveHead(status: 200, type: isEventStream ? "text/event-stream; charset=utf-8" : "application/json")
    receiver.give(answer.start())
  }

  func link(to url: String, _ receiver: any CallReceiver) {
    start(receiver)
    receiver.give(answer.link(to: url))
  }

  func open(type: String, _ receiver: any CallReceiver) {
    start(receiver)
    (base64, count) = (Base64Writer(), 0)
    receiver.give(answer.open(type: type))
  }

  func write(_ bytes: RawSpan, _ receiver: any CallReceiver) {
    defer { count += bytes.byteCount }
    guard isForCopies else { return receiver.give(base64.write(bytes)) }
    let room = max(Self.tellingBytes - count, wholeBytes, 0)
    guard room > 0 else { return }
    let given = min(room, bytes.byteCount)
    wholeBytes = max(0, wholeBytes - given)
    receiver.give(base64.write(bytes.extracting(first: given)))
  }

  func close(_ receiver: any CallReceiver) {
    receiver.give(base64.end())
    receiver.give(answer.close())
  }

  /// A video, which is asked after by its name.
  /// - Parameter address: all of its address but the name.
  func promise(_ id: VideoID, at address: String, to receiver: any CallReceiver) {
    hasBegun = true
    receiver.giveHead(status: 202, type: "application/json")
    receiver.give(MediaAnswer.promise(of: id.text, at: address + id.text))
    receiver.giveEnd()
  }

  /// - Parameter cost: USD.
  func end(cost: Double?, _ receiver: any CallReceiver) {
    start(receiver)
    receiver.give(answer.end(cost: cost))
    receiver.giveEnd()
  }

  // MARK: what has not

  /// Nothing has been written: the answer is an error.
  func refuse(
    status: Int, _ message: String, code: String? = nil, retryAfter: Duration? = nil, to receiver: any CallReceiver
  ) {
    hasBegun = true
    let body = MediaAnswer.error(status: status, message, code: code)
    receiver.giveHead(status: status, type: "application/json", retryAfter: retryAfter)
    receiver.give(body)
    receiver.giveEnd()
  }
}

// MARK: an answer of our own, as an arm would send it

extension CallReceiver {
  /// - Parameter type: the content type.
  func giveHead(status: Int, type: String, retryAfter: Duration? = nil) {
    var out = ByteBuffer()
    out.writeString("HTTP/1.1 \(status) \(status < 300 ? "OK" : "Refused")\r\ncontent-type: \(type)\r\n")
    if let retryAfter { out.writeString("retry-after: \(retryAfter.components.seconds)\r\n") }
    out.writeString("transfer-encoding: chunked\r\n\r\n")
    guard let parsed = try? ResponseHead(parsing: out.readableBytesSpan, toMethod: .post) else {
      return assertionFailure("a head of our own is read")
    }
    headReceived(parsed, out)
  }

  func give(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    let payload = ByteBuffer(bytes: bytes)
    if wantsPayloadOnly {
      bodyReceived(payload)
    } else {
      var chunk = ByteBuffer()
      chunk.writeChunk(payload)
      bodyReceived(chunk)
    }
    payloadReceived(bytes.span.bytes)
  }

  func giveEnd() {
    if !wantsPayloadOnly {
      var last = ByteBuffer()
      last.writeLastChunk()
      bodyReceived(last)
    }
    bodyComplete()
  }
}
