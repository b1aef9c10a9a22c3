/// Probing vendors that make pictures by jobs: their keys for nothing, and one picture where it may be made.

import GatewayEmulation
import MediaJobs
import RolloutJudge
import Testing
import TrafficSplit
import Vendors

@testable import ArmProbe

@Suite(.timeLimit(.minutes(2)))
struct MediaProbeTests {
  private static let vendors = ["replicate", "fal", "wavespeed", "evolink", "grsai"]
  private static let model = "owner/painter"

  private static func target(_ vendor: String, port: Int, key: Secret? = Probed.key, models: [String] = [model])
    throws -> ProbeTarget
  {
    let profile = try #require(Vendor.named(vendor))
    let url = ArmURL(isTLS: false, host: "127.0.0.1", port: port, basePath: "/v1")
    var arm = Arm(name: vendor, vendor: vendor, url: url, key: key, authentication: profile.authentication)
    arm.outgoing.jobs = ArmJobs(
      try #require(profile.jobs), at: ArmURL(isTLS: false, host: "127.0.0.1", port: port, basePath: ""))
    return ProbeTarget(arm: arm, role: .candidate, models: models)
  }

  private static func findings(
    _ vendor: String, key: Secret? = Probed.key, jobs: JobManners = JobManners(), requiresKey: Bool = true,
    models: [String] = [model], settings: ProbeSettings = Probed.settings { $0.maySpend = true }
  ) async throws -> (ArmFindings, [ReceivedRequest], JobCounts) {
    var behavior = GatewayBehavior(row: VendorRow.named(vendor), jobs: jobs, seed: 7)
    if requiresKey { behavior.requireKey = Probed.key.exposed }
    let gateway = try await EmulatedGateway.start(behavior: behavior)
    let target = try target(vendor, port: gateway.port, key: key, models: models)
    let outcome: Result<ArmFindings, any Error>
    do {
      outcome = .success(try await ArmProber(settings: settings).probe(target))
    } catch {
      outcome = .failure(error)
    }
    let (received, counts) = (gateway.received, gateway.counts.jobs)
    await gateway.stop()
    return (try outcome.get(), received, counts)
  }

  @Test("a right key is told from a wrong one and from none, and nothing is made for it", arguments: vendors)
  func keys(_ vendor: String) async throws {
    let free = Probed.settings()
    let (right, _, jobs) = try await Self.findings(vendor, settings: free)
    #expect(right.media?.authentication == .accepted)
    #expect(right.media?.picture == nil)
    #expect(right.billedRequests == 0 && jobs.created == 0)
    #expect(ArmVerdict(right, now: Probed.now).readiness != .notReady)

    let (wrong, _, _) = try await Self.findings(vendor, key: Secret("sk-a-wrong-key"))
    #expect(wrong.media?.authentication == .refused(status: 401, hasKey: true))
    #expect(wrong.media?.picture == nil, "a key that is refused is not tried again")
    #expect(ArmVerdict(wrong, now: Probed.now).readiness == .notReady)

    let (none, _, _) = try await Self.findings(vendor, key: nil, settings: free)
    #expect(none.media?.authentication == .refused(status: 401, hasKey: false))

    let (everyones, _, _) = try await Self.findings(vendor, requiresKey: false, settings: free)
    #expect(everyones.media?.authentication == .unproven)
  }

  @Test("with leave one small picture is made, and its file is fetched without the key", arguments: vendors)
  func picture(_ vendor: String) async throws {
    let (findings, _, jobs) = try await Self.findings(vendor)
    guard case .made(let model, let time, let file) = findings.media?.picture else {
      Issue.record("\(String(describing: findings.media?.picture))")
      return
    }
    #expect(model == Self.model && time > .zero)
    #expect(file.type == "image/png" && file.width != nil && file.height != nil && file.bytes > 0)
    #expect(jobs.created == 1 && jobs.filesFetched == 1 && jobs.filesFetchedWithKey == 0)
    #expect(findings.billedRequests == (findings.isOfJobsAlone ? 1 : findings.billedRequests))
  }

  @Test("a picture that fails, is lost or leaves no file is an obstacle", arguments: vendors)
  func failures(_ vendor: String) async throws {
    for manners in [JobManners(failRate: 1), JobManners(lostRate: 1), JobManners(fileMissingRate: 1)] {
      let (findings, _, jobs) = try await Self.findings(vendor, jobs: manners)
      #expect(jobs.created == 1, "it is created once")
      if manners.lostRate == 1 { #expect(findings.media?.picture == .lost(model: Self.model)) }
      #expect(ArmVerdict(findings, now: Probed.now).readiness == .notReady)
    }
  }

  @Test("a job that never ends is called off at the deadline, where the vendor can", arguments: vendors)
  func stuck(_ vendor: String) async throws {
    let settings = Probed.settings {
      $0.maySpend = true
      $0.pictureTimeout = .milliseconds(700)
    }
    let (findings, received, _) = try await Self.findings(vendor, jobs: JobManners(stuckRate: 1), settings: settings)
    let canCancel = Vendor.named(vendor)?.jobs?.pictures?.cancel != nil
    #expect(findings.media?.picture == .late(model: Self.model, isCalledOff: canCancel))
    #expect(received.contains { $0.target.hasSuffix("/cancel") } == canCancel)
  }

  @Test("a vendor with a place for each model is asked whether it has them")
  func models() async throws {
    let (there, _, _) = try await Self.findings("replicate", models: ["owner/painter", "nowhere"])
    #expect(
      there.models == [
        ModelFinding(model: "owner/painter", state: .listed(matches: 1)),
        ModelFinding(model: "nowhere", state: .missing(nearest: nil)),
      ])
    #expect(ArmVerdict(there, now: Probed.now).reasons.contains("it does not have the model nowhere"))
    let (unsaid, _, _) = try await Self.findings("grsai", settings: Probed.settings())
    #expect(unsaid.models == [ModelFinding(model: Self.model, state: .unknown)])
    #expect(
      ArmVerdict(unsaid, now: Probed.now).remarks == [
        "it has no catalogue of what it makes by jobs: owner/painter cannot be looked up"
      ])
  }

  @Test("what may be a video is never asked for as a picture")
  func videos() async throws {
    let (findings, _, jobs) = try await Self.findings("replicate", models: ["google/veo-3", "kling/v2.5"])
    #expect(findings.media?.picture == .noModel)
    #expect(jobs.created == 0)
  }
}
