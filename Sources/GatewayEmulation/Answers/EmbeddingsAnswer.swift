/// Embeddings: short vectors, as numbers or as base64 of little-endian floats (what the OpenAI SDK asks for).
struct EmbeddingsAnswer {
  let draft: AnswerDraft

  static let dimensions = 8

  var document: String {
    var random = draft.random
    let count = draft.pieces.isEmpty ? 0 : draft.fields.inputCount
    let data = (0..<count).map { index -> String in
      let vector = (0..<Self.dimensions).map { _ in Float(random.fraction() * 2 - 1) }
      return #"{"object":"embedding","index":\#(index),"embedding":\#(encoded(vector))}"#
    }
    let id = draft.vendor == .openrouter ? #""id":"\#(draft.generationID)","# : ""
    var usage = #""prompt_tokens":\#(draft.usage.prompt),"total_tokens":\#(draft.usage.prompt)"#
    if draft.vendor == .openrouter { usage += #","cost":\#(draft.usage.promptUSD)"# }
    return #"{\#(id)"object":"list","data":[\#(data.joined(separator: ","))],"#
      + #""model":\#(draft.fields.modelLiteral),"usage":{\#(usage)}}"#
  }

  private func encoded(_ vector: [Float]) -> String {
    guard draft.fields.wantsBase64 else { return "[\(vector.map { "\($0)" }.joined(separator: ","))]" }
    let bytes = vector.flatMap { number in
      withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
    }
    return "\"\(Self.base64(bytes))\""
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// RFC 4648, section 4.
  static func base64(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.enumerated().reduce(0) { $0 | Int($1.element) << (16 - 8 * $1.offset) }
      for place in 0..<4 {
        text.append(place <= group.count ? alphabet[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
