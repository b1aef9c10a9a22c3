/// The answer of an endpoint, before it becomes a response of the HTTP server.

import RolloutJudge
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

struct Answer: Sendable {
  var status: Int
  var contentType: String
  var body: [UInt8]
  var headers: [(String, String)] = []

  static func text(_ text: String, contentType: String) -> Answer {
    Answer(status: 200, contentType: contentType, body: Array(text.utf8))
  }

  static func json(_ value: some Encodable, status: Int = 200) throws -> Answer {
    let encoder = JSONEncoder()
    // A sum that is beyond measure must not keep anybody from looking.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let body = Array(try encoder.encode(value)).plainJSON + [UInt8(ascii: "\n")]
    return Answer(status: status, contentType: "application/json", body: body)
  }

  /// In OpenRouter's error form.
  static func refusal(_ refusal: Refusal) -> Answer {
    struct Form: Encodable {
      struct Detail: Encodable {
        var code: Int
        var message: String
        var metadata: Metadata
      }
      struct Metadata: Encodable {
        var source = "crossfade"
        var reason: String?
        var stage: String?
        var seq: Int?
        var problems: [String]?
      }
      var error: Detail
    }
    var metadata = Form.Metadata()
    switch refusal {
    case .moved(_, let stage, let seq): (metadata.reason, metadata.stage, metadata.seq) = ("moved", stage, seq)
    case .playbookRefused: metadata.reason = "playbook_refused"
    case .playbook(let problems): (metadata.reason, metadata.problems) = ("playbook_refused", problems)
    default: break
    }
    let form = Form(error: .init(code: refusal.status, message: refusal.message, metadata: metadata))
    // A struct of strings and integers always encodes.
    var answer =
      (try? json(form, status: refusal.status))
      ?? Answer(status: refusal.status, contentType: "text/plain", body: Array(refusal.message.utf8))
    answer.headers = refusal.headers
    return answer
  }
}
