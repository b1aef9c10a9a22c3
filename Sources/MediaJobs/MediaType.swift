/// The type of a file by its first bytes: what a vendor calls it is often `application/octet-stream`.

package enum MediaType {
  /// Enough of a file to tell.
  package static let signatureBytes = 16

  /// - Returns: nil where it is none that is known.
  package static func of(_ start: some Collection<UInt8>) -> String? {
    let start = Array(start.prefix(signatureBytes))
    func begins(_ bytes: [UInt8], at offset: Int = 0) -> Bool { start.dropFirst(offset).starts(with: bytes) }
    if begins([0x89, 0x50, 0x4E, 0x47]) { return "image/png" }
    if begins([0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
    if begins(Array("GIF8".utf8)) { return "image/gif" }
    if begins(Array("RIFF".utf8)), begins(Array("WEBP".utf8), at: 8) { return "image/webp" }
    if begins(Array("ftyp".utf8), at: 4) { return begins(Array("avif".utf8), at: 8) ? "image/avif" : "video/mp4" }
    if begins([0x1A, 0x45, 0xDF, 0xA3]) { return "video/webm" }
    return nil
  }
}
