/// Whether an application got what it asked for, judged as an application would: by the answer alone.

import Foundation

enum ApplicationAnswer {
  /// - Returns: nil for a whole answer with content; else what was wrong with it.
  static func fault(status: Int, body: String, isStream: Bool) -> String? {
    guard status == 200 else { return "status \(status)" }
    return isStream ? streamFault(body) : documentFault(body)
  }

  private struct Chunk: Decodable {
    struct Choice: Decodable {
      struct Content: Decodable { var content: String? }
      var message: Content?
      var delta: Content?
      var finishReason: String?

      enum CodingKeys: String, CodingKey {
        case message, delta
        case finishReason = "finish_reason"
      }
    }
    struct Failure: Decodable {}
    var choices: [Choice]?
    var error: Failure?
  }

  private static func documentFault(_ body: String) -> String? {
    guard let answer = try? JSONDecoder().decode(Chunk.self, from: Data(body.utf8)) else { return "unreadable answer" }
    if answer.error != nil { return "error in the answer" }
    guard let choice = answer.choices?.first, !(choice.message?.content ?? "").isEmpty else { return "empty answer" }
    return finishFault(choice.finishReason)
  }

  private static func streamFault(_ body: String) -> String? {
    var hasContent = false
    var finish: String?
    for line in body.split(separator: "\n") where line.hasPrefix("data: ") {
      let data = line.dropFirst(6)
      if data == "[DONE]" {
        if !hasContent { return "empty answer" }
        return finishFault(finish)
      }
      guard let chunk = try? JSONDecoder().decode(Chunk.self, from: Data(data.utf8)) else { return "unreadable event" }
      if chunk.error != nil { return "error in the stream" }
      guard let choice = chunk.choices?.first else { continue }
      if !(choice.delta?.content ?? "").isEmpty { hasContent = true }
      finish = choice.finishReason ?? finish
    }
    return "stream cut short"
  }

  private static func finishFault(_ reason: String?) -> String? {
    switch reason {
    case nil: "answer without its end"
    case "error": "error in the answer"
    default: nil
    }
  }
}
