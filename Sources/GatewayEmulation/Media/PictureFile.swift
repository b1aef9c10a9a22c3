/// Pictures and videos as small as they can be: real files of the size asked for, in one colour of the job's own.

enum PictureFile {
  /// A PNG (W3C, third edition): a palette of one colour and one bit for each dot.
  static func png(width: Int, height: Int, seed: UInt64) -> [UInt8] {
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    var random = SeededRandom(seed: seed)
    let colour = (0..<3).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    add("IHDR", word(width) + word(height) + [1, 3, 0, 0, 0], to: &file)
    add("PLTE", colour, to: &file)
    // Two pictures of one colour are still two files.
    add("tEXt", Array("Comment\0\(String(random.next(), radix: 36))".utf8), to: &file)
    add("IDAT", zeros((width + 7) / 8 * height + height), to: &file)
    add("IEND", [], to: &file)
    return file
  }

  private static func add(_ type: String, _ data: [UInt8], to file: inout [UInt8]) {
    let body = Array(type.utf8) + data
    file += word(data.count) + body + word(Int(Checksum.of(body)))
  }

  /// Most significant byte first.
  fileprivate static func word(_ number: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
  }

  /// So many zeros as a zlib stream (RFC 1950): one literal, then copies of it.
  private static func zeros(_ count: Int) -> [UInt8] {
    var bits = BitWriter()
    bits.put(0b011, count: 3)
    bits.putCode(0x30, count: 8)
    var left = count - 1
    while left >= 258 {
      // Length 258 is code 285, seven bits after 256 becoming eight from 280 on; distance 1 is code 0.
      bits.putCode(0xC0 + 285 - 280, count: 8)
      bits.put(0, count: 5)
      left -= 258
    }
    for _ in 0..<left { bits.putCode(0x30, count: 8) }
    bits.put(0, count: 7)
    bits.align()
    // Adler-32 of zeros: the first sum stays 1, the second counts.
    return [0x78, 0x01] + bits.output + word((count % 65_521) << 16 | 1)
  }
}

enum MovieFile {
  /// An MP4 without tracks: its type, its length, and bytes of its own.
  static func mp4(seconds: Int, seed: UInt64) -> [UInt8] {
    var random = SeededRandom(seed: seed)
    let media = (0..<64).flatMap { _ in PictureFile.word(Int(truncatingIfNeeded: random.next())) }
    let matrix = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000].flatMap(PictureFile.word)
    let times = [0, 0, 0, 1000, seconds * 1000, 0x10000].flatMap(PictureFile.word)
    let header =
      times + [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + matrix + [UInt8](repeating: 0, count: 24) + [0, 0, 0, 2]
    let type = Array("isom".utf8) + PictureFile.word(512) + Array("isomiso2mp41".utf8)
    return box("ftyp", type) + box("moov", box("mvhd", header)) + box("mdat", media)
  }

  private static func box(_ type: String, _ data: [UInt8]) -> [UInt8] {
    PictureFile.word(data.count + 8) + Array(type.utf8) + data
  }
}
