/// The texts to embed, each as the fingerprints of its words, so that texts that share words get vectors that are alike.
import NIOCore

struct EmbeddingInputs: Sendable, Equatable {
  /// The words of each input; never empty inside.
  private(set) var words: [[UInt64]] = []
  /// The dimensions that the request asks for, or `defaultDimensions`.
  private(set) var dimensions = Self.defaultDimensions

  static let defaultDimensions = 64
  static let mostDimensions = 4096
  /// Words looked at in one input, and in all of them together.
  static let wordLimit = 512
  static let totalLimit = 4096

  init(body: ByteBuffer) {
    let bytes = body.readableBytesUInt8Span
    guard let members = JSONScan.object(in: bytes, extent: 0..<bytes.count) else { return }
    guard let input = members["input"] else { return }
    if let extent = members["dimensions"], let wanted = JSONValue(bytes, extent)?.number {
      dimensions = Int(min(max(wanted, 1), Double(Self.mostDimensions)))
    }
    let elements = JSONScan.array(in: bytes, extent: input)
    let first = elements?.first.map { bytes[$0.lowerBound] }
    // A list of numbers is one input in tokens.
    let isMany = first == UInt8(ascii: "\"") || first == UInt8(ascii: "[")
    let extents = isMany ? Array((elements ?? []).prefix(RequestFields.inputLimit)) : [input]
    let limit = max(1, min(Self.wordLimit, Self.totalLimit / max(1, extents.count)))
    words = extents.map { Self.words(bytes, $0, limit: limit) }
  }

  /// ASCII letters are taken as lower-case; whatever is no letter or digit stands between words.
  private static func words(_ bytes: Span<UInt8>, _ extent: JSONScan.Extent, limit: Int) -> [UInt64] {
    var words: [UInt64] = []
    var word: [UInt8] = []
    for index in extent where words.count < limit {
      let byte = bytes[index]
      switch byte {
      case 0x41...0x5A: word.append(byte | 0x20)
      case 0x30...0x39, 0x61...0x7A, 0x80...: word.append(byte)
      default:
        if !word.isEmpty { words.append(RequestFields.hash(word)) }
        word.removeAll(keepingCapacity: true)
      }
    }
    if !word.isEmpty, words.count < limit { words.append(RequestFields.hash(word)) }
    return words.isEmpty ? [RequestFields.hash([])] : words
  }
}
