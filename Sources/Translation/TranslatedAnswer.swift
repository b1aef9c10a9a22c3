/// An arm's answer on its way into the application's dialect: head, bytes, end in; what they mean out, as soon as it is
/// whole.

package import Dialects

package struct TranslatedAnswer: Sendable {
  /// The application's dialect; the arm speaks the other one.
  package enum Target: Sendable {
    case chat, messages
  }

  /// What the application asked for, beyond the answer.
  package struct Asked: Sendable {
    /// A stream's tokens are counted at its end.
    package var wantsUsage: Bool
    package var hidesReasoning: Bool
    /// Seconds since 1970, which a chat says and a message does not.
    package var created: Int

    package init(wantsUsage: Bool = true, hidesReasoning: Bool = false, created: Int = 0) {
      self.wantsUsage = wantsUsage
      self.hidesReasoning = hidesReasoning
      self.created = created
    }
  }

  /// Bytes of an answer that is one document.
  package static let documentLimit = 16 << 20

  private enum Form {
    case document([UInt8])
    case chat(ChatEvents)
    case messages(MessageEvents)
  }

  /// A document under a stream's head, by its first byte.
  private var mislabeled: [UInt8]?
  private var isSniffed = false

  private let target: Target
  private let status: Int
  private let asked: Asked
  private var form: Form
  private var events = WholeEvents()
  private var isOver = false

  /// - Parameters:
  ///   - status: of the arm's head.
  ///   - format: what its content type says.
  package init(to target: Target, status: Int, format: AnswerFormat, _ asked: Asked) {
    self.target = target
    self.status = status
    self.asked = asked
    let isStream = status < 300 && format == .eventStream
    form =
      switch target {
      case _ where !isStream: .document([])
      case .chat: .chat(ChatEvents(asked))
      case .messages: .messages(MessageEvents())
      }
  }

  /// Whether what comes out is a stream of events; else it is one document.
  package var isEventStream: Bool { if case .document = form { false } else { true } }

  /// - Parameter bytes: of the arm's body, decoded.
  /// - Returns: whatever is whole by now, to be sent at once; it may be nothing.
  package mutating func read(_ bytes: RawSpan) -> [UInt8] {
    guard !isOver else { return [] }
    if case .document(var body) = form {
      form = .document([])
      let hasRoom = body.count + bytes.byteCount <= Self.documentLimit
      if hasRoom { bytes.withUnsafeBytes { body.append(contentsOf: $0) } }
      form = .document(body)
      return hasRoom ? [] : end(with: AnswerFailure(status: 502, "the answer is longer than is translated"))
    }
    if isMislabeled(bytes) { return [] }
    var out: [UInt8] = []
    var events = events
    self.events = WholeEvents()
    events.read(bytes) { name, data in event(name, data, into: &out) }
    self.events = events
    if events.isTooLong, !isOver {
      out += end(with: AnswerFailure(status: 502, "an event is longer than is translated"))
    }
    return out
  }

  /// Some answer a stream's request with an error in one piece, and still say that it is a stream.
  private mutating func isMislabeled(_ bytes: RawSpan) -> Bool {
    if !isSniffed {
      let first = bytes.withUnsafeBytes { $0.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } }
      guard let first else { return false }
      isSniffed = true
      if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { mislabeled = [] }
    }
    guard var body = mislabeled else { return false }
    mislabeled = nil
    if body.count + bytes.byteCount <= WholeEvents.limit { bytes.withUnsafeBytes { body.append(contentsOf: $0) } }
    mislabeled = body
    return true
  }

  /// The arm's body has ended as it should.
  package mutating func end() -> [UInt8] {
    guard !isOver else { return [] }
    var out: [UInt8] = []
    if case .document(let body) = form {
      isOver = true
      return AnswerTranslation(target: target, status: status, asked: asked).document(body)
    }
    if let mislabeled {
      let document = JSONSlice(mislabeled)
      let isError = said(document?["error"]) != nil || document?["type"]?.reads("error") == true
      guard let document, isError else { return end(with: AnswerFailure(status: 502, "the answer is no stream")) }
      return end(with: AnswerFailure(document, status: 200))
    }
    var events = events
    events.finish { name, data in
      // What the stream ended within is no event where it is not whole.
      if data.starts(with: "[DONE]".utf8) || JSONSlice(data) != nil { event(name, data, into: &out) }
    }
    guard !isOver else { return out }
    isOver = true
    switch form {
    case .messages(var events): events.finish(into: &out)
    // Its end is an event of its own; where that is missing, so is the answer's.
    case .chat, .document: break
    }
    return out
  }

  private mutating func event(_ name: String, _ data: [UInt8], into out: inout [UInt8]) {
    guard !isOver else { return }
    let isLast: Bool
    switch form {
    case .chat(var events):
      form = .document([])
      isLast = events.read(name, data, into: &out)
      form = .chat(events)
    case .messages(var events):
      form = .document([])
      isLast = events.read(name, data, into: &out)
      form = .messages(events)
    case .document: return
    }
    if isLast { isOver = true }
  }

  private mutating func end(with failure: AnswerFailure) -> [UInt8] {
    isOver = true
    var out: [UInt8] = []
    switch form {
    case .document: out = AnswerTranslation(target: target, status: status, asked: asked).failure(failure)
    case .chat(let events): events.write(failure, into: &out)
    case .messages: MessageEvents.write(failure, into: &out)
    }
    return out
  }
}
