/// The way through a proxy: what is asked, and what its answer means, cut at every byte.

import RolloutJudge
import Testing

@testable import SidecarProxy

@Suite struct TunnelTests {
  private static func progress(_ text: String, cutAt cut: Int) -> TunnelAnswer.Progress {
    var answer = TunnelAnswer()
    let bytes = Array(text.utf8)
    let first = answer.received(bytes[..<cut])
    return first == .more ? answer.received(bytes[cut...]) : first
  }

  @Test(
    "an answer means the same wherever it is cut",
    arguments: [
      ("HTTP/1.1 200 Connection established\r\n\r\n", TunnelAnswer.Progress.open),
      ("HTTP/1.0 200\r\nVia: x\r\n\r\n", .open), ("HTTP/1.1 204 x\r\n\r\n", .open),
      ("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", .refused(status: 407)),
      ("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", .refused(status: 403)),
      ("SSH-2.0-x\r\n\r\n", .broken), ("HTTP/2 200\r\n\r\n", .broken), ("HTTP/1.1 2000 x\r\n\r\n", .broken),
      ("HTTP/1.1 200 x\r\n", .more),
    ])
  func answers(_ text: String, _ progress: TunnelAnswer.Progress) {
    for cut in 0...text.utf8.count { #expect(Self.progress(text, cutAt: cut) == progress, "cut at \(cut)") }
  }

  @Test("what comes right behind the head was asked for by nobody")
  func early() {
    var answer = TunnelAnswer()
    #expect(answer.received("HTTP/1.1 200 x\r\n\r\nhello".utf8) == .broken)
  }

  @Test("a head without an end is cut off")
  func endless() {
    var answer = TunnelAnswer()
    #expect(answer.received(Array(repeating: 65, count: TunnelAnswer.limit)) == .more)
    #expect(answer.received([65]) == .broken)
  }

  @Test(
    "credentials go to the proxy alone, as RFC 7617 writes them",
    arguments: [("Aladdin:open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), ("a:", "YTo="), ("ab:c", "YWI6Yw==")])
  func request(_ pair: String, _ encoded: String) {
    let url = ArmURL(isTLS: true, host: "arm.example", port: 443, basePath: "/v1")
    let tunnel = ArmTunnel(ArmProxy(host: "p", port: 3128, credentials: Secret(pair)), to: url)
    #expect(
      String(decoding: tunnel.request, as: UTF8.self)
        == "CONNECT arm.example:443 HTTP/1.1\r\nHost: arm.example:443\r\nProxy-Authorization: Basic \(encoded)\r\n\r\n")
    let bare = ArmTunnel(
      ArmProxy(host: "p", port: 3128), to: ArmURL(isTLS: false, host: "::1", port: 80, basePath: ""))
    #expect(String(decoding: bare.request, as: UTF8.self) == "CONNECT [::1]:80 HTTP/1.1\r\nHost: [::1]:80\r\n\r\n")
  }
}
