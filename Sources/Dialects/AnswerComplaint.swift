/// Recognises prose that complains of how an arm was asked: the key, a field, the model. Most gateways say so in words only.

/// Nothing is kept of the words but a field's name.
package enum AnswerComplaint: Sendable, Equatable {
  case key
  /// - Parameter name: nil where none can be told, or it is no plain identifier.
  case field(name: String?)
  case model

  /// The complaint that an error's own code or type names.
  init?(identifier: String) {
    let text = identifier.lowercased()
    if Self.fieldCodes.contains(where: text.contains) {
      self = .field(name: nil)
    } else if Self.modelCodes.contains(where: text.contains) {
      self = .model
    } else if Self.keyCodes.contains(where: text.contains) {
      self = .key
    } else {
      return nil
    }
  }

  private static let fieldCodes = [
    "unknown_parameter", "unsupported_parameter", "unsupported_value", "unknown_field", "unsupportedparams",
    "extra_forbidden", "unrecognized_parameter",
  ]
  private static let modelCodes = [
    "model_not_found", "model_not_available", "unknown_model", "invalid_model", "model_not_supported",
    "unsupported_model", "model_does_not_exist",
  ]
  /// The last is LiteLLM's for a key that it would have to look up, and has no database for.
  private static let keyCodes = ["invalid_api_key", "api_key_invalid", "invalid_token", "no_db_connection"]
}

extension ShortText {
  /// Only the first bytes are looked at. Which of several complaints comes first does not matter: one is enough.
  var complaint: AnswerComplaint? {
    withBytes { bytes in
      let text = Lowercase(bytes)
      if let found = text.first(of: ComplaintWords.field) { return .field(name: text.name(around: found, in: bytes)) }
      if text.holdsAny(ComplaintWords.model)
        || (text.holdsAny(ComplaintWords.missing) && text.holdsAny(ComplaintWords.of))
      {
        return .model
      }
      return text.holdsAny(ComplaintWords.key) ? .key : nil
    }
  }
}

private enum ComplaintWords {
  /// In the words of OpenAI, Anthropic, Google, xAI, Groq, Cohere, LiteLLM, pydantic and JSON schema validators.
  static let field: [[UInt8]] = [
    "unrecognized request argument", "unknown parameter", "unsupported parameter", "unrecognized parameter",
    "not support parameter", "not support the parameter", "extra inputs are not permitted",
    "extra fields not permitted",
    "unknown name", "unknown field", "unsupported field", "unrecognized field", "unknown argument",
    "unexpected keyword argument", "argument not supported", "' is unsupported", "not a valid field",
    "additional properties are not allowed", "unsupported value", "不支持的参数", "未知参数",
  ].map { Array($0.utf8) }

  static let model: [[UInt8]] = [
    "model not found", "no such model", "unknown model", "invalid model", "not a valid model", "model does not exist",
    "unsupported model", "model not supported", "model is not supported", "not found the model",
    "no available channel", "no endpoints found", "model not exist", "model not available", "模型不存在", "无可用渠道",
  ].map { Array($0.utf8) }

  /// Together with what is missing.
  static let missing = [Array("does not exist".utf8), Array("not_found".utf8)]
  static let of = [Array("model".utf8)]

  static let key: [[UInt8]] = [
    "api key not valid", "invalid api key", "incorrect api key", "invalid api-key", "invalid access token",
    "invalid token", "no auth credentials", "无效的令牌", "密钥无效",
  ].map { Array($0.utf8) }

  /// Between the complaint and the field's name.
  static let fillers: Set<String> = ["supplied", "parameter", "parameters", "field", "argument", "for", "the", "s"]
}

extension Lowercase {
  /// The field's name: behind the complaint, behind a colon where one follows soon, or before a complaint that ends the
  /// sentence, as in `logprobs: Extra inputs are not permitted` and `property 'logprobs' is unsupported`.
  fileprivate func name(around found: Range<Int>, in bytes: RawSpan) -> String? {
    let standsBefore = ["extra ", "' is unsu", "not a val"].contains { holds($0, at: found.lowerBound) }
    if standsBefore { return Self.words(bytes, 0..<found.lowerBound).last.flatMap(Self.name) }
    var start = found.upperBound
    let soon = min(bytes.byteCount, start + 24)
    // A name in quotes goes before a colon behind it.
    let marks: [UInt8] = [":", "'", "\"", "`", "["].map { UInt8(ascii: $0) }
    if let mark = (start..<soon).first(where: { marks.contains(bytes.byte(at: $0)) }) { start = mark }
    return Self.words(bytes, start..<bytes.byteCount).first { !ComplaintWords.fillers.contains($0.lowercased()) }
      .flatMap(Self.name)
  }

  /// Runs of letters, digits, `_` and `.` within so many bytes.
  private static func words(_ bytes: RawSpan, _ range: Range<Int>) -> [String] {
    var words: [String] = []
    var word: [UInt8] = []
    for at in range {
      let byte = bytes.byte(at: at)
      let isPart =
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
          true
        default: false
        }
      if isPart { word.append(byte) }
      if !isPart || at == range.upperBound - 1, !word.isEmpty {
        words.append(String(decoding: word, as: UTF8.self))
        word = []
      }
    }
    return words
  }

  /// A name as programs have it, and nothing that could be a key or somebody's number.
  private static func name(_ word: String) -> String? {
    let word = word.hasSuffix(".") ? String(word.dropLast()) : word
    let digits = word.utf8.count { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard let first = word.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first | 0x20),
      word.utf8.count <= 40, digits <= 3, !word.utf8.contains(UInt8(ascii: "-"))
    else { return nil }
    return word
  }
}
