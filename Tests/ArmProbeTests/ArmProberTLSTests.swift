/// Probing gateways behind TLS: handshakes are timed and certificates read, and none that is bad gets a key.

import GatewayEmulation
import RolloutJudge
import Testing

@testable import ArmProbe

@Suite(.timeLimit(.minutes(2)))
struct ArmProberTLSTests {
  private static let valid = GatewayTLS(
    certificatePEM: TestCertificate.valid, privateKeyPEM: TestCertificate.validKey)
  private static let expired = GatewayTLS(
    certificatePEM: TestCertificate.expired, privateKeyPEM: TestCertificate.expiredKey)

  private static func findings(
    _ tls: GatewayTLS, authority: String?, host: String = "localhost", now: Instant = Probed.now
  ) async throws -> (ArmFindings, [ReceivedRequest]) {
    try await Probed.withFile(authority ?? "") { path in
      try await Probed.findings(
        GatewayBehavior(vendor: .litellm, models: ["claude-opus"], requireKey: Probed.key.exposed), tls: tls,
        settings: Probed.settings {
          if authority != nil { $0.certificateAuthorities = path }
          $0.now = now
        }
      ) { Probed.target(port: $0, isTLS: true, host: host) }
    }
  }

  @Test("the handshake is timed on new connections, and the certificate is read")
  func good() async throws {
    let (findings, _) = try await Self.findings(Self.valid, authority: TestCertificate.valid)
    #expect(ArmVerdict(findings, now: Probed.now).readiness == .ready)
    #expect(try #require(findings.fresh?[.tls]) > .zero)
    #expect(findings.kept?[.tls] == nil)
    #expect(findings.httpVersion == "1.1")
    #expect(!findings.offersHTTP2)
    let certificate = try #require(findings.certificate)
    #expect(certificate.subject.contains("localhost"))
    #expect(certificate.expires == Instant(rfc3339: "2126-01-01T00:00:00Z"))
  }

  @Test("a certificate that soon expires is a remark")
  func soon() async throws {
    let now = try #require(Instant(rfc3339: "2125-12-22T00:00:00Z"))
    let (findings, _) = try await Self.findings(Self.valid, authority: TestCertificate.valid)
    #expect(ArmVerdict(findings, now: now).remarks == ["its certificate expires in 10 days"])
  }

  @Test("an unknown authority: the arm hears nothing, and the certificate is named")
  func untrusted() async throws {
    let (findings, received) = try await Self.findings(Self.valid, authority: nil)
    #expect(findings.unreachable?.kind == .tls)
    #expect(findings.certificate?.subject.contains("localhost") == true)
    #expect(received.isEmpty)
    let reason = try #require(ArmVerdict(findings, now: Probed.now).reasons.first)
    #expect(reason.contains("cannot be verified") && reason.contains("localhost"))
  }

  @Test("an expired certificate is said to be expired")
  func expired() async throws {
    let (findings, received) = try await Self.findings(Self.expired, authority: TestCertificate.expired)
    #expect(findings.unreachable?.kind == .tls)
    #expect(received.isEmpty)
    let reason = try #require(ArmVerdict(findings, now: Probed.now).reasons.first)
    #expect(reason.contains("expired 2151 days ago"))
  }

  @Test("TLS to a port that speaks none, and a file of authorities that is not there")
  func misconfigured() async throws {
    let (plain, _) = try await Probed.findings(GatewayBehavior()) { Probed.target(port: $0, isTLS: true) }
    #expect(plain.unreachable?.kind == .tls)
    let (missing, _) = try await Probed.findings(
      GatewayBehavior(), tls: Self.valid, settings: Probed.settings { $0.certificateAuthorities = "/no/such/file" }
    ) { Probed.target(port: $0, isTLS: true) }
    #expect(missing.unreachable?.kind == .local)
  }
}
