import NIOCore
import NIOHTTP1
import Testing

@testable import GatewayEmulation

/// What the script of a behavior's first answer says, bytes left out.
private func outline(_ behavior: GatewayBehavior, stream: Bool = true) -> [String] {
  let request = RequestFacts(HTTPRequestHead(version: .http1_1, method: .POST, uri: "/v1/chat/completions"))
  var choice = AnswerChoice(plan: RequestPlan(behavior: behavior, number: 1), serial: 1, request: request)
  let answer = choice.answer(body: ByteBuffer(string: #"{"messages":[],"stream":\#(stream)}"#))
  var player = ScriptPlayer(WireAssembly(answer: answer, plan: choice.plan, request: request).script())
  var steps: [String] = []
  while true {
    switch player.next() {
    case .write(let bytes):
      let text = String(buffer: bytes)
      steps.append(text.hasPrefix("HTTP/1.1") ? "head" : text.contains("PROCESSING") ? "comment" : "events")
    case .wait(let duration):
      steps.append("\(duration / .milliseconds(1)) ms")
    case .end(let ending):
      return steps + ["\(ending)"]
    }
  }
}

@Suite("WireScript")
struct WireScriptTests {
  @Test("OpenRouter sends its head at once and comments until the first token; events follow at their interval")
  func openRouterPace() {
    let behavior = GatewayBehavior(
      latency: .fixed(.milliseconds(2500)), streamEventCount: 3, streamEventInterval: .milliseconds(40),
      commentInterval: .seconds(1))
    #expect(
      outline(behavior) == [
        "head", "1000.0 ms", "comment", "1000.0 ms", "comment", "500.0 ms", "events", "40.0 ms", "events", "40.0 ms",
        "events", "keepAlive",
      ])
  }

  @Test("The others send nothing before the first token")
  func otherPace() {
    let behavior = GatewayBehavior(
      vendor: .litellm, latency: .fixed(.milliseconds(300)), streamEventCount: 2,
      streamEventInterval: .milliseconds(40))
    #expect(outline(behavior) == ["300.0 ms", "head", "40.0 ms", "events", "keepAlive"])
  }

  @Test("A document comes in one piece after its latency")
  func documentPace() {
    let behavior = GatewayBehavior(latency: .fixed(.milliseconds(300)))
    #expect(outline(behavior, stream: false) == ["300.0 ms", "head", "keepAlive"])
  }
}
