/// Embeddings: vectors that follow from the words alone, as numbers or as base64 of little-endian floats (what the OpenAI
/// SDK asks for).
struct EmbeddingsAnswer {
  let draft: AnswerDraft
  let inputs: EmbeddingInputs

  /// How far a vector moves at variety 1: floating point adds up differently on other machines.
  private static let wobble: Float = 0.01

  var document: String {
    let vectors = draft.matter.isEmpty ? [] : inputs.words.map { vector($0) }
    let data = vectors.enumerated().map { index, vector in
      #"{"object":"embedding","index":\#(index),"embedding":\#(encoded(vector))}"#
    }
    let id = draft.vendor == .openrouter ? #""id":"\#(draft.generationID)","# : ""
    var usage = #""prompt_tokens":\#(draft.usage.prompt),"total_tokens":\#(draft.usage.prompt)"#
    if draft.vendor == .openrouter { usage += #","cost":\#(draft.usage.promptUSD)"# }
    return #"{\#(id)"object":"list","data":[\#(data.joined(separator: ","))],"#
      + #""model":\#(draft.fields.modelLiteral)\#(draft.usageMember("{\(usage)}"))}"#
  }

  /// The vector of some words, of length 1: the sum of a direction for each word.
  private func vector(_ words: [UInt64]) -> [Float] {
    var sum = [Float](repeating: 0, count: inputs.dimensions)
    for word in words + (draft.matter.vectorSalt.map { [$0] } ?? []) { add(word, to: &sum, scale: 1) }
    let wobble = Self.wobble * Float(draft.matter.variety) * length(sum)
    if wobble > 0 { add(draft.matter.manner, to: &sum, scale: wobble) }
    let length = length(sum)
    return length > 0 ? sum.map { $0 / length } : sum
  }

  private func add(_ seed: UInt64, to sum: inout [Float], scale: Float) {
    var random = SeededRandom(seed: seed)
    for index in sum.indices { sum[index] += scale * Float(random.fraction() * 2 - 1) }
  }

  private func length(_ vector: [Float]) -> Float { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }

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
