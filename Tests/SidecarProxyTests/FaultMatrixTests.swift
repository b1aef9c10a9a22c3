/// Every fault of a candidate at every stage before its first token, live and copied: clients see none of them.

import Dialects
import RolloutJudge
import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(2)))
struct FaultMatrixTests {
  enum Ending: Sendable { case close, reset, hang }

  /// What a candidate says where it should answer, and how it leaves.
  struct Fault: Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: String
    var ending: Ending
    var stream: Bool

    init(_ name: String, _ bytes: String, _ ending: Ending = .close, stream: Bool = true) {
      (self.name, self.bytes, self.ending, self.stream) = (name, bytes, ending, stream)
    }

    var testDescription: String { "\(name), \(stream ? "streamed" : "as a document")" }
  }

  private static func answer(_ status: String, _ body: String, type: String = "application/json") -> String {
    "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  private static let events =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
  private static func chunk(_ text: String) -> String { SafetyNetHoldTests.chunk(text) }
  private static let completion =
    #"{"choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}"#
  private static let errorJSON = #"{"error":{"code":502,"message":"no capacity"}}"#
  private static let last = "0\r\n\r\n"

  static let statuses = [204, 301, 302, 304, 307, 308, 400, 401, 402, 403, 404, 408, 413, 422, 429, 500, 502, 503, 529]

  /// Before the head.
  static let first: [Fault] =
    [false, true].flatMap { stream in
      [
        Fault("closes", "", .close, stream: stream), Fault("resets", "", .reset, stream: stream),
        Fault("is silent", "", .hang, stream: stream),
        Fault("half a head", "HTTP/1.1 200 OK\r\nContent-", stream: stream),
        Fault("is silent in its head", "HTTP/1.1 200 OK\r\nContent-", .hang, stream: stream),
        Fault("garbage", "\u{16}\u{3}not http\r\n\r\n", stream: stream),
        Fault("a page", answer("200 OK", "<!doctype html><h1>Welcome</h1>", type: "text/html"), stream: stream),
        Fault(
          "an endless page", answer("200 OK", String(repeating: "<p>", count: 40_000), type: "text/html"),
          stream: stream),
        Fault("nothing", answer("200 OK", ""), stream: stream),
        Fault("an error", answer("200 OK", errorJSON), stream: stream),
      ]
        + statuses.map { status in
          let body = status == 204 || status == 304 ? "" : errorJSON
          return Fault("\(status)", answer("\(status) Odd", body), stream: stream)
        }
    } + [
      Fault("a document for a stream", answer("200 OK", completion)),
      Fault(
        "a stream for a document", events + chunk(SafetyNetHoldTests.token) + chunk("data: [DONE]\n\n") + last,
        stream: false),
      Fault("half a document", String(answer("200 OK", completion).dropLast(30)), stream: false),
      Fault("half a document, reset", String(answer("200 OK", completion).dropLast(30)), .reset, stream: false),
      Fault("half a document, silent", String(answer("200 OK", completion).dropLast(30)), .hang, stream: false),
      Fault("no choices", answer("200 OK", #"{"choices":[]}"#), stream: false),
    ]

  /// Of a stream that has begun: after its head, after comments, after a chunk that names the role.
  static let later: [Fault] = [
    ("after the head", ""), ("after comments", chunk(": ping\n\n") + chunk(": ping\n\n")),
    ("after the role", chunk(SafetyNetHoldTests.role)),
  ].flatMap { stage, before in
    [
      ("closes", "", Ending.close), ("resets", "", .reset), ("is silent", "", .hang), ("ends", last, .close),
      ("breaks its framing", "zz\r\nnothing\r\n", .close), ("[DONE] alone", chunk("data: [DONE]\n\n") + last, .close),
      ("[DONE], held open", chunk("data: [DONE]\n\n"), .hang),
      ("an error event", chunk("data: \(errorJSON)\n\n") + last, .close),
      ("an error event, held open", chunk("data: \(errorJSON)\n\n"), .hang),
      ("half an event", chunk("data: {\"choices\":[{\"del"), .reset),
    ].map { name, bytes, ending in Fault("\(stage): \(name)", events + before + bytes, ending) }
  }

  private func plan(_ arm: ScriptedArm, _ role: Population) -> StoryPlan {
    var plan = role == .live ? StoryPlan.canary() : StoryPlan.shadow()
    plan.candidatePort = arm.port
    plan.traffic.timeouts.firstByte = .milliseconds(800)
    plan.traffic.timeouts.idle = .milliseconds(800)
    return plan
  }

  @Test(
    "before the first token no client sees a fault of the candidate", arguments: [Population.live, .shadow],
    [first, later])
  func matrix(_ role: Population, _ faults: [Fault]) async throws {
    let arm = try await ScriptedArm.start()
    try await story(plan(arm, role)) { story in
      var visible = 0
      for (number, fault) in faults.enumerated() {
        let client = try await story.client()
        client.send(Request.chat(stream: fault.stream))
        let upstream = await arm.accept()
        _ = await upstream.receiveMessage()
        await upstream.sendAll(Array(fault.bytes.utf8))
        switch fault.ending {
        case .close: upstream.close()
        case .reset: upstream.reset()
        case .hang: break
        }
        let answer = await client.receiveMessage()
        let isWhole = fault.stream ? answer.bodyText.hasSuffix("data: [DONE]\n\n") : answer.bodyText.hasSuffix("}")
        let isRight =
          answer.status == 200 && isWhole && answer.value("x-crossfade-arm") == "openrouter"
          && (answer.value("x-crossfade-fallback") != nil) == (role == .live)
        #expect(isRight, "\(fault.testDescription): \(answer.bytes.text.prefix(300))")
        if !isRight { visible += 1 }
        client.close()
        let record = await story.ledger.waitForEnds(number + 1, role)
        #expect(record.outcomes(role).last?.countsAsError == true, "\(fault.testDescription) counts")
        upstream.close()
      }
      #expect(visible == 0, "client-visible errors")
      #expect(await story.ledger.wait { $0.open == 0 }.counters.localAnswers == 0)
    }
    try await arm.stop()
  }
}
