/// Makes requests of the samples that an earlier run kept: redacted, so that names and numbers in them are not the
/// application's own.

import Dialects
import Foundation
import Journal

extension Recording {
  /// Newest first; a sample of several candidates is one request.
  init(
    samplesOf journal: JournalReader, limit: Int, refuses: (RecordedRequest) -> String? = { _ in nil }
  ) throws(JournalError) {
    isRedacted = true
    var seen: Set<String> = []
    for listed in try journal.samples(order: .newest, limit: 100_000) where seen.insert(listed.exchange).inserted {
      guard requests.count < limit else {
        beyondLimit += 1
        continue
      }
      guard let sample = try journal.samples(exchange: listed.exchange).first, let bodies = sample.bodies else {
        continue
      }
      guard let endpoint = Endpoint(rawValue: sample.endpoint) else {
        leaveOut("of an endpoint that is not copied")
        continue
      }
      guard !bodies.request.isCut else {
        leaveOut("cut when it was stored")
        continue
      }
      guard let body = Self.object(bodies.request.text), let model = body["model"] as? String else {
        leaveOut("no JSON that names a model, after redaction")
        continue
      }
      add(
        RecordedRequest(
          origin: "exchange \(sample.exchange)", endpoint: endpoint, headers: [], body: Array(bodies.request.text.utf8),
          answer: Self.answer(bodies.baseline, endpoint, isStream: body["stream"] as? Bool == true), model: model),
        limit: limit, refuses: refuses)
    }
  }

  private static func object(_ text: String) -> [String: Any]? {
    (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]
  }

  /// Nil where it was cut, or where its status is not known: the store keeps none, and an error could be any.
  private static func answer(_ body: StoredSample.Body, _ endpoint: Endpoint, isStream: Bool) -> RecordedAnswer? {
    guard !body.isCut, let object = object(body.text), object["error"] == nil else { return nil }
    guard isStream else {
      return RecordedAnswer(status: 200, contentType: "application/json", body: Array(body.text.utf8))
    }
    // Streams are kept assembled, and only one dialect's is rebuilt from that.
    guard endpoint == .chatCompletions, let stream = ChatStream(assembled: object) else { return nil }
    return RecordedAnswer(status: 200, contentType: "text/event-stream", body: Array(stream.text.utf8))
  }
}

/// A chat stream that says what an assembled answer says, in as few events as can be.
struct ChatStream {
  let text: String

  init?(assembled answer: [String: Any]) {
    guard let choices = answer["choices"] as? [[String: Any]], !choices.isEmpty,
      choices.allSatisfy({ $0["text"] is String })
    else { return nil }
    let model = answer["model"] as? String ?? ""
    var events: [[String: Any]] = []
    func add(_ choices: [[String: Any]], usage: [String: Any]? = nil) {
      var event: [String: Any] = [
        "id": "replayed", "object": "chat.completion.chunk", "model": model, "choices": choices,
      ]
      if let usage { event["usage"] = usage }
      events.append(event)
    }
    for (index, choice) in choices.enumerated() {
      add([["index": index, "delta": Self.delta(choice), "finish_reason": NSNull()]])
      add([["index": index, "delta": [String: Any](), "finish_reason": choice["finish_reason"] ?? NSNull()]])
    }
    if let usage = answer["usage"] as? [String: Any] { add([], usage: Self.usage(usage)) }
    var text = ""
    for event in events {
      guard let data = try? JSONSerialization.data(withJSONObject: event, options: [.sortedKeys]) else { return nil }
      text += "data: " + String(decoding: data, as: UTF8.self) + "\n\n"
    }
    self.text = text + "data: [DONE]\n\n"
  }

  private static func delta(_ choice: [String: Any]) -> [String: Any] {
    var delta: [String: Any] = ["role": "assistant", "content": choice["text"] ?? ""]
    for name in ["reasoning", "refusal"] where choice[name] is String { delta[name] = choice[name] }
    guard let calls = choice["tool_calls"] as? [[String: Any]] else { return delta }
    delta["tool_calls"] = calls.enumerated().map { index, call -> [String: Any] in
      [
        "index": index, "id": "call_\(index)", "type": "function",
        "function": ["name": call["name"] ?? "", "arguments": call["arguments"] ?? ""],
      ]
    }
    return delta
  }

  private static func usage(_ usage: [String: Any]) -> [String: Any] {
    let prompt = usage["prompt"] as? Int ?? 0
    let completion = usage["completion"] as? Int ?? 0
    return [
      "prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion,
      "prompt_tokens_details": ["cached_tokens": usage["cached"] as? Int ?? 0],
      "completion_tokens_details": ["reasoning_tokens": usage["reasoning"] as? Int ?? 0],
    ]
  }
}
