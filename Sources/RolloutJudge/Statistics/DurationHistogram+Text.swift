/// A histogram of durations as a short text: what is kept in the store.

extension DurationHistogram: Codable {
  /// `17x2 3x1`: microseconds beyond the value before, and how often; only values that occurred, in order.
  package func encode(to encoder: any Encoder) throws {
    var text: [UInt8] = []
    var last: UInt64 = 0
    var saved = saved
    // Beyond it no quantile goes, so it is kept as it was and not as its bin's end.
    if saved.count > 1 { saved[saved.count - 2] = longest }
    text.reserveCapacity(saved.count * 4)
    for index in stride(from: 0, to: saved.count - 1, by: 2) {
      if index > 0 { text.append(UInt8(ascii: " ")) }
      text.append(contentsOf: String(saved[index] - last).utf8)
      text.append(UInt8(ascii: "x"))
      text.append(contentsOf: String(saved[index + 1]).utf8)
      last = saved[index]
    }
    var container = encoder.singleValueContainer()
    try container.encode(String(decoding: text, as: UTF8.self))
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    var saved: [UInt64] = []
    var last: UInt64 = 0
    for pair in try container.decode(String.self).split(separator: " ") {
      let numbers = pair.split(separator: "x", maxSplits: 1).compactMap { UInt64($0) }
      guard numbers.count == 2, numbers[0] <= Self.most, numbers[1] < 1 << 53 else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a histogram of durations")
      }
      last += numbers[0]
      saved += [last, numbers[1]]
    }
    self.init(saved)
  }
}
