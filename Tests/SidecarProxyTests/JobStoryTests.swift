/// Candidates that make pictures by jobs: asked once, waited for, and answered from as if they had answered at once.

import Dialects
import Foundation
import GatewayEmulation
import MediaJobs
import RolloutJudge
import Testing
import TrafficSplit
import Vendors

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct JobStoryTests {
  private static let vendors = ["replicate", "fal", "wavespeed", "evolink", "grsai"]

  private static func plan(_ vendor: String, _ manners: JobManners = JobManners(), shadow: Bool = false) -> StoryPlan {
    let behavior = GatewayBehavior(row: VendorRow.named(vendor), jobs: manners, seed: 7)
    var plan: StoryPlan = shadow ? .shadow(behavior) : .canary(behavior)
    plan.jobs = Vendor.named(vendor)?.jobs
    plan.candidateModels = [ModelMap.Line(from: Glob("app/*"), to: "owner/painter")]
    plan.candidateAuthentication = Vendor.named(vendor)?.authentication ?? .bearer
    return plan
  }

  private static let picture = #","modalities":["image","text"]"#

  @Test("a picture is made by a job and comes back as a chat has it", arguments: vendors, [true, false])
  func canary(_ vendor: String, _ stream: Bool) async throws {
    try await story(Self.plan(vendor)) { story in
      let answer = try await story.exchange(Request.chat(stream: stream, fields: Self.picture))
      #expect(answer.status == 200, "\(answer.body.text)")
      #expect(answer.value("x-crossfade-arm") == "litellm")
      #expect(answer.value("x-crossfade-fallback") == nil)
      #expect(answer.body.text.contains("data:image/png;base64,iVBORw0KGgo"))
      #expect(answer.body.text.hasSuffix(stream ? "data: [DONE]\n\n" : "}"))
      let record = await story.ledger.waitForEnds(1, .live)
      #expect(record.outcomes(.live) == [.ok])
      let figures = try #require(record.ends(.live).first?.job)
      #expect(figures.fate == .succeeded && figures.assets == 1 && figures.polls > 0)
      let (whole, time) = (record.ends(.live)[0].latency, try #require(figures.timeToResult))
      #expect(time > 400_000_000 && time <= whole)
      let jobs = story.candidate.counts.jobs
      #expect(jobs.created == 1)
      #expect(jobs.filesFetched == 1)
      #expect(jobs.filesFetchedWithKey == 0)
    }
  }

  @Test("a request for images gets them in its own form", arguments: vendors)
  func images(_ vendor: String) async throws {
    try await story(Self.plan(vendor)) { story in
      let body = #"{"model":"app/large","prompt":"a red kite","aspect_ratio":"16:9"}"#
      let answer = try await story.exchange(Request.post("/api/v1/images", body))
      #expect(answer.status == 200, "\(answer.body.text)")
      #expect(answer.body.text.contains(#""data":[{"media_type":"image/png","b64_json":"iVBORw0KGgo"#))
      let record = await story.ledger.waitForEnds(1, .live)
      #expect(record.outcomes(.live) == [.ok])
    }
  }

  @Test(
    "a job that comes to nothing is the candidate's failure, and the baseline's picture is the answer",
    arguments: vendors)
  func rescued(_ vendor: String) async throws {
    for manners in [JobManners(failRate: 1), JobManners(lostRate: 1), JobManners(fileMissingRate: 1)] {
      try await story(Self.plan(vendor, manners)) { story in
        let answer = try await story.exchange(Request.chat(fields: Self.picture))
        #expect(answer.status == 200)
        #expect(answer.value("x-crossfade-arm") == "openrouter")
        #expect(answer.value("x-crossfade-fallback") != nil)
        #expect(answer.body.text.contains("data:image/"))
        let record = await story.ledger.waitForEnds(1, .live)
        #expect(record.ends(.live).first?.outcome.countsAsError == true)
        #expect(story.candidate.counts.jobs.created == 1)
      }
    }
  }

  @Test("a job that never ends is called off at its deadline, where the vendor can", arguments: vendors)
  func stuck(_ vendor: String) async throws {
    var plan = Self.plan(vendor, JobManners(stuckRate: 1))
    plan.traffic.timeouts.total = .milliseconds(300)
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat(fields: Self.picture))
      #expect(answer.value("x-crossfade-fallback") == "timeout")
      #expect(answer.body.text.contains("data:image/"))
      let record = await story.ledger.waitForEnds(1, .live)
      #expect(record.outcomes(.live) == [.timeout])
      #expect(record.ends(.live).first?.job?.fate == .calledOff)
      if Vendor.named(vendor)?.jobs?.pictures?.cancel != nil {
        await story.candidate.waitForCancel()
      }
    }
  }

  @Test("polls that are answered by errors and by pages cost nothing but time", arguments: vendors)
  func faultyPolls(_ vendor: String) async throws {
    try await story(Self.plan(vendor, JobManners(pollFaultRate: 0.5, notFoundFirst: 1))) { story in
      let answer = try await story.exchange(Request.chat(fields: Self.picture))
      #expect(answer.value("x-crossfade-fallback") == nil)
      #expect(answer.body.text.contains("data:image/png"))
    }
  }

  @Test("the copy of a picture is a whole job, of which size and kind are kept", arguments: vendors)
  func shadow(_ vendor: String) async throws {
    try await story(Self.plan(vendor, shadow: true)) { story in
      let answer = try await story.exchange(Request.chat(fields: Self.picture))
      #expect(answer.value("x-crossfade-arm") == "openrouter")
      let record = await story.ledger.waitForEnds(1, .shadow)
      #expect(record.outcomes(.shadow) == [.ok])
      #expect(record.ends(.shadow).first?.job?.assets == 1)
      #expect(story.candidate.counts.jobs.filesFetched == 1)
    }
  }

  @Test("the copy of a video is followed to its end, and timed to its promise", arguments: [true, false])
  func videoShadow(_ succeeds: Bool) async throws {
    try await story(Self.plan("replicate", JobManners(failRate: succeeds ? 0 : 1), shadow: true)) { story in
      _ = try await story.exchange(Request.post("/api/v1/videos", #"{"model":"app/large","prompt":"waves"}"#))
      let record = await story.ledger.waitForEnds(1, .shadow)
      let end = try #require(record.ends(.shadow).first)
      #expect(end.outcome.isOk == succeeds)
      #expect(end.outcome.countsAsError == !succeeds)
      #expect(end.job?.polls == 1)
      let waited = try #require(end.job?.waited)
      #expect(waited > 300_000_000)
      #expect(end.latency < waited)
    }
  }

  @Test("what a vendor says of a job is read under a content coding, too, though nobody asked for one")
  func codedDocuments() async throws {
    let arm = try await ScriptedArm.start()
    var plan = Self.plan("replicate")
    plan.candidatePort = arm.port
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat(fields: Self.picture))
      let vendor = await arm.accept()
      let request = await vendor.receiveMessage()
      #expect(request.head.contains("Accept-Encoding: identity"))
      let document = try #require(Data(base64Encoded: Self.codedDocument))
      vendor.send(
        Array("HTTP/1.1 201 Created\r\nContent-Encoding: gzip\r\nContent-Length: \(document.count)\r\n\r\n".utf8)
          + Array(document))
      #expect(await client.receiveMessage().value("x-crossfade-fallback") != nil)
      let record = await story.ledger.waitForEnds(1, .live)
      let job = try #require(record.ends(.live).first?.job)
      #expect(job.fate == .failed && !job.isPossiblyBilled)
    }
  }

  /// `{"id":"j1","status":"failed","error":"nothing came of it"}`
  private static let codedDocument =
    "H4sIAAAAAAACA6tWykxRslLKMlTSUSouSSwpLQby0hIzc1JTgCKpRUX5RUCBvPySjMy8dIXkxNxUhfw0hcwSpVoAm11+GzoAAAA="

  @Test("a client that leaves has its job called off")
  func clientLeaves() async throws {
    try await story(Self.plan("replicate", JobManners(stuckRate: 1))) { story in
      let client = try await story.client()
      client.send(Request.chat(fields: Self.picture))
      await story.ledger.wait { !$0.jobs.isEmpty }
      client.close()
      await story.candidate.waitForCancel()
      let record = await story.ledger.waitForEnds(1, .live)
      #expect(record.outcomes(.live) == [.clientGone])
      let end = try #require(record.ends(.live).first)
      #expect(end.job?.fate == .calledOff)
      #expect(end.cost == nil && end.costAtMost == MediaPrice.unknown.perImage)
    }
  }

  @Test("a job is written down before it is asked after, and struck out when it is over")
  func journaled() async throws {
    try await story(Self.plan("replicate")) { story in
      _ = try await story.exchange(Request.chat(fields: Self.picture))
      let record = await story.ledger.wait { $0.jobs.count == 2 }
      guard case .began(let job) = record.jobs.first else { return #expect(Bool(false), "no job began") }
      #expect(record.jobs.last == .ended(arm: ArmIndex(rawValue: 1), id: job.id))
    }
  }

  @Test(
    "a stream that waits is told so, and gets its picture all the same, from whichever arm", arguments: [true, false])
  func waits(_ succeeds: Bool) async throws {
    var plan = Self.plan("replicate", JobManners(stuckRate: succeeds ? 0 : 1))
    plan.traffic.safetyNet.atMost = .milliseconds(50)
    plan.traffic.timeouts.total = .milliseconds(succeeds ? 30_000 : 700)
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat(stream: true, fields: Self.picture))
      #expect(answer.status == 200)
      #expect(answer.value("content-type")?.hasPrefix("text/event-stream") == true)
      #expect(answer.body.text.hasPrefix(": PROCESSING\n\n"))
      #expect(answer.body.text.contains("data:image/"), "\(answer.body.text.prefix(300))")
      #expect(answer.body.text.hasSuffix("data: [DONE]\n\n"))
      #expect(!answer.body.text.contains(#""error""#))
      let record = await story.ledger.waitForEnds(1, .live)
      #expect(record.outcomes(.live) == [succeeds ? .ok : .timeout])
    }
  }

  @Test("a stream that waits for both arms in vain is told why, in its own form")
  func waitsInVain() async throws {
    var plan = Self.plan("replicate", JobManners(stuckRate: 1))
    plan.baseline = GatewayBehavior(errorRate: 1)
    plan.traffic.safetyNet.atMost = .milliseconds(50)
    plan.traffic.timeouts.total = .milliseconds(700)
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat(stream: true, fields: Self.picture))
      #expect(answer.status == 200)
      let events = answer.body.text.split(separator: "\n\n")
      #expect(events.last?.hasPrefix(#"data: {"error":"#) == true, "\(answer.body.text)")
    }
  }

  @Test(
    "a key that is wrong and an account that is empty are told apart from what the vendor refuses",
    arguments: [
      (#"{"code":401,"message":"invalid api key","data":null}"#, 401),
      (#"{"code":-1,"msg":"credits insufficient quota"}"#, 402),
      (#"{"code":-22,"msg":"task not found"}"#, 400),
    ])
  func refusals(_ body: String, _ status: Int) {
    let code = body.contains("401") ? 401 : -1
    #expect(JobRefusal.status(200, code: code, Array(body.utf8)) == status)
  }

  @Test("a job that an earlier process left is called off, or followed to its end", arguments: ["replicate", "grsai"])
  func left(_ vendor: String) async throws {
    try await story(Self.plan(vendor)) { story in
      let client = try await story.client()
      client.send(Request.chat(fields: Self.picture))
      let begun = await story.ledger.wait { !$0.jobs.isEmpty }
      guard case .began(let job) = begun.jobs.first else { return #expect(Bool(false), "no job began") }
      _ = await client.receiveMessage()
      try await story.proxy.settle([job])
      let isOver = JobEvent.ended(arm: ArmIndex(rawValue: 1), id: job.id)
      let record = await story.ledger.wait { record in
        record.jobs.contains { if case .settled = $0 { true } else { false } } && record.jobs.last == isOver
      }
      if vendor == "replicate" { #expect(record.jobs.contains(.settled(arm: job.arm, id: job.id, "was called off"))) }
    }
  }

  @Test("a chat stays away from a vendor of pictures, and so does a conversation about one", arguments: vendors)
  func eligible(_ vendor: String) async throws {
    try await story(Self.plan(vendor)) { story in
      let talk =
        #"{"model":"app/large","modalities":["image"],"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]}"#
      for request in [Request.post("/v1/chat/completions", talk)] {
        let answer = try await story.exchange(request)
        #expect(answer.value("x-crossfade-arm") == "openrouter")
      }
      let record = await story.ledger.wait { !$0.turnedAway.counts.isEmpty }
      #expect(record.turnedAway.counts[.init(candidate: 0, reason: .endpointAbsent)] == 1)
      #expect(story.candidate.counts.jobs.created == 0)
    }
  }

  @Test("a vendor's own bill is what a picture costs")
  func cost() async throws {
    var plan = Self.plan("evolink")
    plan.prices = ["owner/painter": Price(media: MediaPrice(perUnit: 0.01))]
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat(fields: Self.picture))
      #expect(answer.body.text.contains(#""cost":"#))
      let record = await story.ledger.waitForEnds(1, .live)
      let end = try #require(record.ends(.live).first)
      let credits = try #require(end.job?.credits)
      #expect(end.cost == credits * 0.01)
    }
  }

  @Test(
    "a video is promised, asked after and fetched by an id that names its arm",
    arguments: ["replicate", "fal", "evolink", "together", "zai", "qwen"])
  func video(_ vendor: String) async throws {
    try await story(Self.plan(vendor)) { story in
      let body = #"{"model":"app/large","prompt":"waves"}"#
      let promise = try await story.exchange(Request.post("/api/v1/videos", body))
      #expect(promise.status == 202, "\(promise.body.text) \(promise.value("x-crossfade-fallback") ?? "")")
      #expect(promise.body.text.hasPrefix(#"{"id":"cf.litellm."#))
      let id = try #require(promise.body.text.split(separator: "\"").dropFirst(3).first)
      #expect(promise.body.text.contains(#""polling_url":"http://localhost/api/v1/videos/\#(id)""#))
      let state = try await story.exchange(Request.get("/api/v1/videos/\(id)"))
      #expect(state.status == 200)
      #expect(state.value("x-crossfade-arm") == "litellm")
      #expect(state.body.text.contains(#""status":"completed","unsigned_urls":["http"#), "\(state.body.text)")
      let video = try await story.exchange(Request.get("/api/v1/videos/\(id)/content"))
      #expect(video.status == 200)
      #expect(video.body.count > 16)
      #expect(story.candidate.counts.jobs.filesFetchedWithKey == 0)
    }
  }

  @Test(
    "a video that fails after its promise is counted once, whoever asks how often", arguments: ["replicate", "evolink"])
  func brokenPromise(_ vendor: String) async throws {
    try await story(Self.plan(vendor, JobManners(failRate: 1))) { story in
      let body = #"{"model":"app/large","prompt":"waves"}"#
      let promise = try await story.exchange(Request.post("/api/v1/videos", body))
      let id = try #require(promise.body.text.split(separator: "\"").dropFirst(3).first)
      for _ in 1...2 {
        let state = try await story.exchange(Request.get("/api/v1/videos/\(id)"))
        #expect(state.body.text.contains(#""status":"failed""#), "\(state.body.text)")
      }
      let record = await story.ledger.wait { !$0.videosSettled.isEmpty }
      #expect(record.videosSettled.map(\.job.fate) == [.failed])
      let end = try #require(record.ends(.live).first)
      #expect(end.outcome == .ok && end.job?.fate == .open)
    }
  }

  @Test("an id that nobody has given out is the baseline's")
  func unknownVideo() async throws {
    try await story(Self.plan("fal")) { story in
      for id in ["vid_1", "cf.other.7", "cf.litellm.7", "cf.litellm.~0~2f6163636f756e74"] {
        let answer = try await story.exchange(Request.get("/v1/videos/\(id)"))
        #expect(answer.value("x-crossfade-arm") == "openrouter")
      }
      #expect(story.candidate.requestCount == 0)
    }
  }
}

extension EmulatedGateway {
  fileprivate func waitForCancel() async { _ = await wait { $0.jobs.cancelled > 0 } }
}
