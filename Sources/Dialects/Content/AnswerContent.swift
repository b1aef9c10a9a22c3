/// One answer as a whole, whatever its dialect however it was cut into events: what two arms' answers are compared by.

package struct AnswerContent: Sendable, Equatable {
  package var choices: [Choice] = []
  /// The vectors of an embeddings answer, by index; empty for all others.
  package var embeddings: [[Float]] = []
  package var usage: TokenUsage?
  /// The model as the arm named it.
  package var model: String?
  /// The error that the answer is, or that ended it.
  package var error: AnswerError?
  /// Dotted paths of the answer's own fields, indices left out (`choices.message.content`), sorted; of a stream, over
  /// all of its events. At most `fieldLimit`.
  package var fields: [String] = []

  package static let fieldLimit = 256

  /// One of the alternatives that were asked for; of the Responses and Messages dialects the only one.
  package struct Choice: Sendable, Equatable {
    package var text = ""
    package var reasoning = ""
    /// Nil unless the model refused.
    package var refusal: String?
    package var toolCalls: [ToolCall] = []
    /// In the order of the answer; never their pixels.
    package var media: [Medium] = []
    /// The arm's own word.
    package var finishReason: String?

    package init() {}
  }

  /// A picture, or something to hear.
  package struct Medium: Sendable, Equatable {
    package var isSound: Bool
    /// The type as its bytes tell it, else as a data URL, a member beside it or its URL's end names it, such as
    /// `image/png`; nil where none does.
    package var type: String?
    /// Where its bytes tell.
    package var width: Int?
    package var height: Int?
    /// Of a picture that came as base64; the hash is of that.
    package var byteCount: Int?
    package var hash: UInt64?

    package init(isSound: Bool, type: String?) {
      self.isSound = isSound
      self.type = type
    }
  }

  package struct ToolCall: Sendable, Equatable {
    package var name: String
    /// The arguments as the model wrote them: JSON, or what was to be JSON.
    package var arguments: String

    package init(name: String, arguments: String) {
      self.name = name
      self.arguments = arguments
    }
  }

  package init() {}
}
