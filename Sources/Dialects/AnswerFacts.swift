/// The facts of one answer of an arm, without any of its text.

package struct AnswerFacts: Sendable, Equatable {
  /// How the body had to be read, whatever its head said.
  package var format: AnswerFormat
  package var id: String?
  package var model: String?
  /// The arm's own word for why the answer ended; of several choices the first one's, unless another failed.
  package var finishReason: String? { didSet { finish = finishReason.map(FinishKind.init) } }
  /// The meaning of that word.
  package private(set) var finish: FinishKind?
  package var sawContent = false
  package var sawReasoning = false
  package var sawToolCall = false
  package var sawPicture = false
  /// Whole pictures, as far as they were counted.
  package var pictures = 0
  package var sawSound = false
  /// Something that an application can show or do.
  var isVisible: Bool { sawContent || sawToolCall }
  package var sawRefusal = false
  /// The dialect's last event was read, `[DONE]`, or all of a JSON body: nothing more is awaited.
  package var sawTerminal = false
  /// `[DONE]` stood in the place of the dialect's own last event: relays write it behind whatever they were cut off from.
  package var lacksLastEvent = false
  /// A choice was begun and has no finish reason.
  package var hasUnfinishedChoice = false
  /// The stream ended within an event. SDKs drop such an event; what it said, if it was whole, is in the facts.
  package var endedWithinEvent = false
  /// Events with data, `[DONE]` not counted; 0 for a JSON body.
  package var eventCount = 0
  /// Events, or a JSON body, that are not JSON.
  package var malformedEvents = 0
  package var error: AnswerError?
  /// An error has been read, if not one of the status.
  package var tellsOfError: Bool { error != nil || malformedEvents > 0 }
  /// Nil unless the answer came to its end, and where what the arm counts leaves open what it costs: counts of an answer
  /// that was cut are not all of it, and what is unknown is not zero.
  package var usage: TokenUsage?
  /// `usage` tells of tokens that went where nothing of them is shown: into reasoning, whatever the arm calls it.
  package var toldReasoning = false
  /// USD, as the body reports it.
  package var reportedCost: Double?

  package init(format: AnswerFormat) { self.format = format }
}
