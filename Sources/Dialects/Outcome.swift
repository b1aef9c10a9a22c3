/// Decides how an attempt on an arm ended: the only place that says what an error is.

/// How one attempt on an arm ended; exactly one of these.
package enum Outcome: String, Sendable, Codable, CaseIterable {
  case ok
  /// The client left before the answer's last event.
  case clientGone = "client_gone"
  /// The arm would not answer this request: 400, 404, 413, 422, its content policy.
  case rejected
  case unauthorized
  case unpaid
  case rateLimited = "rate_limited"
  case failed
  case timeout
  /// An error under a status that says success.
  case errorInBody = "error_in_body"
  /// The answer ended before its end.
  case incomplete
  /// Finished, with no content and no tool call.
  case empty

  // Asked several times of every attempt: a comparison through `Equatable` costs more than the answer is worth.
  @inlinable package var isOk: Bool { if case .ok = self { true } else { false } }
  @inlinable package var isClientGone: Bool { if case .clientGone = self { true } else { false } }
  @inlinable package var countsAsError: Bool { !isOk && !isClientGone }
  package var countsInDenominator: Bool { !isClientGone }
}

/// How the connection to an arm ended, for one attempt.
package enum TransportEnd: String, Sendable, Codable, CaseIterable {
  /// The answer's promised end was read.
  case complete
  /// Closed or reset after the head and before the promised end.
  case cut
  case clientGone = "client_gone"
  case timedOut = "timed_out"
  /// Connect, TLS or DNS failed, it was reset before any byte, or its framing was ambiguous.
  case unreachable
}

/// All that is known of an attempt when it is over.
package struct AttemptEnding: Sendable, Equatable {
  let transport: TransportEnd
  let status: Int?
  let hasRetryAfter: Bool
  let endpoint: Endpoint?
  let answer: AnswerSigns?
  let expectsStream: Bool?
  let asked: AskedMedia
  let mayAnswerLater: Bool
  let hasBrokenCoding: Bool

  /// - Parameters:
  ///   - status: nil where no head was read.
  ///   - endpoint: nil where it is not one whose answers Crossfade reads.
  ///   - answer: nil where the body was not read, for its coding or its size.
  ///   - expectsStream: the request asked for a stream; nil where the request could not be read.
  ///   - asked: what the request asked for beside text.
  ///   - mayAnswerLater: the request asked for a response made in the background, or could not be read.
  ///   - hasBrokenCoding: the head announced a content coding that Crossfade knows, and the body does not hold to it.
  package init(
    transport: TransportEnd, status: Int?, hasRetryAfter: Bool = false, endpoint: Endpoint?,
    answer: AnswerSigns?, expectsStream: Bool?, asked: AskedMedia = [], mayAnswerLater: Bool = true,
    hasBrokenCoding: Bool = false
  ) {
    self.transport = transport
    self.status = status
    self.hasRetryAfter = hasRetryAfter
    self.endpoint = endpoint
    self.answer = answer
    self.expectsStream = expectsStream
    self.asked = asked
    self.mayAnswerLater = mayAnswerLater
    self.hasBrokenCoding = hasBrokenCoding
  }
}

/// The facts of an answer that decide its outcome, without any text that would have to be copied along.
package struct AnswerSigns: Sendable, Equatable {
  package let format: AnswerFormat
  let error: AnswerError.Kind?
  let finish: FinishKind?
  /// A response made in the background is asked for later; it has nothing in it yet.
  let isQueued: Bool
  let isMalformed: Bool
  let sawTerminal: Bool
  let lacksLastEvent: Bool
  let hasUnfinishedChoice: Bool
  /// Content or a tool call.
  let hasContent: Bool
  let media: AskedMedia
  /// Said something else in place of what was asked: a tool call or a refusal.
  let hasOtherReply: Bool
  /// Shown, or told by `usage` alone.
  let hasReasoning: Bool

  package init(_ answer: borrowing AnswerFacts) {
    format = answer.format
    error = answer.error?.kind
    finish = answer.finish
    isQueued = answer.finishReason == "queued" || answer.finishReason == "in_progress"
    isMalformed = answer.malformedEvents > 0
    sawTerminal = answer.sawTerminal
    lacksLastEvent = answer.lacksLastEvent
    hasUnfinishedChoice = answer.hasUnfinishedChoice
    hasContent = answer.sawContent || answer.sawToolCall
    var media: AskedMedia = []
    if answer.sawPicture { media.insert(.pictures) }
    if answer.sawSound { media.insert(.sound) }
    self.media = media
    hasOtherReply = answer.sawToolCall || answer.sawRefusal
    hasReasoning = answer.sawReasoning || answer.toldReasoning
  }
}

/// Status goes before body, and both before how the connection ended: an application that has read an error closes at
/// once.
package func outcome(of ending: AttemptEnding) -> Outcome {
  guard ending.transport != .unreachable else { return .failed }
  guard let status = ending.status else {
    switch ending.transport {
    case .clientGone: return .clientGone
    case .timedOut: return .timeout
    case .complete, .cut, .unreachable: return .failed
    }
  }
  guard (200..<300).contains(status) else { return outcome(ofStatus: status, ending) }
  if ending.endpoint != nil, ending.hasBrokenCoding { return .errorInBody }
  if ending.endpoint != nil, let answer = ending.answer {
    if let kind = answer.error { return kind == .contentPolicy ? .rejected : kind == .payment ? .unpaid : .errorInBody }
    if answer.isMalformed || answer.finish == .error { return .errorInBody }
  }
  return outcome(ofTransport: ending)
}

private func outcome(ofStatus status: Int, _ ending: AttemptEnding) -> Outcome {
  let kind = ending.answer?.error
  switch status {
  case 401: return .unauthorized
  case 402: return .unpaid
  case 403:
    // Moderation and guardrails say 403, and so do relays when the quota is used up.
    return kind == .contentPolicy ? .rejected : kind == .payment ? .unpaid : .unauthorized
  case 429: return kind == .payment ? .unpaid : .rateLimited
  case 503, 529: return ending.hasRetryAfter ? .rateLimited : .failed
  // The arm's doing, not the request's: SDKs repeat 408 and 409 like a 500; 424 and 425 tell of what is behind the arm;
  // 498 is Groq's for no capacity, 499 a proxy's for a client that it lost.
  case 408, 409, 424, 425, 498, 499: return .failed
  // The rest of 4xx with Portkey's 446, a guardrail; 405, 410 and the like say that this arm has no such thing to
  // offer.
  // Anthropic and DashScope say 400 where the account is empty.
  case 400..<500: return kind == .payment ? .unpaid : .rejected
  // A redirect or a "not modified" is no answer of a model, but may be one of an endpoint that we do not read.
  case 300..<400 where ending.endpoint == nil: return outcome(ofTransport: ending)
  default: return .failed
  }
}

private func outcome(ofTransport ending: AttemptEnding) -> Outcome {
  // After a stream's last event nothing more is awaited, so how the connection ends does not matter.
  let isOver = ending.answer?.sawTerminal == true && ending.answer?.format == .eventStream
  switch ending.transport {
  case .complete: return outcome(ofAnswer: ending)
  case .cut: return isOver ? outcome(ofAnswer: ending) : .incomplete
  case .timedOut: return isOver ? outcome(ofAnswer: ending) : .timeout
  case .clientGone: return ending.answer?.sawTerminal == true ? outcome(ofAnswer: ending) : .clientGone
  case .unreachable: return .failed
  }
}

/// How an answer without an error ended that has come to its end, or seems to have.
private func outcome(ofAnswer ending: AttemptEnding) -> Outcome {
  guard let endpoint = ending.endpoint, let answer = ending.answer else { return .ok }
  guard isReadable(answer, endpoint, ending.expectsStream), isFinished(answer, endpoint) else { return .incomplete }
  if endpoint == .responses && answer.isQueued { return ending.mayAnswerLater ? .ok : .incomplete }
  // A picture that was asked for is the answer, whatever is said beside it.
  let isMissingMedia = !ending.asked.isSubset(of: answer.media) && !answer.hasOtherReply
  if answer.hasContent, !isMissingMedia { return .ok }
  if answer.finish == .contentFilter { return .rejected }
  // Whether an arm shows what it has thought must not decide.
  return answer.hasReasoning && !isMissingMedia ? .ok : .empty
}

/// No SDK reads a stream where it asked for none, or the reverse.
private func isReadable(_ answer: AnswerSigns, _ endpoint: Endpoint, _ expectsStream: Bool?) -> Bool {
  guard let expectsStream, endpoint != .embeddings, endpoint != .videos else { return answer.format != .other }
  return answer.format == (expectsStream ? .eventStream : .json)
}

private func isFinished(_ answer: AnswerSigns, _ endpoint: Endpoint) -> Bool {
  switch endpoint {
  // Without its `message_stop` or with a null stop reason it is cut off, however cleanly.
  case .messages: answer.sawTerminal && !answer.lacksLastEvent && answer.finish != nil
  // None of these has a finish reason; the status of a response is judged where there is one.
  case .responses, .embeddings, .videos: answer.sawTerminal && !answer.lacksLastEvent
  // Fewer pictures than were asked for are a difference, not an end that is missing.
  case .images:
    answer.format == .eventStream
      ? answer.media.contains(.pictures) : answer.sawTerminal
  case .chatCompletions, .completions:
    answer.format == .eventStream
      // `[DONE]` ends the envelope: relays write it behind whatever they were cut off from. It may be missing, too.
      ? answer.finish != nil && !answer.hasUnfinishedChoice
      // A body that is whole while a choice in it has no finish reason tells of an answer that broke off.
      : answer.sawTerminal && !answer.hasUnfinishedChoice
  }
}

extension Outcome {
  /// Its index among `allCases`, without a search: counting happens for every attempt.
  package var place: Int {
    switch self {
    case .ok: 0
    case .clientGone: 1
    case .rejected: 2
    case .unauthorized: 3
    case .unpaid: 4
    case .rateLimited: 5
    case .failed: 6
    case .timeout: 7
    case .errorInBody: 8
    case .incomplete: 9
    case .empty: 10
    }
  }
}
