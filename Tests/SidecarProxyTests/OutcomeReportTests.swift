import Testing

@testable import SidecarProxy

/// What an application may write into `x-crossfade-outcome-of`.
@Suite struct OutcomeReportTests {
  @Test("an id alone is a success, and a failure says so")
  func forms() throws {
    let success = try #require(OutcomeReport("00000000000000ff"))
    #expect(success.exchange == 255)
    #expect(success.isSuccess)
    #expect(try #require(OutcomeReport("00000000000000ff; success=true")).isSuccess)
    #expect(try !#require(OutcomeReport(" 00000000000000FF ;success=false\t")).isSuccess)
  }

  @Test(
    "anything else says nothing",
    arguments: [
      "", "ff", "00000000000000fg", "-0000000000000ff", "00000000000000ff; success=yes", "00000000000000ff;;",
    ])
  func refused(_ value: String) { #expect(OutcomeReport(value) == nil) }
}
