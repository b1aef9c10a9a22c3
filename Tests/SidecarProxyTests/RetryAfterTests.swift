/// How long a vendor asks not to be asked again.

import RolloutJudge
import Testing

@testable import SidecarProxy

@Suite struct RetryAfterTests {
  /// 1994-11-06T08:49:30Z
  private static let now = Instant(rfc3339: "1994-11-06T08:49:30Z") ?? Instant(nanoseconds: 0)

  @Test(
    "seconds and all three forms of a date say how long",
    arguments: [
      ("7", 7.0), ("0.5", 0.5), ("Sun, 06 Nov 1994 08:49:37 GMT", 7), ("Sunday, 06-Nov-94 08:49:37 GMT", 7),
      ("Sun Nov  6 08:49:37 1994", 7), ("Mon, 07 Nov 1994 08:49:29 GMT", 86_399),
    ])
  func forms(_ text: String, _ seconds: Double) {
    #expect(RetryAfter.duration(text, at: Self.now) == .seconds(seconds))
  }

  @Test(
    "what is past, a day away, or none of these says nothing",
    arguments: [
      "-1", "86400", "soon", "", "nan", "inf", "Sun, 06 Nov 1994 08:49:29 GMT", "Tue, 08 Nov 1994 08:49:37 GMT",
      "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994", "Sun, xx Nov 1994 08:49:37 GMT", ",,,,", "1-2-3-4-5",
    ])
  func nothing(_ text: String) { #expect(RetryAfter.duration(text, at: Self.now) == nil) }

  @Test("no year is too far away to be read as none", arguments: [1, 99, 1600, 1677, 1700, 2262, 2280, 2330, 9999])
  func farAway(_ year: Int) {
    let text = "Fri, 31 Dec \(String(repeating: "0", count: 4 - String(year).count))\(year) 23:59:59 GMT"
    #expect(RetryAfter.duration(text, at: Self.now) == nil)
  }
}
