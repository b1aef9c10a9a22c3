/// The stage of a story: a real proxy between a real baseline and a real candidate, all on loopback.

import Dialects
import GatewayEmulation
import Guards
import MediaJobs
import NIOCore
import NIOPosix
import RolloutJudge
import Testing
import TrafficSplit
import Vendors

@testable import SidecarProxy

/// What is different about one story; the rest is the ordinary case.
struct StoryPlan: Sendable {
  var baseline = GatewayBehavior()
  var candidate = GatewayBehavior(vendor: .litellm, seed: 2)
  /// Share of live exchanges that the candidate answers.
  var weight = 0.0
  /// Share of the baseline's exchanges that are copied.
  var shadow = 0.0
  var noise = 0.0
  var budgetSpent = false
  var rules: [TrafficRule] = []
  var traffic = Traffic()
  var shadowPolicy = ShadowPolicy()
  var limits = StoryPlan.patient
  var threads = 1
  /// 0 takes any free one.
  var listenPort = 0
  /// In place of the system's.
  var lookUp: ArmAddresses.Ask?
  /// In place of what the system gives the test's process.
  var descriptors: (limit: Int, inUse: Int)?
  var baselineKey: String?
  var baselinePrices: [String: Price] = [:]
  /// The share of the baseline's answers whose bill is asked for.
  var baselineReconcile = 0.0
  /// A port in place of the emulated gateway's.
  var baselinePort: Int?
  var candidatePort: Int?
  var candidateHost = "127.0.0.1"
  var candidateTLS: GatewayTLS?
  var certificateAuthorities: String?
  var candidateModels = [ModelMap.Line(from: Glob("app/*"), to: "cand-*")]
  var candidateHeaders: [Arm.Header] = []
  var candidateAuthentication = Authentication.bearer
  var dropFields: [String] = []
  /// Endpoints that the candidate answers at another one.
  var translations: [Endpoint: Endpoint] = [:]
  /// The candidate's paths of pictures and videos, and its words for them.
  var paths: [Endpoint: String] = [:]
  var media: [Endpoint: FieldPolicy] = [:]
  /// The way in which the candidate makes pictures and videos, at its own address.
  var jobs: JobRow?
  var prices: [String: Price] = [:]
  var candidateCostFactor = 1.0
  var compare = ComparePolicy()
  var tags: [RolloutJudge.Tag] = []
  var budgets: [Budget] = []
  var spent: [SpentBudget] = []
  var guards: GuardPolicy?

  /// However long a busy machine takes to close a connection under a request.
  private static var patient: ProxyLimits {
    var limits = ProxyLimits()
    limits.staleWithin = .seconds(60)
    limits.staleIdle = .zero
    return limits
  }

  /// Every live exchange goes to the candidate.
  static func canary(_ candidate: GatewayBehavior = GatewayBehavior(vendor: .litellm, seed: 2)) -> StoryPlan {
    var plan = StoryPlan()
    plan.candidate = candidate
    plan.weight = 1
    return plan
  }

  /// Every live exchange is the baseline's, and copied to the candidate.
  static func shadow(_ candidate: GatewayBehavior = GatewayBehavior(vendor: .litellm, seed: 2)) -> StoryPlan {
    var plan = StoryPlan()
    plan.candidate = candidate
    plan.shadow = 1
    return plan
  }

  func routing() -> Routing {
    let table = SplitTable(
      salt: SplitTable.salt(rollout: "story"), stages: [[weight]], stage: 0, closed: [false], rules: rules,
      shadow: [shadow], models: [ModelMap(lines: candidateModels)],
      policies: [
        EligibilityPolicy(translated: Array(translations.keys), jobs: jobs == nil ? [] : [.pictures, .videos])
      ],
      sticky: traffic.sticky)
    return Routing(table: table, budgetSpent: budgetSpent, noise: noise, spent: spent)
  }
}

struct ProxyStory: Sendable {
  let baseline: EmulatedGateway
  let candidate: EmulatedGateway
  let proxy: SidecarProxy
  let ledger: LedgerProbe
  let plan: StoryPlan

  func client() async throws -> WirePeer { try await WirePeer.connect(proxy.port) }

  /// One request on a connection of its own, and its answer.
  func exchange(_ request: String) async throws -> WireMessage {
    let client = try await client()
    client.send(request)
    let answer = await client.receiveMessage()
    client.close()
    return answer
  }
}

/// Plays a story, and takes the stage down again whether it went well or not.
func story(_ plan: StoryPlan = StoryPlan(), _ play: (ProxyStory) async throws -> Void) async throws {
  let baseline = try await EmulatedGateway.start(behavior: plan.baseline)
  let candidate = try await EmulatedGateway.start(behavior: plan.candidate, tls: plan.candidateTLS)
  let group = MultiThreadedEventLoopGroup(numberOfThreads: plan.threads)
  let ledger = LedgerProbe()
  var configuration = ProxyConfiguration(
    port: plan.listenPort, threads: plan.threads, limits: plan.limits,
    certificateAuthorities: plan.certificateAuthorities)
  configuration.descriptors = plan.descriptors
  if let lookUp = plan.lookUp { configuration.lookUp = lookUp }
  let outcome: Result<Void, any Error>
  do {
    let proxy = try await SidecarProxy.start(
      configuration,
      playbook: plan.playbook(
        baseline: plan.baselinePort ?? baseline.port, candidate: plan.candidatePort ?? candidate.port),
      group: group, routing: plan.routing(), observer: ledger.observer, clock: Instant(nanoseconds: 1_000))
    outcome = .success(
      try await play(
        ProxyStory(baseline: baseline, candidate: candidate, proxy: proxy, ledger: ledger, plan: plan)))
  } catch {
    outcome = .failure(error)
  }
  try await group.shutdownGracefully()
  await baseline.stop()
  await candidate.stop()
  try outcome.get()
}

/// A story whose baseline is played by hand.
/// - Parameter staleIdle: after which a kept connection may have been given up.
func scriptedStory(
  staleIdle: Duration = StoryPlan().limits.staleIdle, _ play: (ProxyStory, ScriptedArm) async throws -> Void
) async throws {
  let arm = try await ScriptedArm.start()
  var plan = StoryPlan()
  plan.baselinePort = arm.port
  plan.limits.staleIdle = staleIdle
  try await story(plan) { story in try await play(story, arm) }
  try await arm.stop()
}

/// A story whose baseline is played by hand, and has just read this request.
func scriptedStory(
  _ request: String, _ play: (ProxyStory, _ client: WirePeer, _ upstream: WirePeer) async throws -> Void
) async throws {
  try await scriptedStory { story, arm in
    let client = try await story.client()
    client.send(request)
    let upstream = await arm.accept()
    _ = await upstream.receiveMessage()
    try await play(story, client, upstream)
  }
}

extension StoryPlan {
  func playbook(baseline: Int, candidate: Int) -> Playbook {
    let url = ArmURL(isTLS: candidateTLS != nil, host: candidateHost, port: candidate, basePath: "/v1")
    var jobsURL = url
    jobsURL.basePath = ""
    var usual = Arm(
      name: "openrouter", vendor: "openrouter",
      url: ArmURL(isTLS: false, host: "127.0.0.1", port: baseline, basePath: "/api/v1"),
      key: baselineKey.map { Secret($0) }, prices: baselinePrices)
    usual.reconcile = baselineReconcile
    var playbook = Playbook(
      name: "story",
      baseline: usual,
      candidates: [
        Arm(
          name: "litellm", vendor: "litellm",
          url: url, key: Secret("candidate-key"), authentication: candidateAuthentication, headers: candidateHeaders,
          models: ModelMap(lines: candidateModels), dropFields: dropFields, prices: prices,
          costFactor: candidateCostFactor,
          outgoing: OutgoingPolicy(
            media: media, translations: translations, paths: paths, jobs: jobs.map { ArmJobs($0, at: jobsURL) }))
      ],
      traffic: traffic, shadow: shadowPolicy,
      stages: [Stage(name: "story", weights: [weight], shadow: [shadow], hold: .zero)], compare: compare, tags: tags,
      budgets: budgets)
    playbook.guards = guards
    return playbook
  }
}

extension ProxyStory {
  /// Live exchanges on one connection while a candidate misbehaves; all must be the baseline's, whole and in order.
  ///
  /// - Parameter earlier: exchanges that the baseline has answered before.
  /// - Returns: what the ledger held when the last live answer was in.
  @discardableResult
  func liveGoesOn(count: Int = 20, after earlier: Int = 0) async throws -> LedgerProbe.Record {
    let client = try await client()
    for number in 1...count {
      client.send(Request.chat(stream: number.isMultiple(of: 2), text: "question \(number)"))
      let answer = await client.receiveMessage()
      #expect(answer.status == 200)
      #expect(answer.value("x-crossfade-arm") == "openrouter")
      #expect(answer.value("x-crossfade-fallback") == nil)
    }
    #expect(baseline.requestCount == earlier + count)
    let record = await ledger.waitForEnds(earlier + count, .live)
    #expect(record.outcomes(.live).allSatisfy { $0 == .ok })
    #expect(record.fallbacks.isEmpty)
    return record
  }
}
