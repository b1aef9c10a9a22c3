/// A request of the demo's application: chat completions of several conversations, every second one as a stream.

import Foundation

struct ApplicationRequest: Encodable, Sendable {
  struct Message: Codable, Sendable, Equatable {
    var role: String
    var content: String
  }

  var model: String
  var messages: [Message]
  var stream: Bool
  /// OpenRouter's own field; the candidate must not get it.
  var sessionID: String

  enum CodingKeys: String, CodingKey {
    case model, messages, stream
    case sessionID = "session_id"
  }

  static let models = ["anthropic/claude-opus-4.7", "openai/gpt-5-mini"]
  private static let questions = [
    "Summarise the ticket in one sentence.", "Which order is it about?", "Translate your last answer into French.",
    "Is the customer angry?", "Draft a polite reply.", "List the open questions.", "Shorten that by half.",
  ]
  /// Turns that a conversation remembers.
  private static let memory = 6

  /// - Parameters:
  ///   - conversation: from 0.
  ///   - turn: from 0.
  init(conversation: Int, turn: Int) {
    model = Self.models[conversation % Self.models.count]
    stream = (conversation + turn) % 2 == 0
    sessionID = "demo-\(conversation)"
    messages = [Message(role: "system", content: "You answer for the support desk, conversation \(conversation).")]
    for past in max(0, turn - Self.memory)...turn {
      let question = Self.questions[(conversation * 3 + past) % Self.questions.count]
      messages.append(Message(role: "user", content: "\(question) (turn \(past))"))
      if past < turn { messages.append(Message(role: "assistant", content: "Noted for turn \(past).")) }
    }
  }

  var body: [UInt8] {
    get throws { [UInt8](try JSONEncoder().encode(self)) }
  }
}
