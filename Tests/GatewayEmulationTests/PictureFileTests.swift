import Foundation
import Testing

@testable import GatewayEmulation

@Suite("PictureFile")
struct PictureFileTests {
  private func word(_ bytes: [UInt8], _ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }

  @Test("A PNG's parts have their lengths and checksums, and its sides are those asked for")
  func png() {
    for (width, height) in [(1, 1), (7, 3), (64, 64), (1344, 768), (4096, 4096)] {
      let file = PictureFile.png(width: width, height: height, seed: 3)
      var place = 8
      var types: [String] = []
      while place < file.count {
        let length = word(file, place)
        types.append(String(decoding: file[place + 4..<place + 8], as: UTF8.self))
        #expect(word(file, place + 8 + length) == Int(Checksum.of(file[place + 4..<place + 8 + length])))
        place += 12 + length
      }
      #expect(place == file.count && types == ["IHDR", "PLTE", "tEXt", "IDAT", "IEND"])
      #expect(word(file, 16) == width && word(file, 20) == height)
      #expect(file.count < 20_000)
    }
  }

  @Test("A seed repeats a file, and another one makes another")
  func seeds() {
    let first = PictureFile.png(width: 8, height: 8, seed: 1)
    #expect(PictureFile.png(width: 8, height: 8, seed: 1) == first)
    #expect(PictureFile.png(width: 8, height: 8, seed: 2) != first)
  }

  @Test("An MP4 is a row of boxes that fill it")
  func mp4() {
    let file = MovieFile.mp4(seconds: 5, seed: 1)
    var place = 0
    var types: [String] = []
    while place < file.count {
      types.append(String(decoding: file[place + 4..<place + 8], as: UTF8.self))
      place += word(file, place)
    }
    #expect(place == file.count && types == ["ftyp", "moov", "mdat"])
  }

  @Test("The checksum is CRC-32's")
  func checksum() { #expect(Checksum.of(Array("123456789".utf8)) == 0xCBF4_3926) }

  @Test("Instants follow the calendar")
  func instants() {
    #expect(MediaInstant.text(.milliseconds(1_250)) == "2026-11-22T15:06:41.250Z")
    #expect(MediaInstant.text(.seconds(100 * 86_400)) == "2027-03-02T15:06:40.000Z")
  }
}
