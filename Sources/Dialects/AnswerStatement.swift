/// Collects what one JSON document of an answer, the body or one event, says.
///
/// What is asked of it, of the document and of the reader for every event is `mutating`, though nothing changes: the compiler
/// hands a copy of so large a value to any other method.

struct AnswerStatement: ~Copyable, Sendable {
  /// Parts of an answer that a document can bring.
  struct Parts: OptionSet, Sendable {
    let rawValue: UInt16
    static let content = Parts(rawValue: 1 << 0)
    static let reasoning = Parts(rawValue: 1 << 1)
    static let toolCall = Parts(rawValue: 1 << 2)
    static let refusal = Parts(rawValue: 1 << 3)
    /// Something in `data`, which only for embeddings is the answer.
    static let data = Parts(rawValue: 1 << 4)
    /// `delta` as a string: the event's type says of what.
    static let plainDelta = Parts(rawValue: 1 << 5)
    /// A container of an answer was there, if empty: what else the document holds is not an error's text.
    static let answer = Parts(rawValue: 1 << 6)
    static let picture = Parts(rawValue: 1 << 7)
    static let sound = Parts(rawValue: 1 << 8)
    /// More of a tool call that has begun elsewhere, with its name: in itself it is none.
    static let argument = Parts(rawValue: 1 << 9)
    /// A picture in an event of its own: the event's type says whether it is whole.
    static let barePicture = Parts(rawValue: 1 << 10)

    /// With what a delta that is a bare string brings, as the event's kind tells.
    func ofDelta(_ kind: EventKind?) -> Parts {
      guard contains(.plainDelta) else { return self }
      return switch kind {
      case .contentDelta: union(.content)
      case .reasoningDelta: union(.reasoning)
      case .refusalDelta: union([.refusal, .content])
      case .toolDelta: union(.argument)
      default: self
      }
    }

    /// The same of an event that holds a picture: one that is still being made can be shown, and is not what was asked for.
    func ofPicture(_ kind: EventKind?, isWhole: Bool) -> Parts {
      guard contains(.barePicture) else { return self }
      return kind == .picture || isWhole
        ? union([.content, .picture]) : kind == .partialPicture ? union(.content) : self
    }
  }

  /// Signs of an error, of which the first that holds is reported.
  struct Signs: OptionSet, Sendable {
    let rawValue: UInt16
    static let error = Signs(rawValue: 1 << 0)
    static let objectIsError = Signs(rawValue: 1 << 1)
    static let message = Signs(rawValue: 1 << 2)
    static let detail = Signs(rawValue: 1 << 3)
    static let contentPolicy = Signs(rawValue: 1 << 4)
    static let bareString = Signs(rawValue: 1 << 5)
    static let failedData = Signs(rawValue: 1 << 6)
    static let failedBase = Signs(rawValue: 1 << 7)
    /// Some text says that quota, credit or balance is spent.
    static let spent = Signs(rawValue: 1 << 8)
    /// A choice has a `delta`, has `text`, whatever is in them.
    static let delta = Signs(rawValue: 1 << 9)
    static let text = Signs(rawValue: 1 << 10)

    /// Those that tell of an error.
    var ofErrors: Signs { subtracting([.delta, .text]) }
  }

  /// The parts outside of choices: in the answers of Responses and Messages, and in embeddings.
  var parts: Parts = []
  /// The parts in choices, by where they stand; which of the three is read depends on what else there is.
  var deltaParts: Parts = []
  var messageParts: Parts = []
  var textParts: Parts = []
  var signs: Signs = []
  /// The complaint in some text of an error.
  var complaint: AnswerComplaint?
  var kind: EventKind?
  var id: String?
  var model: String?
  var type: String?
  /// `code` beside the error, `status` of the document or of its response, `base_resp.status_code`.
  var code: String?
  var status: String?
  var baseStatus: String?
  var incompleteReason: String?
  var errorCode: String?
  var errorType: String?
  var finishReason: String?
  var usage = ReportedUsage()
  /// Top-level `cost`.
  var cost: Double?
  /// Whole pictures in lists: `data`, `images`.
  var pictures = 0
  /// One bit per choice index; the last stands for it and all above.
  var choices: UInt64 = 0
  var finishedChoices: UInt64 = 0

  /// Makes it as new for the next document. Hardly any document sets more than a few of these.
  mutating func clear() {
    parts = []
    deltaParts = []
    messageParts = []
    textParts = []
    signs = []
    if complaint != nil { complaint = nil }
    kind = nil
    if id != nil { id = nil }
    if model != nil { model = nil }
    if type != nil { type = nil }
    if code != nil { code = nil }
    if status != nil { status = nil }
    if baseStatus != nil { baseStatus = nil }
    if incompleteReason != nil { incompleteReason = nil }
    if errorCode != nil { errorCode = nil }
    if errorType != nil { errorType = nil }
    if finishReason != nil { finishReason = nil }
    if !usage.isEmpty { usage = ReportedUsage() }
    cost = nil
    pictures = 0
    choices = 0
    finishedChoices = 0
  }

  /// - Parameter name: the event's SSE name, where it has one; the data's own `type` goes before it if it means
  ///   something.
  mutating func kind(named name: borrowing ShortText) -> EventKind? {
    if let kind, kind != .other { return kind }
    return name.isEmpty ? kind : EventKind(name)
  }

  /// All that was found, wherever it stands.
  var allParts: Parts { parts.union(deltaParts).union(messageParts).union(textParts) }

  /// The error that the document tells of, in whichever of the shapes seen.
  /// - Parameter isWhole: the document is the whole body, not an event.
  mutating func error(kind: EventKind?, isWhole: Bool) -> AnswerError? {
    if signs.contains(.error) { return error(errorCode ?? code, errorType ?? typeBesideError) }
    if kind == .error || signs.contains(.objectIsError) {
      return error(errorCode ?? code, errorType ?? typeBesideError)
    }
    if kind == .failed || status.map(Self.isFailure) == true || signs.contains(.failedData) {
      return error(errorCode ?? code, errorType ?? "failed")
    }
    if finishReason.map({ FinishKind(native: $0) }) == .error { return error(errorCode, errorType ?? finishReason) }
    if signs.contains(.failedBase) { return error(baseStatus, nil) }
    return isWhole && allParts.isEmpty ? errorWithoutAnswer : nil
  }

  private func error(_ code: String?, _ type: String?) -> AnswerError {
    AnswerError(
      code: code, type: type, isContentPolicy: signs.contains(.contentPolicy), isSpent: signs.contains(.spent),
      complaint: complaint)
  }

  /// Shapes that say "error" only by having nothing else: `{"detail"}`, `{"code","message"}`, a bare string, or words
  /// about an empty account.
  private var errorWithoutAnswer: AnswerError? {
    let hasBadCode = code.map { !["0", "200", "success", "ok"].contains($0.lowercased()) } ?? false
    let isError =
      signs.contains(.bareString) || signs.contains(.detail) || signs.contains(.spent)
      || (hasBadCode && signs.contains(.message))
    return isError ? error(code ?? status, typeBesideError) : nil
  }

  /// `{"type":"error"}` names the envelope, not the error.
  private var typeBesideError: String? { type == "error" ? nil : type }

  private static func isFailure(_ status: String) -> Bool {
    switch status.lowercased() {
    case "failed", "failure", "error": true
    default: false
    }
  }

  /// Why the answer ended. The Responses API says so only in its last document.
  mutating func finish(kind: EventKind?, isWhole: Bool) -> String? {
    if let finishReason { return finishReason }
    guard kind == .terminal || kind == .failed || isWhole, let status else { return nil }
    switch status {
    case "completed", "incomplete", "failed", "cancelled": return incompleteReason ?? status
    // A response made in the background, to be asked for later.
    case "queued", "in_progress": return isWhole ? status : nil
    default: return nil
    }
  }
}
