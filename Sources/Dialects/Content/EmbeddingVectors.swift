/// Reads the vectors of an embeddings answer, as numbers or as base64 of little-endian floats.

/// - Returns: by index, empty where one is missing or cannot be read; nil where the document has none.
func readEmbeddings(_ document: JSONTree) -> [[Float]]? {
  guard case .array(let data) = document["data"] else { return nil }
  var vectors: [[Float]] = []
  for (position, item) in data.enumerated() {
    let index = item["index"]?.integer ?? position
    guard (0..<AnswerContent.indexLimit).contains(index), let embedding = item["embedding"] else { continue }
    while vectors.count <= index { vectors.append([]) }
    vectors[index] = vector(embedding)
  }
  return vectors
}

private func vector(_ embedding: JSONTree) -> [Float] {
  switch embedding {
  case .array(let elements):
    let numbers = elements.compactMap { $0.double.map(Float.init) }
    return numbers.count == elements.count ? numbers : []
  case .string(let text): return floats(ofBase64: text) ?? []
  default: return []
  }
}

/// - Returns: nil where it is not base64 or not whole floats.
private func floats(ofBase64 text: String) -> [Float]? {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(text.utf8.count / 4 * 3)
  var (word, bits): (UInt32, UInt32) = (0, 0)
  for byte in text.utf8 where byte != UInt8(ascii: "=") {
    guard let value = base64Value(byte) else { return nil }
    word = word << 6 | UInt32(value)
    bits += 6
    if bits >= 8 {
      bits -= 8
      bytes.append(UInt8(truncatingIfNeeded: word >> bits))
    }
  }
  guard bytes.count % 4 == 0 else { return nil }
  return stride(from: 0, to: bytes.count, by: 4).map { at in
    let word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) }
    return Float(bitPattern: word)
  }
}

func base64Value(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
  case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
  case UInt8(ascii: "+"): 62
  case UInt8(ascii: "/"): 63
  default: nil
  }
}
