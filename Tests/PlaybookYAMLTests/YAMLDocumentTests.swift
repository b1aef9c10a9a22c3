/// Hostile and broken YAML ends in a problem, quickly.

import Testing

@testable import PlaybookYAML

@Suite struct YAMLDocumentTests {
  @Test("every cut of a playbook is read or refused, never a crash, and refused with a place") func cuts() {
    let bytes = Array(PlaybookReaderTests.design.utf8)
    for end in stride(from: 0, to: bytes.count, by: 7) {
      let text = String(decoding: bytes[..<end], as: UTF8.self)
      let reading = readPlaybook(text: text, file: "x", environment: ["LITELLM_API_KEY": "k"])
      #expect(reading.playbook != nil || !reading.errors.isEmpty)
    }
  }

  @Test("random damage is read or refused", arguments: 1...20) func damage(seed: UInt64) {
    var generator = SplitMix(state: seed)
    var bytes = Array(PlaybookReaderTests.design.utf8)
    for _ in 0..<8 {
      let at = Int.random(in: 0..<bytes.count, using: &generator)
      bytes[at] = "{}[]:,*&!|>'\"%@`#-? \n\t0a\u{1}".utf8.randomElement(using: &generator) ?? 0
    }
    let text = String(decoding: bytes, as: UTF8.self)
    let reading = readPlaybook(text: text, file: "x", environment: ["LITELLM_API_KEY": "k"])
    #expect((reading.playbook == nil) == !reading.errors.isEmpty)
  }

  @Test("aliases cannot multiply without bound, not even as keys") func bombs() {
    let lists = (1...40).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]" }.joined(separator: "\n")
    let asKey = "a0: &a0 [x]\n\(lists)\n? *a40\n: x\n"
    #expect(Sample.read(asKey).problems.map(\.message) == ["more than 20 YAML aliases (*name)"])
    let few = (1...6).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1), *a\($0 - 1)]" }.joined(separator: "\n")
    let wide = "a0: &a0 [\(Array(repeating: "x", count: 400).joined(separator: ","))]\n\(few)\n"
    #expect(Sample.read(wide).problems.contains { $0.message == "more than 20000 values" })
  }

  @Test("nesting is bounded, in brackets and in lists") func nesting() {
    let brackets = "x: " + String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000)
    #expect(!Sample.read(brackets).errors.isEmpty)
    let allowed = "x: " + String(repeating: "[", count: 990) + String(repeating: "]", count: 990)
    #expect(Sample.read(allowed).problems.contains { $0.message == "nested more than 32 levels deep" })
    let dashes = String(repeating: "- ", count: 5000) + "x"
    #expect(!Sample.read(dashes).errors.isEmpty)
  }

  @Test("a quoted key with a star is no alias") func globs() throws {
    let models = (1...30).map { "\"m\($0)/*\": \"*\"" }.joined(separator: ", ")
    _ = try Sample.playbook(
      Sample.text(candidates: "[{ name: b, vendor: together, key: \"${KEY}\", models: { \(models) } }]"))
  }
}

private struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
