/// Reads a copy of what an arm answers while it passes: which event is the first with content, which the last, and what
/// it all was.

/// Reads an answer's body as it comes, un-chunked and decompressed, in pieces cut anywhere, in constant memory.
///
/// There is one of each, and no copy of it: it is over a kilobyte, and asked for every piece of every answer.
package struct AnswerReader: ~Copyable, Sendable {
  private enum Phase: UInt8 { case sniffing, events, document, ignoring }
  /// The kind of the current event's data: undecided while it spells `[DONE]`.
  private enum EventData: UInt8 { case undecided, done, document }

  let endpoint: Endpoint?
  let status: Int
  private var phase = Phase.sniffing
  var stream = EventStream()
  private var eventData = EventData.undecided
  private var doneMatched = 0
  var document: AnswerDocument
  /// The request asked for more than one choice.
  private let tellsChoicesApart: Bool
  /// The pictures that the request asks for.
  let askedPictures: Int
  /// The last event that could be learnt, and how many more will be while few fit.
  var template: EventTemplate?
  private var lessons = 16
  var reported = ReportedUsage()
  var topLevelCost: Double?
  var choices: UInt64 = 0
  var finishedChoices: UInt64 = 0
  /// Choices had a `delta`, had `text`: an application that reads those reads nothing else.
  var sawDelta = false
  var sawText = false
  /// The start of a body that is no answer's, for what it says of an account.
  var prose = ShortText()
  package internal(set) var facts: AnswerFacts
  var progress: AnswerProgress = []

  private static let done: StaticString = "[DONE]"

  /// - Parameters:
  ///   - endpoint: nil where it is not one that Crossfade reads; the body is read all the same.
  ///   - status: of the answer's head. Under an error status a JSON body is an error whatever its shape.
  ///   - format: what the head's content type says; the body's first byte overrules it.
  ///   - tellsChoicesApart: the request asked for several choices; else an application reads the first of each document,
  ///     whatever its index.
  ///   - askedPictures: of an images endpoint; a stream ends with the last of them.
  package init(
    endpoint: Endpoint?, status: Int, format: AnswerFormat, tellsChoicesApart: Bool = false, askedPictures: Int = 1
  ) {
    self.askedPictures = askedPictures
    self.endpoint = endpoint
    self.status = status
    self.tellsChoicesApart = tellsChoicesApart
    document = AnswerDocument(tellsChoicesApart: tellsChoicesApart)
    facts = AnswerFacts(format: format)
  }

  /// - Returns: what came for the first time; each is reported once.
  package mutating func read(_ bytes: RawSpan) -> AnswerProgress {
    progress = []
    var at = 0
    if phase == .sniffing { sniff(bytes, &at) }
    switch phase {
    case .sniffing, .ignoring: break
    case .events: readEvents(bytes, &at)
    case .document: readBody(bytes, at)
    }
    if status >= 400 || facts.format == .other, prose.count < ShortText.capacity {
      prose.append(bytes, 0, bytes.byteCount)
    }
    return progress
  }

  /// The last event of a stream has been read: nobody reads what follows.
  package var isStreamOver: Bool { facts.sawTerminal && facts.format == .eventStream }
  /// No more bytes will come, whether the answer is complete or not. Asked twice, it answers the same.
  package mutating func end() -> AnswerFacts {
    _ = finish()
    return facts
  }

  /// The same, of which only what decides the outcome is taken.
  package mutating func finish() -> AnswerSigns {
    switch phase {
    case .document:
      document.finish()
      if document.isComplete { bodyEnded() }
    case .events:
      if stream.hasData {
        facts.endedWithinEvent = true
        document.finish()
        if eventData == .done || document.isComplete { eventEnded() }
      }
    case .sniffing, .ignoring: break
    }
    phase = .ignoring
    return signs()
  }

  /// As if the answer ended here, where it may yet go on.
  package mutating func signs() -> AnswerSigns {
    facts.hasUnfinishedChoice = choices & ~finishedChoices != 0
    if facts.error == nil, !prose.isEmpty { proseEnded() }
    let isAtEnd = facts.sawTerminal || facts.finishReason != nil
    facts.usage = isAtEnd ? reported.normalized(for: endpoint, showedContent: facts.isVisible) : nil
    facts.toldReasoning = isAtEnd && reported.tellsReasoning(showedContent: facts.isVisible, finish: facts.finish)
    facts.reportedCost = reported.reportedCost ?? topLevelCost
    return AnswerSigns(facts)
  }

  private mutating func sniff(_ bytes: RawSpan, _ at: inout Int) {
    while at < bytes.byteCount {
      let byte = bytes.byte(at: at)
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF: at += 1
      default:
        facts.format = facts.format.sniffed(byte)
        switch facts.format {
        case .eventStream: phase = .events
        case .json: phase = .document
        case .other: phase = .ignoring
        }
        return
      }
    }
  }
}

// MARK: A JSON body

extension AnswerReader {
  private mutating func readBody(_ bytes: RawSpan, _ at: Int) {
    document.read(bytes, at, bytes.byteCount, knowsIdentity: false)
    if document.hasEnded { bodyEnded() }
    if document.hasFailed {
      facts.malformedEvents += 1
      phase = .ignoring
    }
  }

  private mutating func bodyEnded() {
    guard !facts.sawTerminal else { return }
    absorb(kind: document.statement.kind, isWhole: true)
    if status >= 400, facts.error == nil {
      facts.error = AnswerError(
        code: document.statement.code ?? String(status), type: document.statement.type,
        isSpent: document.statement.signs.contains(.spent), complaint: document.statement.complaint)
    }
    terminalRead()
  }
}

// MARK: A stream of events

extension AnswerReader {
  private mutating func readEvents(_ bytes: RawSpan, _ at: inout Int) {
    // Where the current event begins in these bytes; nil where it began before.
    var start: Int? = stream.isBetweenEvents(in: bytes, at: &at) ? at : nil
    while phase == .events {
      if start == at, let end = template?.end(in: bytes, at: at) {
        facts.eventCount += 1
        template?.hits &+= 1
        stream.eventSkipped(endingIn: bytes.byte(at: end &- 1))
        at = end
        start = stream.isBetweenEvents(in: bytes, at: &at) ? at : nil
        continue
      }
      switch stream.next(in: bytes, at: &at) {
      case .more: return
      case .data(let range): dataRead(bytes, range)
      case .joint:
        // Within JSON a line feed is space; before it and after `[DONE]` it is nothing.
        if eventData == .document { document.read([0x0A].span.bytes, 0, 1, knowsIdentity: knowsIdentity) }
      case .dispatch:
        eventEnded()
        if let start, lessons > 0 { learn(bytes.extracting(start..<at)) }
        start = stream.isBetweenEvents(in: bytes, at: &at) ? at : nil
      }
    }
  }

  /// A stream in which hardly any event is like the one before is soon left alone.
  private mutating func learn(_ event: RawSpan) {
    // Pictures are counted, each by itself.
    guard facts.isVisible || facts.sawReasoning, endpoint != .images else { return }
    guard
      let learnt = EventTemplate(event, knowsIdentity: knowsIdentity, tellsChoicesApart: tellsChoicesApart)
    else { return }
    if (template?.hits ?? 0) < 8 { lessons &-= 1 }
    template = learnt
  }

  /// A stream of the Responses API may begin a second response, which only its id tells.
  private var knowsIdentity: Bool { facts.id != nil && facts.model != nil && endpoint != .responses }

  private mutating func dataRead(_ bytes: RawSpan, _ range: Range<Int>) {
    var start = range.lowerBound
    while eventData == .undecided, start < range.upperBound {
      if bytes.byte(at: start) == Self.done.utf8Start[doneMatched] {
        start += 1
        doneMatched += 1
        if doneMatched == Self.done.utf8CodeUnitCount { eventData = .done }
      } else {
        eventData = .document
        replayDonePrefix()
      }
    }
    if eventData == .document {
      document.read(bytes, start, range.upperBound, knowsIdentity: knowsIdentity)
    }
  }

  /// The bytes that looked like `[DONE]` were the start of an array.
  private mutating func replayDonePrefix() {
    guard doneMatched > 0 else { return }
    let prefix = Array(UnsafeBufferPointer(start: Self.done.utf8Start, count: doneMatched))
    document.read(prefix.span.bytes, 0, doneMatched, knowsIdentity: knowsIdentity)
  }

  private mutating func eventEnded() {
    defer {
      stream.reset()
      if eventData == .document { document.reset() }
      eventData = .undecided
      doneMatched = 0
    }
    guard stream.hasData else { return }
    switch eventData {
    case .done:
      noteEnvelopeEnd()
      terminalRead()
      // SDKs stop here, and so does what counts.
      phase = .ignoring
    case .undecided:
      // An event with empty data is a keep-alive; with half of `[DONE]` it is neither that nor JSON.
      guard doneMatched > 0 else { return }
      facts.eventCount += 1
      malformedRead(kind: nil)
    case .document:
      facts.eventCount += 1
      let kind = document.statement.kind(named: stream.name)
      document.finish()
      guard document.isComplete else { return malformedRead(kind: kind) }
      if isHeard(kind) { absorb(kind: kind, isWhole: false) }
    }
  }
}
