/// Reads a copy of what an arm answers while it passes: which event is the first with content, which the last, and what
/// it all was.

/// Reads an answer's body as it comes, un-chunked and decompressed, in pieces cut anywhere, in constant memory.
package struct AnswerReader: Sendable {
  private enum Phase: UInt8 { case sniffing, events, document, ignoring }
  /// What the data of the current event is: undecided while it spells `[DONE]`.
  private enum EventData: UInt8 { case undecided, done, document }

  private let endpoint: Endpoint?
  private let status: Int
  private var phase = Phase.sniffing
  private var stream = EventStream()
  private var eventData = EventData.undecided
  private var doneMatched = 0
  private var document = AnswerDocument()
  /// The last event that could be learnt, and how many more will be while few fit.
  private var template: EventTemplate?
  private var lessons = 16
  private var reported = ReportedUsage()
  private var topLevelCost: Double?
  private var choices: UInt64 = 0
  private var finishedChoices: UInt64 = 0
  private var facts: AnswerFacts
  private var progress: AnswerProgress = []

  private static let done: StaticString = "[DONE]"

  /// - Parameters:
  ///   - endpoint: nil where it is not one that Crossfade reads; the body is read all the same.
  ///   - status: of the answer's head. Under an error status a JSON body is an error whatever its shape.
  ///   - format: what the head's content type says; the body's first byte overrules it.
  package init(endpoint: Endpoint?, status: Int, format: AnswerFormat) {
    self.endpoint = endpoint
    self.status = status
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
    return progress
  }

  /// No more bytes will come, whether the answer is complete or not. What is asked twice is answered the same.
  package mutating func end() -> AnswerFacts {
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
    facts.hasUnfinishedChoice = choices & ~finishedChoices != 0
    let isAtEnd = facts.sawTerminal || facts.finishReason != nil
    facts.usage = isAtEnd ? reported.normalized : nil
    facts.reportedCost = reported.reportedCost ?? topLevelCost
    return facts
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
      facts.error = AnswerError(code: document.statement.code ?? String(status), type: document.statement.type)
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
    guard facts.isVisible || facts.sawReasoning else { return }
    guard let learnt = EventTemplate(event, knowsIdentity: knowsIdentity) else { return }
    if (template?.hits ?? 0) < 8 { lessons &-= 1 }
    template = learnt
  }

  private var knowsIdentity: Bool { facts.id != nil && facts.model != nil }

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

  /// What looked like `[DONE]` was the start of an array.
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
      absorb(kind: kind, isWhole: false)
    }
  }

  /// Data that is not JSON. Pings may hold anything; an error event is one whatever its data.
  private mutating func malformedRead(kind: EventKind?) {
    switch kind {
    case .ping: break
    case .error: facts.error = facts.error ?? AnswerError(code: nil, type: nil)
    default: facts.malformedEvents += 1
    }
  }
}

// MARK: What it says

extension AnswerReader {
  private mutating func absorb(kind: EventKind?, isWhole: Bool) {
    if facts.id == nil { facts.id = document.statement.id }
    if facts.model == nil { facts.model = document.statement.model }
    if facts.error == nil { facts.error = document.statement.error(kind: kind, isWhole: isWhole) }
    noteFinish(kind: kind, isWhole: isWhole)
    if !document.statement.usage.isEmpty { reported.absorb(document.statement.usage) }
    topLevelCost = document.statement.cost ?? topLevelCost
    noteParts(document.statement.parts.ofDelta(kind))
    if kind == .terminal || kind == .failed { terminalRead() }
  }

  private mutating func noteFinish(kind: EventKind?, isWhole: Bool) {
    if let reason = document.statement.finish(kind: kind, isWhole: isWhole) {
      if facts.finishReason == nil || FinishKind(native: reason) == .error { facts.finishReason = reason }
    }
    choices |= document.statement.choices
    finishedChoices |= document.statement.finishedChoices
  }

  private mutating func noteParts(_ parts: AnswerStatement.Parts) {
    let (wasVisible, wasReasoning) = (facts.isVisible, facts.sawReasoning)
    if parts.contains(endpoint == .embeddings ? .data : .content) { facts.sawContent = true }
    facts.sawReasoning = facts.sawReasoning || parts.contains(.reasoning)
    facts.sawToolCall = facts.sawToolCall || parts.contains(.toolCall)
    facts.sawRefusal = facts.sawRefusal || parts.contains(.refusal)
    if !wasVisible, facts.isVisible { progress.insert(.firstVisible) }
    if !wasVisible, !wasReasoning, facts.isVisible || facts.sawReasoning { progress.insert(.firstContent) }
  }

  private mutating func terminalRead() {
    if !facts.sawTerminal { progress.insert(.terminal) }
    facts.sawTerminal = true
  }
}
