/// What a request asks a media vendor to make, read from the fields that this vendor knows and no others.

package struct AskedMedia: Sendable, Equatable {
  package var width = 1024
  package var height = 1024
  package var count = 1
  /// Of a video.
  package var seconds = 5

  static let longestSide = 4096
  static let highestCount = 10

  /// A field that says how large a picture is to be, and how it says that.
  enum Sizing: Sendable, Equatable {
    /// `16:9`, of about a megapixel.
    case ratio(String)
    /// `1024x1024`, or with another sign between the sides.
    case pixels(String, sign: Character = "x")
    case sides(width: String, height: String)
    /// `512`, `1K`, `2K`, `4K`, beside a ratio.
    case scale(String)
    /// fal.ai's `square_hd`, `landscape_16_9` or `{"width":…,"height":…}`.
    case named(String)
  }

  init(_ fields: JSONValue, _ params: MediaParams) {
    for sizing in params.sizing { apply(sizing, fields) }
    if let name = params.count, let number = fields[name]?.wholeNumber { count = number }
    if let name = params.seconds, let number = fields[name]?.wholeNumber { seconds = number }
    width = max(1, min(width, Self.longestSide))
    height = max(1, min(height, Self.longestSide))
    count = max(1, min(count, Self.highestCount))
    seconds = max(1, min(seconds, 60))
  }

  private mutating func apply(_ sizing: Sizing, _ fields: JSONValue) {
    switch sizing {
    case .ratio(let name):
      guard let sides = Self.pair(fields[name]?.string, ":") else { return }
      setRatio(Double(sides.0) / Double(sides.1))
    case .pixels(let name, let sign):
      guard let sides = Self.pair(fields[name]?.string, sign) else { return }
      (width, height) = sides
    case .sides(let widthName, let heightName):
      width = fields[widthName]?.wholeNumber ?? width
      height = fields[heightName]?.wholeNumber ?? height
    case .scale(let name):
      guard let factor = Self.scales[fields[name]?.string?.uppercased() ?? ""] else { return }
      width = Int(Double(width) * factor)
      height = Int(Double(height) * factor)
    case .named(let name):
      guard let value = fields[name] else { return }
      width = value["width"]?.wholeNumber ?? Self.names[value.string ?? ""]?.0 ?? width
      height = value["height"]?.wholeNumber ?? Self.names[value.string ?? ""]?.1 ?? height
    }
  }

  /// Sides of about a megapixel, in steps of 64.
  private mutating func setRatio(_ ratio: Double) {
    let area = 1024.0 * 1024.0
    width = max(64, Int((area * ratio).squareRoot() / 64) * 64)
    height = max(64, Int(((area / ratio).squareRoot() / 64).rounded()) * 64)
  }

  private static let scales = ["512": 0.5, "0.5K": 0.5, "1K": 1.0, "2K": 2.0, "4K": 4.0]

  private static let names = [
    "square_hd": (1024, 1024), "square": (512, 512), "portrait_4_3": (768, 1024), "portrait_16_9": (576, 1024),
    "landscape_4_3": (1024, 768), "landscape_16_9": (1024, 576),
  ]

  /// Two whole numbers above 0 with `sign` between them.
  static func pair(_ text: String?, _ sign: Character) -> (Int, Int)? {
    let parts = (text ?? "").split(separator: sign, omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let first = parts[0], let second = parts[1], first > 0, second > 0 else { return nil }
    return (min(first, 100_000), min(second, 100_000))
  }
}

extension JSONValue {
  /// A whole number, also one that a form wrote as text.
  var wholeNumber: Int? {
    if let number { return abs(number) < 1e9 && number == number.rounded() ? Int(number) : nil }
    return string.flatMap { Int($0) }
  }
}
