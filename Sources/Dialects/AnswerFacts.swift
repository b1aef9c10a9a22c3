/// What an arm said: the facts of one answer, without any of its text.

package struct AnswerFacts: Sendable, Equatable {
  /// How the body had to be read, whatever its head said.
  package internal(set) var format: AnswerFormat
  package internal(set) var id: String?
  package internal(set) var model: String?
  /// The arm's own word for why the answer ended; of several choices the first one's, unless another failed.
  package internal(set) var finishReason: String?
  package internal(set) var sawContent = false
  package internal(set) var sawReasoning = false
  package internal(set) var sawToolCall = false
  package internal(set) var sawRefusal = false
  /// The dialect's last event was read, or all of a JSON body.
  package internal(set) var sawTerminal = false
  /// A choice was begun and has no finish reason.
  package internal(set) var hasUnfinishedChoice = false
  /// The stream ended within an event. SDKs drop such an event; what it said, if it was whole, is in the facts.
  package internal(set) var endedWithinEvent = false
  /// Events with data, `[DONE]` not counted; 0 for a JSON body.
  package internal(set) var eventCount = 0
  /// Events, or a JSON body, that are not JSON.
  package internal(set) var malformedEvents = 0
  package internal(set) var error: AnswerError?
  /// Nil unless the answer came to its end: counts of an answer that was cut are not what it cost.
  package internal(set) var usage: TokenUsage?
  /// USD, as the body reports it.
  package internal(set) var reportedCost: Double?

  init(format: AnswerFormat) { self.format = format }

  package var finish: FinishKind? { finishReason.map(FinishKind.init) }
}
