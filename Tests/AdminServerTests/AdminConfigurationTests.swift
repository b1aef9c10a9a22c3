import Testing

@testable import AdminServer

@Suite("AdminConfiguration")
struct AdminConfigurationTests {
  @Test("Loopback needs no token", arguments: ["127.0.0.1", "127.8.9.255", "localhost", "LOCALHOST", "::1"])
  func loopback(host: String) throws {
    #expect(try AdminConfiguration(host: host).token == nil)
  }

  @Test(
    "Any other address without a token is refused with what to do",
    arguments: [
      "0.0.0.0", "::", "", "10.0.0.1", "128.0.0.1", "127.0.0.1.example.com", "127.0.0", "127.0.0.256", "127.0.0.+1",
      "example.com", "localhost.example.com",
    ])
  func beyondLoopback(host: String) {
    #expect(throws: AdminServerError.tokenRequired(host: host)) { try AdminConfiguration(host: host) }
  }

  @Test("With a token any address will do")
  func token() throws {
    #expect(try AdminConfiguration(host: "0.0.0.0", token: "s3cret").token != nil)
  }

  @Test("A token that no header can carry is refused", arguments: ["", " ", "a b", "a\nb", "schlüssel", "\u{7f}"])
  func invalidToken(token: String) {
    #expect(throws: AdminServerError.invalidToken) { try AdminConfiguration(token: token) }
  }

  @Test("A port that is none is refused", arguments: [-1, 65_536])
  func port(port: Int) {
    #expect(throws: AdminServerError.invalidPort(port)) { try AdminConfiguration(port: port) }
  }

  @Test("Errors say what is wrong and what to do")
  func messages() {
    #expect(
      AdminServerError.tokenRequired(host: "0.0.0.0").description
        == "the admin endpoints would listen on 0.0.0.0, which others can reach: "
        + "give --admin-token, or listen on 127.0.0.1"
    )
    #expect(
      AdminServerError.cannotListen(host: "127.0.0.1", port: 80, cause: "denied").description
        == "the admin endpoints cannot listen on 127.0.0.1:80: denied; give another --admin address")
    #expect(AdminServerError.invalidPort(-1).description == "-1 is not a port: 0 to 65535")
  }

  @Test("A configuration never prints its token")
  func secrecy() throws {
    let configuration = try AdminConfiguration(token: "s3cret")
    var dumped = ""
    dump(configuration, to: &dumped)
    #expect(!"\(configuration) \(String(reflecting: configuration)) \(dumped)".contains("s3cret"))
  }
}
