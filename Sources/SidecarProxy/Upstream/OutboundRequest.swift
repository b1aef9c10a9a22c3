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
  /// The length is unknown; each piece is sent as one chunk.
  case chunked
}

/// A whole request in as few buffers as make sense: one where the body is small.
struct OutboundRequest {
  var start: ByteBuffer
  var rest: ByteBuffer?
  /// Set where it is only the first of several.
  var order: (any ArmOrder)?

  var byteCount: Int { start.readableBytes + (rest?.readableBytes ?? 0) }
}

extension ByteBuffer {
  /// - Parameter spoken: the endpoint in whose dialect the arm is asked; nil: in the application's.
  mutating func writeRequestHead(
    _ request: InboundRequest, to target: ArmTarget, body: OutboundBody, speaking spoken: Endpoint? = nil
  ) {
    let bytes = request.bytes
    let span = bytes.readableBytesSpan
    writeBytes(span.extracting(request.head.methodRange))
    writeText(" ")
    writeBytes(target.basePath)
    if let spoken {
      writeString("/\(spoken.rawValue)")
    } else {
      writePath(of: request, to: target, span)
    }
    writeText(" HTTP/1.1\r\n")
    writeBytes(target.ownLines)
    for line in target.defaultLines where request.valueRange(of: line.name) == nil { writeBytes(line.line) }
    // What is translated is read.
    let readable = spoken == nil ? request.readableCodings : "identity"
    if let readable { writeString("Accept-Encoding: \(readable)\r\n") }
    let rewritten: KnownFieldSet =
      spoken != nil ? [.acceptEncoding, .contentEncoding] : readable == nil ? [] : [.acceptEncoding]
    if target.namedFields.isEmpty {
      var fields = EndToEndFields(of: request.head, dropping: target.withheld.union(rewritten))
      while let run = fields.nextRun(in: span) { writeBytes(span.extracting(run)) }
    } else {
      writeFields(of: request.head, to: target, dropping: rewritten, span)
    }
    switch body {
    case .none: break
    case .length(let count):
      writeText("Content-Length: ")
      writeDecimal(count)
      writeText("\r\n")
    case .chunked: writeText("Transfer-Encoding: chunked\r\n")
    }
    writeText("\r\n")
  }

  /// Field by field, where some are told by their names.
  private mutating func writeFields(
    of head: RequestHead, to target: ArmTarget, dropping dropped: KnownFieldSet, _ span: RawSpan
  ) {
    var fields = EndToEndFields(of: head, dropping: dropped)
    while let run = fields.nextRun(in: span) {
      for field in head.fields where run.contains(field.line.lowerBound) {
        let isNamed = target.namedFields.contains { span.reads(field.name, caseInsensitively: $0) }
        let isWithheld = target.withheld.contains(field.id)
        guard target.index.isBaseline ? !isNamed && !isWithheld : isNamed || !isWithheld else { continue }
        writeBytes(span.extracting(field.line))
      }
    }
  }

  /// A candidate sees of the query what its dialect knows and the playbook names.
  private mutating func writePath(of request: InboundRequest, to target: ArmTarget, _ span: RawSpan) {
    let path = request.pathAfterBase
    guard let names = target.queryNames else {
      writeBytes(span.extracting(path))
      return
    }
    var query = QueryParameters(of: path, in: span)
    if let own = target.ownPath(of: request.endpoint) {
      writeBytes(own)
    } else {
      writeBytes(span.extracting(query.path))
    }
    var separator = UInt8(ascii: "?")
    while let parameter = query.next(in: span) {
      guard parameter.isOfDialect(request.endpoint, span) || parameter.isNamed(names, span) else { continue }
      writeInteger(separator)
      writeBytes(span.extracting(parameter.range))
      separator = UInt8(ascii: "&")
    }
  }

  /// One chunk of a body of unknown length; an empty piece is none.
  mutating func writeChunk(_ payload: ByteBuffer) {
    guard payload.readableBytes > 0 else { return }
    writeString(String(payload.readableBytes, radix: 16))
    writeText("\r\n")
    writeImmutableBuffer(payload)
    writeText("\r\n")
  }

  mutating func writeLastChunk() { writeText("0\r\n\r\n") }
}

/// The first letters tell, without making a string: no other coding begins as gzip, x-gzip, deflate or identity do.
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
    guard endpoint != nil, head.known.contains(.acceptEncoding),
      let field = head.fields.first(where: { $0.id == .acceptEncoding })
    else { return nil }
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
    if target.worksByJobs, let model, target.jobForm(for: self) != nil {
      return ordered(from: target, model: model)
    }
    if let spoken = target.spoken(for: endpoint), let model {
      return translated(to: target, speaking: spoken, model: model)
    }
    let body = edited(for: target, model: model)
    let hasBody = body.readableBytes > 0 || head.framing != .none
    let fitsTogether = body.readableBytes <= Self.joinedBytes
    var out = ByteBufferAllocator().buffer(
      capacity: bytes.readableBytes + 512 + (fitsTogether ? body.readableBytes : 0))
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
    let body = body
    let span = body.readableBytesSpan
    let policy = target.fields.policy(for: endpoint, model: model, asked: facts.model)
    var edits = facts.edits(model: model, under: policy, in: span)
    if endpoint == .chatCompletions {
      edits = edits.merged(with: facts.messageEdits(under: target.fields.messages, in: span))
    }
    // Without it a stream of most gateways tells nothing of what it cost.
    let isStreamedChat = endpoint == .chatCompletions || endpoint == .completions
    if isStreamedChat, !policy.dropsStreamOptions { edits = edits.merged(with: facts.usageEdits(in: span)) }
    guard !edits.isEmpty else { return body }
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
