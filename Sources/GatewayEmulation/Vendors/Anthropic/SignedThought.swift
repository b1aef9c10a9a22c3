/// The thinking of an answer, signed so that a later request cannot bring back another one.
struct SignedThought: Sendable, Equatable {
  /// Empty where the model leaves it out.
  let text: String
  let signature: String
  /// Thinking that only the vendor can read.
  let redacted: String?

  /// Anthropic's own word for tests: a prompt with it gets redacted thinking.
  static let trigger =
    "ANTHROPIC_MAGIC_STRING_TRIGGER_REDACTED_THINKING_46C9A13E193C177646C7398A98432ECCCE4C1253D5E2D82641AC0E52CC2876CB"

  private static let thoughts = [
    #"Let me see: "é" 💡 first."#, "The question has two parts.\nI take the second one first.",
    #"A path such as C:\tmp needs care, and so does {"json": true}."#,
  ]

  /// Nil where the request asks for none.
  init?(_ fields: RequestFields) {
    guard let thinking = fields.thinking, let type = thinking["type"]?.string, type != "disabled" else { return nil }
    let model = AnthropicModel(String(fields.modelLiteral.dropFirst().dropLast()))
    let thought = Self.thoughts[Int(fields.promptHash % UInt64(Self.thoughts.count))]
    let display = thinking["display"]?.string ?? (model?.omitsThinking ?? false ? "omitted" : "summarized")
    text = display == "omitted" ? "" : thought
    signature = Self.sign(thought)
    redacted = fields.asksRedactedThinking ? Self.sign("redacted " + thought) : nil
  }

  static func sign(_ thought: String) -> String {
    let hash = RequestFields.hash(thought.utf8)
    return EmbeddingsAnswer.base64([0x12, 0x10] + bytes(hash) + bytes(seal(hash)))
  }

  enum Verdict: Sendable, Equatable {
    case good, forged, modified
  }

  /// - Parameter thought: empty where it was left out.
  static func verdict(_ signature: String, of thought: String?) -> Verdict {
    guard let hash = hash(signature) else { return .forged }
    guard let thought, !thought.isEmpty else { return .good }
    return RequestFields.hash(thought.utf8) == hash ? .good : .modified
  }

  private static let salt: UInt64 = 0x616E_7468_726F_7069

  private static func seal(_ hash: UInt64) -> UInt64 {
    var random = SeededRandom(seed: hash ^ salt)
    return random.next()
  }

  private static func bytes(_ word: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
  }

  /// The hash that the signature carries; nil where it is not one of ours.
  private static func hash(_ signature: String) -> UInt64? {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var bits: [UInt8] = []
    for letter in signature where letter != "=" {
      guard let value = letters.firstIndex(of: letter) else { return nil }
      bits += (0..<6).map { UInt8(value >> (5 - $0) & 1) }
    }
    guard bits.count >= 18 * 8 else { return nil }
    func word(_ byte: Int) -> UInt64 { bits[(byte * 8)..<(byte * 8 + 64)].reduce(0) { $0 << 1 | UInt64($1) } }
    return word(10) == seal(word(2)) ? word(2) : nil
  }
}
