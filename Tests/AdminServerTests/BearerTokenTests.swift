import Testing

@testable import AdminServer

@Suite("BearerToken")
struct BearerTokenTests {
  private let token = BearerToken("s3cret")!

  @Test(
    "The token is admitted, the scheme in any case", arguments: ["Bearer s3cret", "bearer s3cret", "BEARER s3cret"])
  func admitted(authorization: String) {
    #expect(token.admits(authorization))
  }

  @Test(
    "Anything else is not",
    arguments: [
      "", "Bearer", "Bearer ", "s3cret", "Basic s3cret", "Bearer s3cre", "Bearer s3crets", "Bearer S3cret",
      "Bearer s3cret ", "Bearer  s3cret", "Bearer s3crets3cret", "Bearers3cret", "Bearer s3cret, Bearer x",
    ])
  func refused(authorization: String) {
    #expect(!token.admits(authorization))
  }

  @Test("Every single wrong byte is noticed")
  func everyByte() {
    for index in 0..<6 {
      var guess = Array("s3cret".utf8)
      guess[index] ^= 1
      #expect(!token.admits("Bearer " + String(decoding: guess, as: UTF8.self)))
    }
  }
}
