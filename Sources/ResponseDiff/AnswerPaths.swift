/// Names the places in an answer as its dialect does.

import Dialects

struct AnswerPaths {
  let endpoint: Endpoint

  func choice(_ index: Int) -> String {
    switch endpoint {
    case .responses: "output"
    case .messages: "content"
    case .embeddings: "data[\(index)]"
    case .images: "data"
    case .videos: "id"
    case .chatCompletions, .completions: "choices[\(index)]"
    }
  }

  func text(_ index: Int) -> String {
    switch endpoint {
    case .chatCompletions: "choices[\(index)].message.content"
    case .completions: "choices[\(index)].text"
    case .responses: "output.content"
    case .messages: "content.text"
    case .embeddings: "data[\(index)].embedding"
    case .images: "data"
    case .videos: "id"
    }
  }

  func finish(_ index: Int) -> String {
    switch endpoint {
    case .responses, .images, .videos: "status"
    case .messages: "stop_reason"
    case .chatCompletions, .completions, .embeddings: "choices[\(index)].finish_reason"
    }
  }

  func refusal(_ index: Int) -> String {
    switch endpoint {
    case .responses: "output.refusal"
    case .images, .videos: "refusal"
    case .messages: "content.refusal"
    case .chatCompletions, .completions, .embeddings: "choices[\(index)].message.refusal"
    }
  }

  func media(_ index: Int, isSound: Bool) -> String {
    let name = isSound ? "audio" : "images"
    return switch endpoint {
    case .responses: "output.\(name)"
    case .images, .videos: "data"
    case .messages: "content.\(name)"
    case .chatCompletions, .completions, .embeddings: "choices[\(index)].message.\(name)"
    }
  }

  /// - Parameter call: counted within the choice.
  func toolCall(_ index: Int, _ call: Int) -> String {
    switch endpoint {
    case .responses, .images, .videos: "output.function_call[\(call)]"
    case .messages: "content.tool_use[\(call)]"
    case .chatCompletions, .completions, .embeddings: "choices[\(index)].message.tool_calls[\(call)]"
    }
  }

  func arguments(_ index: Int, _ call: Int) -> String {
    toolCall(index, call) + (endpoint == .messages ? ".input" : ".arguments")
  }
}
