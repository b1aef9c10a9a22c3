/// Writes a client's request as an arm is to see it: another base path, the arm's own credentials, its model, its fields.

import Dialects
import HTTPFraming
import NIOCore
import RolloutJudge
import TrafficSplit

/// How the body that follows the head is framed.
enum OutboundBody {
  case none
  case length(Int)
  /// Of unknown length; each piece is sent as one chunk.
  case chunked
}

/// A whole request in as few buffers as make sense: one where the body is small.
struct OutboundRequest {
  var start: ByteBuffer
  var rest: ByteBuffer?

  var byteCount: Int { start.readableBytes + (rest?.readableBytes ?? 0) }
}

extension ByteBuffer {
  mutating func writeRequestHead(_ request: InboundRequest, to target: ArmTarget, body: OutboundBody) {
    let bytes = request.bytes
    let span = bytes.readableBytesSpan
    writeBytes(span.extracting(request.head.methodRange))
    writeInteger(UInt8(ascii: " "))
    writeBytes(target.basePath)
    writeBytes(span.extracting(request.pathAfterBase))
    writeStaticString(" HTTP/1.1\r\n")
    writeBytes(target.ownLines)
    let readable = request.readableCodings
    if let readable { writeString("Accept-Encoding: \(readable)\r\n") }
    let withheld = readable == nil ? target.withheld : target.withheld.union([.acceptEncoding])
    var fields = EndToEndFields(of: request.head, dropping: withheld)
    while let run = fields.nextRun(in: span) {
      if target.withholdsSecrets {
        writeFields(of: request.head, in: run, span)
      } else {
        writeBytes(span.extracting(run))
      }
    }
    switch body {
    case .none: break
    case .length(let count):
      writeStaticString("Content-Length: ")
      writeString(String(count))
      writeStaticString("\r\n")
    case .chunked: writeStaticString("Transfer-Encoding: chunked\r\n")
    }
    writeStaticString("\r\n")
  }

  /// The lines of a run whose names do not speak of a secret.
  private mutating func writeFields(of head: RequestHead, in run: Range<Int>, _ span: RawSpan) {
    for field in head.fields where run.contains(field.line.lowerBound) {
      if field.id == .other, namesSecret(field.name, in: span) { continue }
      writeBytes(span.extracting(field.line))
    }
  }

  /// One chunk of a body of unknown length; an empty piece is none.
  mutating func writeChunk(_ payload: ByteBuffer) {
    guard payload.readableBytes > 0 else { return }
    writeString(String(payload.readableBytes, radix: 16))
    writeStaticString("\r\n")
    writeImmutableBuffer(payload)
    writeStaticString("\r\n")
  }

  mutating func writeLastChunk() { writeStaticString("0\r\n\r\n") }
}

/// Whether a field's name says that its value is a credential, whoever invented it.
private func namesSecret(_ name: Range<Int>, in span: RawSpan) -> Bool {
  for start in name {
    let rest = start..<name.upperBound
    let isSecret =
      switch span.octet(at: start) | 0x20 {
      case UInt8(ascii: "k"): span.begins(rest, withLowercase: "key")
      case UInt8(ascii: "t"): span.begins(rest, withLowercase: "token")
      case UInt8(ascii: "s"):
        span.begins(rest, withLowercase: "secret") || span.begins(rest, withLowercase: "signature")
      case UInt8(ascii: "a"): span.begins(rest, withLowercase: "auth") || span.begins(rest, withLowercase: "assertion")
      case UInt8(ascii: "p"): span.begins(rest, withLowercase: "passw")
      case UInt8(ascii: "b"): span.begins(rest, withLowercase: "bearer")
      case UInt8(ascii: "j"): span.begins(rest, withLowercase: "jwt")
      case UInt8(ascii: "d"): span.begins(rest, withLowercase: "dpop")
      case UInt8(ascii: "c"):
        span.begins(rest, withLowercase: "cookie") || span.begins(rest, withLowercase: "credential")
      default: false
      }
    if isSecret { return true }
  }
  return false
}

/// By first letters, without making a string: of gzip, x-gzip, deflate and identity no other coding has one.
private func namesOtherCodings(_ value: Range<Int>, in span: RawSpan) -> Bool {
  var isStart = true
  for offset in value {
    let octet = span.octet(at: offset)
    if octet == UInt8(ascii: ",") {
      isStart = true
    } else if isStart, octet != UInt8(ascii: " "), octet != UInt8(ascii: "\t") {
      isStart = false
      switch octet | 0x20 {
      case UInt8(ascii: "g"), UInt8(ascii: "d"), UInt8(ascii: "i"), UInt8(ascii: "x"): break
      default: return true
      }
    }
  }
  return false
}

extension InboundRequest {
  /// The codings that the client takes and the tap can undo, where it takes others too: an answer in those would pass
  /// unmeasured. Nil where the client's own words will do.
  fileprivate var readableCodings: String? {
    guard endpoint != nil, let field = head.fields.first(where: { $0.id == .acceptEncoding }) else { return nil }
    let bytes = bytes
    let span = bytes.readableBytesSpan
    guard namesOtherCodings(field.value, in: span) else { return nil }
    let readable = span.lowercasedText(field.value).split(separator: ",").map { $0.drop { $0 == " " || $0 == "\t" } }
      .filter { coding in
        let name = String(coding.prefix { $0 != ";" && $0 != " " && $0 != "\t" })
        return ContentDecoder.codings.contains(name) || name == "identity"
      }
    return readable.isEmpty ? "identity" : readable.joined(separator: ", ")
  }

  /// - Parameter model: the arm's own id, put in place of the application's; nil leaves the body as it came.
  func outbound(to target: ArmTarget, model: String?) -> OutboundRequest {
    let body = edited(for: target, model: model)
    let hasBody = body.readableBytes > 0 || head.framing != .none
    var out = ByteBuffer()
    let fitsTogether = body.readableBytes <= Self.joinedBytes
    out.reserveCapacity(bytes.readableBytes + 512 + (fitsTogether ? body.readableBytes : 0))
    out.writeRequestHead(self, to: target, body: hasBody ? .length(body.readableBytes) : .none)
    if fitsTogether {
      out.writeImmutableBuffer(body)
      return OutboundRequest(start: out)
    }
    return OutboundRequest(start: out, rest: body)
  }

  /// Bodies up to this many bytes are copied behind their head: one write is cheaper than two.
  private static var joinedBytes: Int { 64 << 10 }

  private func edited(for target: ArmTarget, model: String?) -> ByteBuffer {
    guard !target.index.isBaseline, let facts else { return body }
    let edits = facts.edits(model: model, dropping: target.droppedFields)
    guard !edits.isEmpty else { return body }
    let body = body
    let span = body.readableBytesSpan
    var out = ByteBuffer()
    out.reserveCapacity(body.readableBytes + 64)
    var copied = 0
    for edit in edits {
      out.writeBytes(span.extracting(copied..<edit.range.lowerBound))
      out.writeBytes(edit.replacement)
      copied = edit.range.upperBound
    }
    out.writeBytes(span.extracting(copied..<span.byteCount))
    return out
  }
}
