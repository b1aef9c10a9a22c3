/// The reading of an answer, from its bytes as they came to what it says: decoded, in bounds, assembled.

import Dialects
import NIOCore
import ResponseDiff
import RolloutJudge
import SidecarProxy

struct ReadAnswer: Sendable {
  /// Decoded; the beginning only, where `isCut`.
  var body: [UInt8]
  var isCut: Bool
  /// Nil where its content coding hides it.
  var content: AnswerContent?
  var isStream: Bool

  /// Decoded bytes of one answer; past them only the beginning is looked at.
  static let decodedLimit = 4 << 20

  /// - Parameter asked: what the request declares about the answer.
  init(_ answer: CapturedAnswer, _ asked: RequestExpectations) {
    var decoding = AnswerDecoding(coding: answer.contentEncoding, limit: Self.decodedLimit)
    for piece in answer.body { decoding.read(piece.readableBytesUInt8Span.bytes) }
    body = decoding.body
    isCut = answer.isCut || decoding.isCut
    isStream = Self.isStream(answer.contentType)
    guard decoding.isReadable || decoding.isCut else { return }
    content = AnswerContent(
      endpoint: answer.spoken ?? asked.endpoint, status: answer.status ?? 0, tellsChoicesApart: asked.asksForChoices,
      body: body.span.bytes)
  }

  /// The answer as it enters a comparison.
  func compared(_ answer: CapturedAnswer) -> ComparedAnswer {
    ComparedAnswer(
      content: content ?? AnswerContent(), outcome: answer.end.outcome, status: answer.status,
      isCut: isCut || content == nil, askedModel: answer.end.askedModel)
  }

  private static func isStream(_ contentType: String) -> Bool {
    let utf8 = contentType.utf8
    return AnswerFormat.contentType(utf8.span.bytes) == .eventStream
  }
}

/// Undoes an answer's content coding, up to a bound.
private struct AnswerDecoding {
  private(set) var body: [UInt8] = []
  private(set) var isCut = false
  /// False for a coding that is not known or does not hold.
  private(set) var isReadable = true
  private let limit: Int
  private let decoder: ContentDecoder?

  init(coding: String, limit: Int) {
    self.limit = limit
    decoder = ContentDecoder(coding: coding, limit: limit + 1)
    isReadable = decoder != nil || ["", "identity"].contains(coding)
  }

  mutating func read(_ bytes: RawSpan) {
    guard isReadable, !isCut else { return }
    guard let decoder else {
      append(bytes)
      return
    }
    // What has been cut breaks off within the coding, and that is no fault of it.
    isReadable = decoder.decode(bytes) { append($0) } == .holds
  }

  private mutating func append(_ bytes: RawSpan) {
    let room = limit - body.count
    if bytes.byteCount > room { isCut = true }
    bytes.extracting(first: max(0, room)).withUnsafeBytes { body.append(contentsOf: $0) }
  }
}
