/// The few fields of a request body that decide what the answer looks like.
import NIOCore

struct RequestFields: Sendable, Equatable {
  /// The model id as the JSON string it came as, quotes included, so that it is echoed byte for byte.
  var modelLiteral = "\"emulated/default\""
  var namesModel = false
  var streams = false
  var includesUsage = false
  /// Embeddings wanted: the number of inputs, at most `inputLimit`.
  var inputCount = 1
  var wantsBase64 = false
  /// About four bytes of body per token, as English text has.
  var promptTokens = 1
  /// A fingerprint of the prompt, whatever the model and the other fields are.
  var promptHash: UInt64 = 0
  private(set) var names: Set<String> = []

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
    wantsBase64 = members["encoding_format"].map { Self.text(bytes, $0) } == "\"base64\""
    if let extent = members["input"] { inputCount = Self.inputCount(bytes, extent) }
    promptHash = Self.promptHash(bytes, members)
  }

  private static func text(_ bytes: Span<UInt8>, _ extent: JSONScan.Extent) -> String {
    String(decoding: JSONScan.copy(bytes, extent), as: UTF8.self)
  }

  /// An array of strings or of token arrays is one input per element; an array of tokens is one input.
  private static func inputCount(_ bytes: Span<UInt8>, _ extent: JSONScan.Extent) -> Int {
    guard let elements = JSONScan.array(in: bytes, extent: extent), let first = elements.first else { return 1 }
    let opening = bytes[first.lowerBound]
    return opening == UInt8(ascii: "\"") || opening == UInt8(ascii: "[") ? min(elements.count, inputLimit) : 1
  }

  /// FNV-1a over the prompt's bytes, 64 bits.
  private static func promptHash(_ bytes: Span<UInt8>, _ members: [String: JSONScan.Extent]) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for name in promptNames {
      guard let extent = members[name] else { continue }
      for index in extent {
        hash = (hash ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01B3
      }
    }
    return hash
  }
}
