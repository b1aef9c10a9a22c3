/// Tells a picture's type and dimensions from its first bytes: PNG, JPEG, WebP, GIF, and the types of a few others.

package struct PictureHeader: Equatable {
  package var type: String
  package var width: Int?
  package var height: Int?

  /// - Parameter bytes: the file's beginning.
  /// - Returns: nil where it is none of these.
  package init?(_ bytes: [UInt8]) {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self.init("image/png", bytes.number(at: 16, count: 4), bytes.number(at: 20, count: 4))
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      let size = Self.jpegSize(bytes)
      self.init("image/jpeg", size?.width, size?.height)
    } else if bytes.reads("GIF8", at: 0) {
      self.init("image/gif", bytes.little(at: 6, count: 2), bytes.little(at: 8, count: 2))
    } else if bytes.reads("RIFF", at: 0), bytes.reads("WEBP", at: 8) {
      let size = Self.webPSize(bytes)
      self.init("image/webp", size?.width, size?.height)
    } else if bytes.reads("ftyp", at: 4) {
      self.init(bytes.reads("avif", at: 8) ? "image/avif" : "video/mp4", nil, nil)
    } else if bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) {
      self.init("video/webm", nil, nil)
    } else {
      return nil
    }
  }

  private init(_ type: String, _ width: Int?, _ height: Int?) {
    self.type = type
    (self.width, self.height) = (width, height)
  }

  /// The frame header is behind segments of any number and kind (ITU T.81, B.1.1).
  private static func jpegSize(_ bytes: [UInt8]) -> (width: Int, height: Int)? {
    var at = 2
    while at + 9 < bytes.count, bytes[at] == 0xFF {
      let marker = bytes[at + 1]
      switch marker {
      case 0xFF: at += 1
      case 0xC0...0xCF where marker != 0xC4 && marker != 0xC8 && marker != 0xCC:
        guard let height = bytes.number(at: at + 5, count: 2), let width = bytes.number(at: at + 7, count: 2) else {
          return nil
        }
        return (width, height)
      case 0x01, 0xD0...0xD9: at += 2
      default: at += 2 + max(2, bytes.number(at: at + 2, count: 2) ?? 2)
      }
    }
    return nil
  }

  /// Three kinds of first chunk (RFC 9649, 2.5 to 2.7).
  private static func webPSize(_ bytes: [UInt8]) -> (width: Int, height: Int)? {
    if bytes.reads("VP8X", at: 12), let width = bytes.little(at: 24, count: 3),
      let height = bytes.little(at: 27, count: 3)
    {
      return (width + 1, height + 1)
    }
    if bytes.reads("VP8 ", at: 12), let width = bytes.little(at: 26, count: 2),
      let height = bytes.little(at: 28, count: 2)
    {
      return (width & 0x3FFF, height & 0x3FFF)
    }
    guard bytes.reads("VP8L", at: 12), let word = bytes.little(at: 21, count: 4) else { return nil }
    return (word & 0x3FFF + 1, word >> 14 & 0x3FFF + 1)
  }
}

extension [UInt8] {
  fileprivate func reads(_ text: StaticString, at start: Int) -> Bool {
    start + text.utf8CodeUnitCount <= count
      && (0..<text.utf8CodeUnitCount).allSatisfy { self[start + $0] == text.utf8Start[$0] }
  }

  /// The most significant byte first; nil beyond the end.
  fileprivate func number(at start: Int, count: Int) -> Int? {
    start + count <= self.count ? self[start..<start + count].reduce(0) { $0 << 8 | Int($1) } : nil
  }

  /// The least significant byte first.
  fileprivate func little(at start: Int, count: Int) -> Int? {
    start + count <= self.count ? self[start..<start + count].reversed().reduce(0) { $0 << 8 | Int($1) } : nil
  }
}
