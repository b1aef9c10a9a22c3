/// Pictures and videos through the proxy: which request a candidate is sent, what its answer counts as, and what it cost.

import Dialects
import NIOCore
import RolloutJudge
import Testing
import TrafficSplit
import Vendors

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct MediaStoryTests {
  private static let picture = #"{"created":1,"data":[{"b64_json":"iVBORw0KGgo="},{"b64_json":"iVBORw0KGgo="}]}"#

  /// Both arms are played by hand.
  private func scripted(
    _ plan: StoryPlan, _ then: (ProxyStory, ScriptedArm, ScriptedArm) async throws -> Void
  ) async throws {
    let (baseline, candidate) = (try await ScriptedArm.start(), try await ScriptedArm.start())
    var plan = plan
    (plan.baselinePort, plan.candidatePort) = (baseline.port, candidate.port)
    try await story(plan) { try await then($0, baseline, candidate) }
    try await baseline.stop()
    try await candidate.stop()
  }

  private func document(_ body: String, status: String = "200 OK", lines: String = "") -> String {
    "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\n\(lines)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  private func request(_ fields: String, path: String = "images") -> String {
    Request.post("/v1/\(path)", #"{"model":"app/x","prompt":"a kite"\#(fields)}"#)
  }

  private func litellm(_ plan: StoryPlan) throws -> StoryPlan {
    var plan = plan
    let row = try #require(Vendor.named("litellm"))
    plan.media = row.mediaFields
    plan.paths = [.images: row.path(of: .images), .videos: row.path(of: .videos)]
    return plan
  }

  @Test("a canary is sent its vendor's path and words, and its pictures are counted and priced one by one")
  func canary() async throws {
    var plan = try litellm(.canary())
    plan.prices = ["cand-x": Price(media: MediaPrice(perImage: 0.04))]
    try await scripted(plan) { story, _, candidate in
      let client = try await story.client()
      client.send(request(#","n":2,"resolution":"1K","provider":{"sort":"price"},"user":"u","quality":"high""#))
      let arm = await candidate.accept()
      let seen = await arm.receiveMessage()
      #expect(seen.startLine == "POST /v1/images/generations HTTP/1.1")
      #expect(seen.bodyText == #"{"model":"cand-x","prompt":"a kite","n":2,"size":"1024x1024","quality":"high"}"#)
      arm.send(document(Self.picture))
      let answer = await client.receiveMessage()
      #expect(answer.bodyText == Self.picture && answer.value("x-crossfade-arm") == "litellm")
      let end = try #require(await story.ledger.waitForEnds(1).ends.first)
      #expect(end.outcome == .ok && end.pictures == 2 && end.assets == 2)
      #expect(end.cost == 0.08 && end.costSource == .derived)
    }
  }

  @Test("a canary without a picture is rescued, and one that says its cost is believed")
  func empty() async throws {
    try await scripted(try litellm(.canary())) { story, baseline, candidate in
      let client = try await story.client()
      client.send(request(""))
      let arm = await candidate.accept()
      _ = await arm.receiveMessage()
      arm.send(document(#"{"created":1,"data":[]}"#))
      let rescue = await baseline.accept()
      #expect(await rescue.receiveMessage().startLine == "POST /api/v1/images HTTP/1.1")
      rescue.send(document(#"{"data":[{"b64_json":"iVBORw0KGgo="}],"usage":{"cost":0.05}}"#))
      let answer = await client.receiveMessage()
      #expect(answer.value("x-crossfade-fallback") == "empty")
      let record = await story.ledger.waitForEnds(2)
      #expect(Set(record.ends.map(\.outcome)) == [.empty, .ok])
      #expect(record.ends.compactMap(\.cost) == [0.05])
      // Nobody knows what the failure cost: at most as much as the dearest.
      #expect(record.ends.first { $0.outcome == .empty }?.costAtMost == MediaPrice.unknown.perImage)
    }
  }

  @Test("a video is copied when it is begun, and what is asked of it later is the baseline's")
  func videos() async throws {
    var plan = try litellm(.shadow())
    plan.prices = ["cand-x": Price(media: MediaPrice(perSecond: 0.1))]
    try await scripted(plan) { story, baseline, candidate in
      let client = try await story.client()
      client.send(request(#","duration":8"#, path: "videos"))
      let live = await baseline.accept()
      _ = await live.receiveMessage()
      let copy = await candidate.accept()
      #expect(await copy.receiveMessage().bodyText == #"{"model":"cand-x","prompt":"a kite","seconds":"8"}"#)
      let begun = #"{"id":"vid_1","polling_url":"https://h/api/v1/videos/vid_1","status":"pending"}"#
      live.send(document(begun, status: "202 Accepted"))
      #expect(await client.receiveMessage().bodyText == begun)
      copy.send(document(#"{"id":"video_1","object":"video","status":"queued","cost":0}"#))
      let record = await story.ledger.waitForEnds(2)
      #expect(record.outcomes(.live) == [.ok] && record.outcomes(.shadow) == [.ok])
      let end = try #require(record.ends.first { $0.population == .shadow })
      #expect(end.isVideo && abs((end.cost ?? 0) - 0.8) < 1e-9 && end.costSource == .derived)
      client.send(Request.get("/v1/videos/vid_1"))
      #expect(await live.receiveMessage().startLine == "GET /api/v1/videos/vid_1 HTTP/1.1")
      live.send(document(#"{"id":"vid_1","status":"completed"}"#))
      _ = await client.receiveMessage()
    }
  }

  @Test("who asks for a video is answered by the candidate that makes it, with the candidate's key")
  func polls() async throws {
    try await scripted(try litellm(.canary())) { story, baseline, candidate in
      let client = try await story.client()
      client.send(request("", path: "videos"))
      let arm = await candidate.accept()
      _ = await arm.receiveMessage()
      arm.send(document(#"{"id":"video_9","status":"queued"}"#))
      #expect(await client.receiveMessage().value("x-crossfade-arm") == "litellm")
      for path in ["videos/video_9", "videos/video_9/content?variant=x"] {
        client.send(Request.get("/api/v1/\(path)"))
        let seen = await arm.receiveMessage()
        #expect(seen.startLine == "GET /v1/\(path.prefix { $0 != "?" }) HTTP/1.1")
        #expect(seen.values("authorization") == ["Bearer candidate-key"])
        arm.send(document(#"{"id":"video_9","status":"completed"}"#))
        #expect(await client.receiveMessage().value("x-crossfade-arm") == "litellm")
      }
      client.send(Request.get("/v1/videos/video_8"))
      let other = await baseline.accept()
      #expect(await other.receiveMessage().startLine == "GET /api/v1/videos/video_8 HTTP/1.1")
      other.send(document("{}"))
      _ = await client.receiveMessage()
    }
  }

  @Test("of pictures that are compared only what is held against each other is kept")
  func compared() async throws {
    var plan = try litellm(.shadow())
    plan.compare = ComparePolicy()
    try await scripted(plan) { story, baseline, candidate in
      let client = try await story.client()
      client.send(request(""))
      let live = await baseline.accept()
      _ = await live.receiveMessage()
      let copy = await candidate.accept()
      _ = await copy.receiveMessage()
      let large = String(repeating: "iVBORw0KGgoA", count: 100_000)
      live.send(document(#"{"data":[{"b64_json":"\#(large)"}]}"#))
      _ = await client.receiveMessage()
      copy.send(document(#"{"data":[{"b64_json":"\#(large)","media_type":"image/png"}]}"#))
      let exchange = try #require(await story.ledger.wait { $0.captured.count == 1 }.captured.first)
      for answer in [exchange.baseline] + exchange.copies {
        #expect(!answer.isCut && answer.body.reduce(0) { $0 + $1.readableBytes } < 200)
        let body = answer.body.flatMap { Array($0.readableBytesView) }
        let content = AnswerContent(endpoint: .images, status: 200, body: body.span.bytes)
        #expect(content.choices.first?.media.first?.byteCount == 900_000)
      }
    }
  }

  @Test("a stream's first picture is passed on as it comes, and the completed one ends it")
  func streams() async throws {
    func event(_ name: String) -> String {
      "event: image_generation.\(name)\ndata: {\"type\":\"image_generation.\(name)\",\"b64_json\":\"iVBORw0KGgo=\"}\n\n"
    }
    try await scripted(StoryPlan()) { story, baseline, _ in
      let client = try await story.client()
      client.send(request(#","stream":true"#))
      let arm = await baseline.accept()
      _ = await arm.receiveMessage()
      let body = event("partial_image") + event("completed") + "data: [DONE]\n\n"
      arm.send(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
      #expect(await client.receiveMessage().bodyText == body)
      let end = try #require(await story.ledger.waitForEnds(1).ends.first)
      #expect(end.outcome == .ok && end.pictures == 1 && end.ttft != nil)
    }
  }
}
