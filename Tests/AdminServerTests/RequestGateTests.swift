import Testing

@testable import AdminServer

@Suite("RequestGate")
struct RequestGateTests {
  private let open = RequestGate(token: nil)
  private let guarded = RequestGate(token: BearerToken("s3cret"))

  private func head(
    changes: Bool = false, isOpen: Bool = false, host: String? = "127.0.0.1:8788", origin: String? = nil,
    site: String? = nil, authorization: String? = nil, type: String? = nil, encoding: String? = nil
  ) -> RequestGate.Head {
    .init(
      changesSomething: changes, isOpen: isOpen, host: host, origin: origin, fetchSite: site,
      authorization: authorization, contentType: type, contentEncoding: encoding)
  }

  @Test(
    "Without a token, names of this machine are served",
    arguments: ["127.0.0.1:8788", "127.0.0.1", "localhost:8788", "LocalHost", "[::1]:8788", "[::1]", "127.1.2.3:1"])
  func ownHosts(host: String) {
    #expect(open.refusal(of: head(host: host)) == nil)
  }

  @Test(
    "Without a token, a name that someone else may have pointed here is not served",
    arguments: [
      "evil.example", "evil.example:8788", "localhost.evil.example", "127.0.0.1.evil.example:8788", "", ":8788",
      "[::2]:8788", "[::1", "10.0.0.1", "localhost:1@evil.example", "[::1].evil.example", "[::1]:8788@evil.example",
      nil,
    ])
  func foreignHosts(host: String?) {
    #expect(open.refusal(of: head(host: host)) == .foreignHost)
    #expect(open.refusal(of: head(isOpen: true, host: host)) == .foreignHost)
  }

  @Test("With a token the Host does not matter, the token does")
  func token() {
    #expect(guarded.refusal(of: head(host: "anything.example", authorization: "Bearer s3cret")) == nil)
    #expect(guarded.refusal(of: head(authorization: "Bearer wrong")) == .unauthorized)
    #expect(guarded.refusal(of: head()) == .unauthorized)
    #expect(guarded.refusal(of: head(isOpen: true)) == nil)
  }

  @Test("A page of another site cannot change anything, with or without a token")
  func crossSite() {
    let foreign: [(origin: String?, site: String?)] = [
      ("https://evil.example", nil), ("null", nil), (nil, "cross-site"), (nil, "same-site"),
      ("http://127.0.0.1:8788", "cross-site"), ("http://127.0.0.1:9999", nil), ("http://localhost:8788", nil),
      ("http://127.0.0.1:8788.evil.example", nil), ("ftp://127.0.0.1:8788", nil),
    ]
    for (origin, site) in foreign {
      #expect(open.refusal(of: head(changes: true, origin: origin, site: site)) == .crossSite)
      let given = head(changes: true, origin: origin, site: site, authorization: "Bearer s3cret")
      #expect(guarded.refusal(of: given) == .crossSite)
      #expect(open.refusal(of: head(origin: origin, site: site)) == nil, "reading is kept apart by the browser")
    }
  }

  @Test("Its own page and tools outside browsers can change things")
  func ownPage() {
    let own: [(origin: String?, site: String?)] = [
      (nil, nil), ("http://127.0.0.1:8788", "same-origin"), ("https://127.0.0.1:8788", nil), (nil, "none"),
    ]
    for (origin, site) in own { #expect(open.refusal(of: head(changes: true, origin: origin, site: site)) == nil) }
  }

  @Test("A body must be plain JSON, which no form can send")
  func contentType() {
    for type in ["application/json", "application/json; charset=utf-8", "Application/JSON ;charset=utf-8"] {
      #expect(open.refusal(of: head(changes: true, type: type)) == nil)
    }
    for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp", ""] {
      #expect(open.refusal(of: head(changes: true, type: type)) == .contentType)
    }
    #expect(open.refusal(of: head(changes: true, encoding: "gzip")) == .contentType)
    #expect(open.refusal(of: head(changes: true, encoding: "identity")) == nil)
  }
}
