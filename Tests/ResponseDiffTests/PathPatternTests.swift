/// Tests which paths a pattern covers.

import Testing

@testable import ResponseDiff

@Suite("PathPattern")
struct PathPatternTests {
  @Test(
    "A pattern covers what it names and all below it",
    arguments: [
      ("id", "id", true), ("id", "choices[0].id", false), ("id", "identity", false), ("usage", "usage.cost", true),
      ("usage.*", "usage", false), ("usage.*", "usage.cost", true), ("usage.*", "usage.details.cached", true),
      ("usage.**", "usage", false), ("usage.**", "usage.details.cached", true), ("**.id", "id", true),
      ("**.id", "a.b[3].id", true), ("**.id", "a.b.idea", false), ("a.**.z", "a.z", true),
      ("a.**.z", "a.b.c.z.y", true),
      ("a.**.z", "a.b.c", false), ("*.b", "a.b", true), ("*.b", "a.c.b", false),
      ("choices.message", "choices[1].message.content", true), ("choices[0].message", "choices[1].message", false),
      ("choices[0].message", "choices[0].message.content", true), ("choices[*].message", "choices[7].message", true),
      ("choices[*].message", "choices.message", true), ("", "id", false), ("**", "anything.at.all", true),
    ])
  func covers(pattern: String, path: String, isCovered: Bool) {
    #expect(PathPattern(pattern).covers(path) == isCovered)
  }

  @Test("Many runs in one pattern take no more than one pass")
  func runs() {
    let pattern = PathPattern(Array(repeating: "**.a", count: 29).joined(separator: ".") + ".z")
    #expect(!pattern.covers(Array(repeating: "a", count: 200).joined(separator: ".")))
  }
}
