/// Errors of libraries are shown without the paths of the machine that built them.

import Testing

@testable import SidecarProxy

@Suite struct ErrorWordsTests {
  @Test(
    "a path goes with the word before it, the rest stays",
    arguments: [
      (
        "handshakeFailed(NIOSSL.BoringSSLError.sslError([Error: 268435581 error:1000007d:SSL routines:"
          + "OPENSSL_internal:CERTIFICATE_VERIFY_FAILED at /build/swift-nio-ssl/Sources/ssl/handshake.cc:393]))",
        "handshakeFailed(NIOSSL.BoringSSLError.sslError([Error: 268435581 error:1000007d:SSL routines:"
          + "OPENSSL_internal:CERTIFICATE_VERIFY_FAILED]))"
      ),
      ("connection reset (error set by peer)", "connection reset (error set by peer)"), ("", ""),
      ("no such file: '/x/y z'", "no such file: z'"), ("a/b and/or c", "a/b and/or c"), ("/x", ""),
    ])
  func paths(_ text: String, _ expected: String) {
    #expect(withoutPaths(text) == expected)
  }
}
