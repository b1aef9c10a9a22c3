/// The few fields of a request body that decide what the answer looks like.
import NIOCore

struct RequestFields: Sendable, Equatable {
  /// The model id as the JSON string it came as, quotes included, so that it is echoed byte for byte.
  var modelLiteral = "\"emulated/default\""
  var namesModel = false
  var streams = false
  var includesUsage = false
  var wantsBase64 = false
  /// `modalities` names `image`.
  var wantsPicture = false
  /// About four bytes of body per token, as English text has.
  var promptTokens = 1
  /// A fingerprint of the prompt, whatever the model and the other fields are.
  var promptHash: UInt64 = 0
  /// A fingerprint of the model's name.
  var modelHash: UInt64 { Self.hash(modelLiteral.utf8) }
  var form = AskedForm()
  /// `thinking` of messages.
  var thinking: JSONValue?
  /// Thinking that only the vendor can read is asked for, as its documents say how.
  var asksRedactedThinking = false
  private(set) var names: Set<String> = []

  /// Embeddings of more inputs are not made.
  static let inputLimit = 2048

  /// Names whose values are the prompt, in the order they are hashed.
  private static let promptNames = ["system", "instructions", "messages", "prompt", "input"]

  /// Nil where the body is not a JSON object.
  init?(body: ByteBuffer) {
    let bytes = body.readableBytesUInt8Span
    guard let members = JSONScan.object(in: bytes, extent: 0..<bytes.count) else { return nil }
    names = Set(members.keys)
    promptTokens = max(1, bytes.count / 4)
    if let extent = members["model"], bytes[extent.lowerBound] == UInt8(ascii: "\"") {
      modelLiteral = Self.text(bytes, extent)
      namesModel = true
    }
    streams = members["stream"].map { Self.text(bytes, $0) } == "true"
    if let extent = members["stream_options"], let options = JSONScan.object(in: bytes, extent: extent) {
      includesUsage = options["include_usage"].map { Self.text(bytes, $0) } == "true"
    }
    if let extent = members["modalities"], let words = JSONScan.array(in: bytes, extent: extent) {
      wantsPicture = words.contains { Self.text(bytes, $0) == "\"image\"" }
    }
    wantsBase64 = members["encoding_format"].map { Self.text(bytes, $0) } == "\"base64\""
    promptHash = Self.promptHash(bytes, members)
    form = AskedForm(bytes, members)
    if let extent = members["thinking"] {
      thinking = JSONValue(bytes, extent)
      asksRedactedThinking = Self.text(bytes, 0..<bytes.count).contains(SignedThought.trigger)
    }
  }

  private static func text(_ bytes: Span<UInt8>, _ extent: JSONScan.Extent) -> String {
    String(decoding: JSONScan.copy(bytes, extent), as: UTF8.self)
  }

  private static let hashStart: UInt64 = 0xCBF2_9CE4_8422_2325

  /// FNV-1a, 64 bits.
  static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 { bytes.reduce(hashStart) { hash($0, $1) } }

  private static func hash(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }

  private static func promptHash(_ bytes: Span<UInt8>, _ members: [String: JSONScan.Extent]) -> UInt64 {
    var hash = hashStart
    for name in promptNames {
      guard let extent = members[name] else { continue }
      for index in extent { hash = Self.hash(hash, bytes[index]) }
    }
    return hash
  }
}
