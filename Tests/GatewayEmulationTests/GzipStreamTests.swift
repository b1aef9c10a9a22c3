import Testing

@testable import GatewayEmulation

@Suite("GzipStream")
struct GzipStreamTests {
  @Test("Two pieces make the member that gzip reads back as héllo héllo")
  func golden() {
    var gzip = GzipStream()
    let bytes = gzip.piece("héllo ".utf8) + gzip.piece("héllo".utf8) + gzip.finish()
    #expect(
      bytes == [
        0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF,
        0xCA, 0x38, 0xBC, 0x32, 0x27, 0x27, 0x5F, 1, 0, 0, 0, 0xFF, 0xFF,
        0xCA, 0x38, 0xBC, 0x32, 0x27, 0x27, 0x1F, 0, 0, 0, 0xFF, 0xFF,
        3, 0, 0xCC, 0xFF, 0x8D, 0x6E, 13, 0, 0, 0,
      ])
  }
}
