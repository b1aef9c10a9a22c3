/// Pictures of which only type, dimensions, size and a hash are kept, cut wherever they may be.

import Testing

@testable import Dialects

@Suite struct PictureSieveTests {
  /// The beginnings of files of 640 by 480, with nothing behind.
  private static let files: [(type: String, bytes: [UInt8])] = [
    (
      "image/png",
      [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 2, 128, 0, 0, 1, 224]
    ),
    ("image/gif", Array("GIF89a".utf8) + [128, 2, 224, 1, 0]),
    (
      "image/jpeg",
      [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFE, 0, 3, 9, 0xFF, 0xC2, 0, 17, 8, 1, 224, 2, 128, 3, 0, 0, 0]
    ),
    (
      "image/webp",
      Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WEBPVP8X".utf8) + [0, 0, 0, 10, 0, 0, 0, 0, 127, 2, 0, 223, 1, 0]
    ),
    (
      "image/webp",
      Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WEBPVP8 ".utf8) + [
        0, 0, 0, 10, 0, 0, 0, 0x9D, 1, 0x2A, 128, 2, 224, 1,
      ]
    ),
    (
      "image/webp",
      Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WEBPVP8L".utf8) + [0, 0, 0, 10, 0x2F, 0x7F, 0xC2, 0x77, 0]
    ),
  ]

  private func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for at in stride(from: 0, to: bytes.count, by: 3) {
      let part = Array(bytes[at..<min(at + 3, bytes.count)])
      let word = (0..<3).reduce(0) { $0 << 8 | ($1 < part.count ? Int(part[$1]) : 0) }
      for place in 0...part.count { text.append(alphabet[word >> (18 - 6 * place) & 63]) }
      text += String(repeating: "=", count: 3 - part.count)
    }
    return text
  }

  private func sieved(_ text: String, cuts: [Int] = []) -> String {
    let bytes = Array(text.utf8)
    var (sieve, out, start) = (PictureSieve(), [UInt8](), 0)
    for end in cuts + [bytes.count] {
      sieve.read(bytes[start..<end].span.bytes) { $0.withUnsafeBytes { out += Array($0) } }
      start = end
    }
    sieve.end { $0.withUnsafeBytes { out += Array($0) } }
    return String(decoding: out, as: UTF8.self)
  }

  private func media(_ body: String, _ endpoint: Endpoint = .images) -> [AnswerContent.Medium] {
    let bytes = Array(body.utf8)
    return AnswerContent(endpoint: endpoint, status: 200, body: bytes.span.bytes).choices.flatMap(\.media)
  }

  @Test("a small picture's bytes tell its type and dimensions", arguments: files.indices)
  func headers(_ index: Int) throws {
    let (type, bytes) = Self.files[index]
    let medium = try #require(media(#"{"data":[{"b64_json":"\#(base64(bytes))","media_type":"image/x"}]}"#).first)
    #expect(medium.type == type && medium.width == 640 && medium.height == 480 && medium.byteCount == bytes.count)
  }

  @Test("a file that is none, or is cut, has no dimensions, and is never read beyond its end", arguments: files.indices)
  func broken(_ index: Int) {
    let bytes = Self.files[index].bytes
    for count in 0...bytes.count { _ = PictureHeader(Array(bytes.prefix(count))) }
    var random = SplitMix64(seed: UInt64(index))
    for _ in 0..<2_000 {
      var other = bytes
      for _ in 0..<3 { other[Int.random(in: 4..<other.count, using: &random)] = .random(in: 0...255, using: &random) }
      _ = PictureHeader(other)
    }
  }

  @Test("of a large one the base64 is dropped, and all that is compared stays the same")
  func large() throws {
    let file = Self.files[0].bytes + (0..<9_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let text = base64(file)
    for body in [
      #"{"created":1,"data":[{"b64_json":"\#(text)","media_type":"image/png"},{"b64_json":"\#(text)"}],"usage":{"cost":1}}"#,
      #"{"data":[{"b64_json":"\#(text.replacing("/", with: "\\/"))"}]}"#,
      #"data: {"type":"image_generation.completed","b64_json":"\#(text)"}"# + "\n\ndata: [DONE]\n\n",
    ] {
      let kept = sieved(body)
      #expect(kept.utf8.count < 500)
      let (whole, small) = (media(body), media(kept))
      #expect(whole == small && !small.isEmpty && small[0].width == 640 && small[0].byteCount == file.count)
      var random = SplitMix64(seed: 7)
      for cut in 0..<300 { #expect(sieved(body, cuts: [cut]) == kept) }
      for _ in 0..<100 {
        let cuts = (0..<5).map { _ in Int.random(in: 0...body.utf8.count, using: &random) }.sorted()
        #expect(sieved(body, cuts: cuts) == kept)
      }
    }
    let chat = #"{"choices":[{"message":{"images":[{"image_url":{"url":"data:image/webp;base64,\#(text)"}}]}}]}"#
    #expect(media(sieved(chat), .chatCompletions) == media(chat, .chatCompletions))
    #expect(media(chat, .chatCompletions).first?.type == "image/png", "the bytes go before what is said of them")
  }

  @Test("everything else passes byte for byte, long or short, whole or cut")
  func others() {
    let prose = String(repeating: "Words and words. ", count: 300)
    let word = "\\u0041 " + String(repeating: "x", count: 9_000)
    for body in [
      "", "null", #"{"a":"\#(prose)","b":[1,2,"\\\"x"]}"#, #"{"a":"\#(word)"}"#, "data: {\"a\":\"b\\\\\"}\n\n",
      #"{"a":"\#(String(repeating: "A", count: PictureSieve.textLimit - 1))"}"#, #"{"a":"cut"#, #"{"a":"\#(prose)"#,
    ] {
      #expect(sieved(body) == body)
      for cut in 0...min(400, body.utf8.count) { #expect(sieved(body, cuts: [cut]) == body) }
    }
  }

  @Test("a URL tells by its end, and other hash is another picture")
  func urls() {
    #expect(media(#"{"data":[{"url":"https://h/a.webp?x=1.png"}]}"#).first?.type == "image/webp")
    #expect(media(#"{"images":[{"url":"https://h/a"}]}"#).first?.type == nil)
    let (a, b) = (base64([1, 2, 3, 4]), base64([1, 2, 3, 5]))
    #expect(
      media(#"{"data":[{"b64_json":"\#(a)"}]}"#).first?.hash != media(#"{"data":[{"b64_json":"\#(b)"}]}"#).first?.hash)
  }
}
