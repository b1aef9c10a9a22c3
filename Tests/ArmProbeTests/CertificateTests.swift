/// Dates of certificates, as different TLS libraries write them.

import RolloutJudge
import Testing

@testable import ArmProbe

struct CertificateTests {
  private static let dates: [(String, String?)] = [
    ("Oct 29 18:26:38 2126 GMT", "2126-10-29T18:26:38Z"), ("Jan  1 00:00:00 2027 GMT", "2027-01-01T00:00:00Z"),
    ("2126-10-29 18:26:38 GMT", "2126-10-29T18:26:38Z"), ("Dec 31 23:59:59 9999 GMT", "2200-12-31T23:59:59Z"),
    ("tomorrow", nil), ("Foo 29 18:26:38 2126 GMT", nil), ("Oct x 18:26:38 2126 GMT", nil), ("", nil),
  ]

  @Test("both forms are read, and what is neither is none", arguments: dates)
  func dateForms(_ text: String, _ expected: String?) {
    #expect(Certificate.date(text) == expected.flatMap { Instant(rfc3339: $0) })
  }

  @Test("days are whole, and below zero after the end")
  func days() throws {
    let end = try #require(Instant(rfc3339: "2026-11-22T12:00:00Z"))
    let certificate = Certificate(subject: "", issuer: "", expires: end)
    #expect(certificate.daysLeft(at: end + .seconds(-86_400 * 2 - 1)) == 2)
    #expect(certificate.daysLeft(at: end + .seconds(-1)) == 0)
    #expect(certificate.daysLeft(at: end + .seconds(1)) == -1)
  }
}
