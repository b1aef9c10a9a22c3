/// A picture's width and height, and the ratio that vendors who know only ratios call it by.

package struct PictureSize: Sendable, Equatable {
  package var width: Int
  package var height: Int

  /// - Parameter text: `1024x1024` or `1024*1024`.
  package init?(_ text: String) {
    let sides = text.lowercased().split(whereSeparator: { $0 == "x" || $0 == "*" }).map { Int($0) }
    guard sides.count == 2, let width = sides[0], let height = sides[1], (1...16_384).contains(width),
      (1...16_384).contains(height)
    else { return nil }
    self.width = width
    self.height = height
  }

  /// The well-known ratio that this is, within the 2% that models' steps of 64 pixels need; nil for an odd one.
  package var aspect: String? {
    let ratio = Double(width) / Double(height)
    return Self.ratios.first { abs(ratio / (Double($0.0) / Double($0.1)) - 1) <= 0.02 }.map { "\($0.0):\($0.1)" }
  }

  private static let ratios = [
    (1, 1), (16, 9), (9, 16), (4, 3), (3, 4), (3, 2), (2, 3), (5, 4), (4, 5), (21, 9), (9, 21), (2, 1), (1, 2),
  ]
}
