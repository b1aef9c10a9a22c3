/// Writes the head of an answer as the client is to see it: the arm's own, with Crossfade's three fields added.

import Dialects
import HTTPFraming
import NIOCore

/// The marks that are added to every answer.
struct AnswerMarks {
  /// `x-crossfade-id`
  var exchange: ExchangeID
  /// `x-crossfade-arm: NAME\r\n`; nil where Crossfade itself answers.
  var armLine: [UInt8]?
  /// The dialect that the answer is translated from.
  var translatedFrom: Endpoint?
  /// How the candidate that the safety net replaced had failed.
  var fallback: String?
  var keepsAlive: Bool
  /// HTTP/1.0 clients must be told that the connection stays open.
  var clientMinorVersion: UInt8
}

extension ByteBuffer {
  mutating func writeMarks(_ marks: AnswerMarks) {
    writeText("x-crossfade-id: ")
    marks.exchange.write(into: &self)
    writeText("\r\n")
    if let line = marks.armLine { writeBytes(line) }
    if let dialect = marks.translatedFrom {
      writeText("x-crossfade-translated: ")
      writeText(dialect == .messages ? "messages\r\n" : "chat\r\n")
    }
    if let outcome = marks.fallback {
      writeText("x-crossfade-fallback: ")
      writeString(outcome)
      writeText("\r\n")
    }
    if !marks.keepsAlive {
      writeText("connection: close\r\n")
    } else if marks.clientMinorVersion == 0 {
      writeText("connection: keep-alive\r\n")
    }
  }

  /// - Parameter dechunked: the body follows without its chunk framing, ended by closing the connection.
  mutating func writeAnswerHead(_ head: ResponseHead, _ bytes: ByteBuffer, marks: AnswerMarks, dechunked: Bool) {
    let span = bytes.readableBytesSpan
    reserveCapacity(bytes.readableBytes + 192)
    writeText("HTTP/1.1")
    // From the space before the status to the end of the line.
    writeBytes(span.extracting(8..<head.reason.upperBound))
    writeText("\r\n")
    var dropped: KnownFieldSet = [.transferEncoding, .crossfade]
    if head.hasBothLengths { dropped = dropped.union([.contentLength]) }
    var fields = EndToEndFields(of: head, dropping: dropped)
    while let run = fields.nextRun(in: span) { writeBytes(span.extracting(run)) }
    if head.framing == .chunked, !dechunked { writeText("transfer-encoding: chunked\r\n") }
    writeMarks(marks)
    writeText("\r\n")
  }

  /// An answer of Crossfade's own, in OpenRouter's error form.
  /// - Parameters:
  ///   - message: plain text without secrets.
  ///   - withoutBody: as a `HEAD` request has it.
  ///   - retryAfter: in whole seconds.
  mutating func writeLocalAnswer(
    status: Int, message: String, marks: AnswerMarks, retryAfter: Int? = nil, withoutBody: Bool = false
  ) {
    let escaped = message.unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case _ where scalar.value < 0x20: text += " "
      default: text.unicodeScalars.append(scalar)
      }
    }
    let body = #"{"error":{"code":\#(status),"message":"\#(escaped)","metadata":{"source":"crossfade"}}}"#
    writeString("HTTP/1.1 \(status) \(reasonPhrase(status))\r\n")
    writeString("content-type: application/json\r\ncontent-length: \(body.utf8.count)\r\n")
    if let retryAfter { writeString("retry-after: \(retryAfter)\r\n") }
    writeMarks(marks)
    writeText("\r\n")
    if !withoutBody { writeString(body) }
  }
}

private func reasonPhrase(_ status: Int) -> String {
  switch status {
  case 400: "Bad Request"
  case 404: "Not Found"
  case 408: "Request Timeout"
  case 413: "Content Too Large"
  case 422: "Unprocessable Content"
  case 429: "Too Many Requests"
  case 431: "Request Header Fields Too Large"
  case 503: "Service Unavailable"
  case 504: "Gateway Timeout"
  default: "Bad Gateway"
  }
}
