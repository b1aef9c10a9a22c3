/// Takes over what each document of an answer says: of all that, what an application would read.

extension AnswerReader {
  /// Anthropic's SDKs go by the event's name alone: what comes under none, or under another, no application gets. An
  /// error is one all the same.
  mutating func isHeard(_ kind: EventKind?) -> Bool {
    endpoint != .messages || stream.name.namesMessageEvent
      || document.statement.error(kind: kind, isWhole: false) != nil
  }

  mutating func absorb(kind: EventKind?, isWhole: Bool) {
    if kind == .created, facts.id != nil, document.statement.id != facts.id { beginAnew() }
    if facts.id == nil { facts.id = document.statement.id }
    if facts.model == nil { facts.model = document.statement.model }
    if let error = document.statement.error(kind: kind, isWhole: isWhole) { failed(error) }
    // What a video's job does next is no end of this answer.
    if endpoint != .videos { noteFinish(kind: kind, isWhole: isWhole) }
    if !document.statement.usage.isEmpty { reported.absorb(document.statement.usage) }
    topLevelCost = document.statement.cost ?? topLevelCost
    noteParts(partsAsRead(isWhole: isWhole).ofDelta(kind).ofPicture(kind, isWhole: isWhole))
    notePictures(kind: kind)
    if kind == .terminal || kind == .failed { terminalRead() }
  }

  /// A stream of pictures is over with the last that was asked for.
  private mutating func notePictures(kind: EventKind?) {
    facts.pictures += document.statement.pictures
    guard endpoint == .images, kind == .picture, document.statement.parts.contains(.barePicture) else { return }
    facts.pictures += 1
    if facts.pictures >= askedPictures { terminalRead() }
  }

  mutating func failed(_ error: AnswerError) {
    guard facts.error == nil else { return }
    facts.error = error
    progress.insert(.error)
  }

  /// A relay has sent a response of its own before the one that counts.
  private mutating func beginAnew() {
    var anew = AnswerFacts(format: facts.format)
    anew.eventCount = facts.eventCount
    anew.malformedEvents = facts.malformedEvents
    facts = anew
    reported = ReportedUsage()
    (topLevelCost, choices, finishedChoices, template) = (nil, 0, 0, nil)
    progress = .begunAnew
  }

  /// The parts of a document that an application reads: in a stream the delta, `text` and `message` only where there
  /// has been none; in a body the message; in a legacy completion the text. Parts outside of choices are another
  /// dialect's.
  private mutating func partsAsRead(isWhole: Bool) -> AnswerStatement.Parts {
    let signs = document.statement.signs
    sawDelta = sawDelta || signs.contains(.delta)
    sawText = sawText || signs.contains(.text)
    switch endpoint {
    case .chatCompletions:
      let (message, text) = (document.statement.messageParts, document.statement.textParts)
      if isWhole { return message.isEmpty ? text : message }
      return sawDelta ? document.statement.deltaParts : message.union(text)
    case .completions:
      if sawText { return document.statement.textParts }
      return sawDelta ? document.statement.deltaParts : document.statement.messageParts
    case .responses, .messages, .embeddings, .images, .videos: return document.statement.parts
    case nil: return document.statement.allParts
    }
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
    // A job that is told of has been taken on.
    if endpoint == .videos, facts.id != nil { facts.sawContent = true }
    facts.sawReasoning = facts.sawReasoning || parts.contains(.reasoning)
    facts.sawToolCall = facts.sawToolCall || parts.contains(.toolCall)
    facts.sawRefusal = facts.sawRefusal || parts.contains(.refusal)
    facts.sawPicture = facts.sawPicture || parts.contains(.picture)
    facts.sawSound = facts.sawSound || parts.contains(.sound)
    if !wasVisible, facts.isVisible { progress.insert(.firstVisible) }
    if !wasVisible, !wasReasoning, facts.isVisible || facts.sawReasoning { progress.insert(.firstContent) }
  }

  mutating func terminalRead() {
    if !facts.sawTerminal { progress.insert(.terminal) }
    facts.sawTerminal = true
  }

  /// `[DONE]`, with which a dialect that has a last event of its own is not content.
  mutating func noteEnvelopeEnd() {
    switch endpoint {
    case .responses, .messages: facts.lacksLastEvent = !facts.sawTerminal
    case .images: facts.lacksLastEvent = facts.pictures == 0
    default: break
    }
  }

  mutating func proseEnded() {
    let (isSpent, complaint) = (prose.saysAccountIsSpent, prose.complaint)
    guard isSpent || complaint != nil else { return }
    facts.error = AnswerError(
      code: String(status), type: nil, isSpent: isSpent, complaint: isSpent ? nil : complaint)
  }

  /// Data that is not JSON. Pings may hold anything; an error event is one whatever its data.
  mutating func malformedRead(kind: EventKind?) {
    switch kind {
    case .ping: break
    case .error: failed(AnswerError(code: nil, type: nil))
    default:
      facts.malformedEvents += 1
      progress.insert(.error)
    }
  }
}
