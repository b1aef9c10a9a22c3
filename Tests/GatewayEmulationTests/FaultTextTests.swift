import Testing

@testable import GatewayEmulation

@Suite("FaultText")
struct FaultTextTests {
  @Test("Every form parses once its word is a number, and is written back the same", arguments: Fault.forms)
  func roundTrip(form: String) throws {
    let parts = form.split(separator: ":").map(String.init)
    let text = ([parts[0]] + parts.dropFirst().map { $0 == "CODE" ? "503" : "12" }).joined(separator: ":")
    #expect(try Fault(parsing: text).description == text)
  }

  @Test(
    "What is no fault is named, with what would do",
    arguments: ["", "hang", "refuse:1", "status:99", "flood:-1", "flood:"])
  func unreadable(text: String) {
    #expect(
      throws: Fault.Unreadable(
        description: "“\(text)” is no fault; one of: \(Fault.forms.joined(separator: ", "))")
    ) {
      try Fault(parsing: text)
    }
  }
}
