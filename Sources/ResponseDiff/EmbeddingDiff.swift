/// Compares embeddings: an index built of the one kind is of no use with another.

extension Comparing {
  /// Below the first the vectors are of another space; below the second they are of another model or precision.
  private static let cosines = (other: 0.9, near: 0.99, same: 0.9999)

  mutating func compareEmbeddings(_ a: [[Float]], _ b: [[Float]]) {
    if a.count != b.count {
      list.add("data", .dimension, a.isEmpty ? .note : .breaking, "\(a.count) vectors", "\(b.count) vectors")
    }
    for (index, (first, second)) in zip(a, b).enumerated() where !first.isEmpty {
      let path = paths.text(index)
      guard first.count == second.count else {
        list.add(path, .dimension, .breaking, "\(first.count) dimensions", "\(second.count) dimensions")
        continue
      }
      guard let value = Self.cosine(first, second) else { continue }
      cosine = min(cosine ?? 1, value)
      guard value < Self.cosines.same else { continue }
      let severity: Difference.Severity =
        value < Self.cosines.other ? .breaking : value < Self.cosines.near ? .minor : .note
      list.add(path, .cosine, severity, nil, "cosine \(Self.shortened(value))")
    }
  }

  private static func shortened(_ value: Double) -> Double { Double(Int(value * 10_000)) / 10_000 }

  /// -1…1; nil where one has no length.
  private static func cosine(_ a: [Float], _ b: [Float]) -> Double? {
    var (dot, lengthA, lengthB) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      dot += Double(x) * Double(y)
      lengthA += Double(x) * Double(x)
      lengthB += Double(y) * Double(y)
    }
    let length = (lengthA * lengthB).squareRoot()
    guard length > 0, length.isFinite, dot.isFinite else { return nil }
    return min(1, max(-1, dot / length))
  }
}
