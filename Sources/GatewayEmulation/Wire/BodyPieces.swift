/// The body of an answer as a row of pieces, each with the pause before it; a chunked answer makes each a chunk.
import NIOCore

struct BodyPieces: Sendable, Equatable {
  struct Piece: Sendable, Equatable {
    var pause: Duration = .zero
    var bytes: ByteBuffer
    /// So many spaces, part of the body, before the last `tail` of `bytes`.
    var flood = 0
    var tail = 0

    var count: Int { bytes.readableBytes + flood }
  }

  /// No stream repeats its comment more often while it waits.
  static let commentLimit = 10_000

  private(set) var pieces: [Piece]
  /// Before the head.
  private(set) var headPause: Duration

  var count: Int { pieces.reduce(0) { $0 + $1.count } }

  init(_ answer: Answer, plan: RequestPlan) {
    headPause = plan.delay
    switch answer.body {
    case .document(let text):
      pieces = [Piece(bytes: ByteBuffer(string: text))]
    case .bytes(let bytes):
      pieces = [Piece(bytes: ByteBuffer(bytes: bytes))]
    case .stream(let preamble, let events):
      pieces = preamble.map { Piece(bytes: ByteBuffer(string: $0)) }
      var firstPause = Duration.zero
      if plan.behavior.vendor == .openrouter {
        headPause = .zero
        firstPause = plan.delay - addComments(plan)
      }
      addEvents(events, firstPause: firstPause, interval: plan.behavior.streamEventInterval)
    }
    if case .flood(let count) = plan.fault, count > 0 { pad(count, isStream: answer.isStream) }
  }

  /// - Returns: how long the comments take.
  private mutating func addComments(_ plan: RequestPlan) -> Duration {
    guard let interval = plan.behavior.commentInterval, interval > .zero else { return .zero }
    let count = min(max(0, Int((plan.delay / interval).rounded(.up)) - 1), Self.commentLimit)
    let comment = Piece(pause: interval, bytes: ByteBuffer(string: AnswerDraft.comment))
    pieces += Array(repeating: comment, count: count)
    return interval * count
  }

  private mutating func addEvents(_ events: [Answer.StreamEvent], firstPause: Duration, interval: Duration) {
    var hasContent = false
    for (index, event) in events.enumerated() {
      let pace = event.isContent && hasContent ? interval : .zero
      pieces.append(Piece(pause: index == 0 ? firstPause : pace, bytes: ByteBuffer(string: event.text)))
      hasContent = hasContent || event.isContent
    }
  }

  /// Spaces before a JSON document, or inside a comment of a stream, mean nothing.
  private mutating func pad(_ count: Int, isStream: Bool) {
    let padding =
      isStream
      ? Piece(bytes: ByteBuffer(string: ": \n\n"), flood: count, tail: 2)
      : Piece(bytes: ByteBuffer(), flood: count, tail: 0)
    pieces.insert(padding, at: 0)
  }

  /// Compressed, every piece still readable when it arrives.
  mutating func compress() {
    var gzip = GzipStream()
    for index in pieces.indices {
      pieces[index].bytes = ByteBuffer(bytes: gzip.piece(pieces[index].bytes.readableBytesView))
    }
    pieces.append(Piece(bytes: ByteBuffer(bytes: gzip.finish())))
  }

  /// The offset inside the middle event, or the middle of the document.
  var middle: Int {
    let middle = pieces.count / 2
    return pieces[..<middle].reduce(0) { $0 + $1.count } + pieces[middle].count / 2
  }
}
