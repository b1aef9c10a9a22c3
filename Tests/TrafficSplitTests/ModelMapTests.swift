/// The candidate's name for the application's model, by line and by prepared directory: both must say the same.

import Testing

@testable import TrafficSplit

@Suite("ModelMap and ModelDirectory")
struct ModelMapTests {
  private static func map(_ lines: (String, String)...) -> ModelMap {
    ModelMap(lines: lines.map { .init(from: Glob($0.0), to: $0.1) })
  }

  static let maps = [
    map(("anthropic/claude-opus-4.7", "claude-opus"), ("deepseek/*", "deepseek/*"), ("*:free", "free-*")),
    map(("*", "everything"), ("openai/gpt-5", "gpt-5")),
    map(("deepseek/chat", "ds"), ("deepseek/*", "other/*/x")),
    map(("deepseek/r1", "r-one"), ("openai/gpt-5", "five")),
    map(),
  ]

  @Test(
    "takes a literal line first, then patterns in file order",
    arguments: [
      ("anthropic/claude-opus-4.7", ["claude-opus", "everything", nil, nil, nil]),
      ("deepseek/chat", ["deepseek/chat", "everything", "ds", nil, nil]),
      ("deepseek/r1", ["deepseek/r1", "everything", "other/r1/x", "r-one", nil]),
      ("deepseek/r1:free", ["deepseek/r1:free", "everything", "other/r1:free/x", nil, nil]),
      ("meta/llama:free", ["free-meta/llama", "everything", nil, nil, nil]),
      ("openai/gpt-5", [nil, "gpt-5", nil, "five", nil]),
      ("ANTHROPIC/claude-opus-4.7", [nil, "everything", nil, nil, nil]),
      ("", [nil, "everything", nil, nil, nil]),
    ] as [(String, [String?])])
  func lines(_ model: String, _ expected: [String?]) {
    #expect(Self.maps.map { $0.candidateModel(for: model) } == expected)
    let directory = ModelDirectory(maps: Self.maps)
    let resolution = directory.resolve(model)
    for index in Self.maps.indices {
      #expect(resolution.candidates.contains(index) == (expected[index] != nil))
      guard resolution.candidates.contains(index) else { continue }
      #expect(directory.candidateModel(index, for: model, resolution) == expected[index])
    }
  }

  @Test("tells apart two ids that are one text in different Unicode forms")
  func unicode() {
    let map = Self.map(("caf\u{e9}", "composed"), ("cafe\u{301}", "decomposed"))
    #expect(map.candidateModel(for: "cafe\u{301}") == "decomposed")
    let directory = ModelDirectory(maps: [map])
    for (model, name) in [("caf\u{e9}", "composed"), ("cafe\u{301}", "decomposed")] {
      #expect(directory.candidateModel(0, for: model, directory.resolve(model)) == name)
    }
  }

  @Test("lets the first of two literal lines for one model stand")
  func twice() {
    let map = Self.map(("m", "first"), ("m", "second"))
    let directory = ModelDirectory(maps: [map])
    #expect(map.candidateModel(for: "m") == "first")
    #expect(directory.candidateModel(0, for: "m", directory.resolve("m")) == "first")
  }
}
