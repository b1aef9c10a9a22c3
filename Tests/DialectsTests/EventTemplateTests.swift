import Testing

@testable import Dialects

@Suite("EventTemplate")
struct EventTemplateTests {
  private func template(_ event: String, knowsIdentity: Bool = true) -> EventTemplate? {
    EventTemplate(Array(event.utf8).span.bytes, knowsIdentity: knowsIdentity)
  }

  private func fits(_ event: String, _ template: EventTemplate) -> Bool {
    let bytes = Array(event.utf8)
    return template.end(in: bytes.span.bytes, at: 0) == bytes.count
  }

  private func delta(_ content: String, created: String = "1795360002", id: String = "gen-1") -> String {
    let choice = #"{"index":0,"delta":{"content":"\#(content)"},"finish_reason":null}"#
    return events(#"{"id":"\#(id)","created":\#(created),"choices":[\#(choice)]}"#)
  }

  @Test("an event fits one that differs in its text, its id or what means nothing")
  func fitting() throws {
    let known = try #require(template(delta("Li")))
    for text in ["Li", "L", "Lima", #"\"\\\u0041\n"#, "日本", #"Li\""#, String(repeating: "a", count: 5_000)] {
      #expect(fits(delta(text), known), "\(text)")
    }
    #expect(fits(delta("ma", created: "1", id: "gen-22"), known))
    #expect(fits(delta("ma", created: "null"), known))
    #expect(fits(delta("ma", created: #""now""#), known))
  }

  @Test("an event that says anything else, is cut or is no JSON does not fit")
  func misfits() throws {
    let known = try #require(template(delta("Li")))
    let others = [
      delta(""), delta("a\u{1}"), delta(#"\x"#), delta("a", created: "{}"), delta("a", created: "01"),
      delta("a", created: ""), delta("a", id: ""), Chat.finish, Chat.error, Chat.done, ": c\n\n", "",
      delta("a").replacing("null", with: #""stop""#), delta("a").replacing(":0,", with: ":1,"),
      delta("a").replacing("data: ", with: "data:"),
    ]
    for other in others { #expect(!fits(other, known), "\(other)") }
    let whole = delta("Lima is it")
    for length in 0..<whole.utf8.count { #expect(!fits(String(whole.prefix(length)), known)) }
  }

  @Test("what counts each time it is said is not learnt")
  func unlearnt() {
    let others = [
      Chat.finish, Chat.usage, Chat.usageWithChoice, Chat.error, Chat.done, Chat.roleOnly, Chat.comment,
      Messages.start, Messages.ping, Messages.delta, Messages.stop, Messages.error, Responses.completed,
      Responses.failed, delta("a") + delta("b"), String(delta("a").dropLast()), "data: {\n" + delta("a").dropFirst(7),
      delta(String(repeating: "a", count: EventTemplate.capacity)),
    ]
    for other in others { #expect(template(other) == nil, "\(other)") }
  }

  @Test("deltas of every dialect are learnt")
  func learnt() throws {
    for event in [Chat.li, Messages.text, Messages.toolDelta, Responses.text] {
      let known = try #require(template(event), "\(event)")
      #expect(fits(event, known))
    }
    let known = try #require(template(Messages.text))
    #expect(!fits(Messages.toolDelta, known))
  }

  @Test("before id and model are known they are part of the template")
  func identity() throws {
    let known = try #require(template(delta("a"), knowsIdentity: false))
    #expect(fits(delta("b"), known))
    #expect(!fits(delta("b", id: "gen-2"), known))
  }

  @Test("long streams of like events read the same however they are cut, with any line ending")
  func streams() {
    let texts = (0..<24).map { "word \($0)\($0 % 5 == 0 ? #"\n"# : "")" }
    let odd = events(
      #"{"choices":[{"index":1,"delta":{"tool_calls":[{"index":0,"function":{"name":"f"}}]},"finish_reason":null}]}"#)
    var stream = ""
    for (index, text) in texts.enumerated() {
      stream += delta(text, created: "\(index)")
      if index % 7 == 3 { stream += odd }
      if index == 15 { stream += Chat.comment }
    }
    for end in [Chat.finish + Chat.done, Chat.error, "data: {\n\n", ""] {
      for lineEnd in ["\n", "\r\n", "\r"] {
        let bytes = Array((stream + end).replacing("\n", with: lineEnd).utf8)
        let facts = AnswerCase().read(bytes, cuts: Array(0...bytes.count)).facts
        #expect(facts.sawContent && facts.sawToolCall)
        #expect(facts.eventCount == 27 + (end.isEmpty ? 0 : 1))
        #expect(AnswerCase().read(bytes, cuts: []).facts == facts)
        var random = SplitMix64(seed: UInt64(bytes.count))
        for _ in 0..<20 {
          let cuts = (0..<8).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
          #expect(AnswerCase().read(bytes, cuts: cuts).facts == facts, "cut at \(cuts)")
        }
      }
    }
  }
}
