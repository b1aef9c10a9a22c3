/// The demo's two gateways: one that is well, one that is well until it is told to break.

import GatewayEmulation

struct DemoGateways: Sendable {
  let stable: EmulatedGateway
  let challenger: EmulatedGateway
  /// The application's; the baseline refuses requests without it, and the candidate must never see it.
  static let applicationKey = "sk-or-the-applications-own"
  static let challengerKey = "sk-challenger"

  /// On free ports of this machine.
  static func start(seed: UInt64) async throws -> DemoGateways {
    let stable = try await EmulatedGateway.start(behavior: stable(seed: seed), recordLimit: recordLimit)
    do {
      let challenger = try await EmulatedGateway.start(behavior: challenger(seed: seed), recordLimit: recordLimit)
      return DemoGateways(stable: stable, challenger: challenger)
    } catch {
      await stable.stop()
      throw error
    }
  }

  /// More than a demo can send before its deadline.
  private static let recordLimit = 100_000

  private static func stable(seed: UInt64) -> GatewayBehavior {
    GatewayBehavior(
      vendor: .openrouter, latency: .lognormal(median: .milliseconds(60), sigma: 0.35),
      streamEventInterval: .milliseconds(5), answerSource: .prompt, requireKey: applicationKey, seed: seed)
  }

  private static func challenger(seed: UInt64) -> GatewayBehavior {
    GatewayBehavior(
      vendor: .litellm, latency: .lognormal(median: .milliseconds(50), sigma: 0.35), errorRate: 0.005,
      errorStatus: 503, streamEventInterval: .milliseconds(5), answerSource: .prompt, divergenceRate: 0.03,
      models: ApplicationRequest.models.map { String($0.split(separator: "/")[1]) }, refusesUnknownModels: true,
      requireKey: challengerKey, seed: seed &+ 2)
  }

  /// - Returns: how many requests the candidate had got before.
  func breakChallenger() -> Int {
    var behavior = challenger.behavior
    behavior.errorRate = DemoStory.brokenRate
    challenger.set(behavior)
    return challenger.requestCount
  }

  func stop() async {
    await stable.stop()
    await challenger.stop()
  }

  /// The requests that the gateways received, counted where they received them.
  func account(brokenAfter requests: Int?) -> GatewayAccount {
    let atChallenger = challenger.received
    let broken = requests.map { atChallenger.dropFirst($0) } ?? []
    return GatewayAccount(
      stableRequests: stable.requestCount, challengerRequests: challenger.requestCount,
      keysAtStable: stable.received.count { Self.carriesApplicationKey($0) },
      keysAtChallenger: atChallenger.count { Self.carriesApplicationKey($0) },
      brokenRequests: broken.count,
      brokenFailures: broken.count { if case .status = $0.fault { true } else { false } })
  }

  /// Under whatever header it came.
  private static func carriesApplicationKey(_ request: ReceivedRequest) -> Bool {
    request.headers.contains { $0.value.contains(applicationKey) }
  }
}

struct GatewayAccount: Sendable, Equatable {
  var stableRequests = 0
  var challengerRequests = 0
  /// Requests that carried the application's key.
  var keysAtStable = 0
  var keysAtChallenger = 0
  /// Requests that the candidate got once it was broken, and those of them it refused.
  var brokenRequests = 0
  var brokenFailures = 0
}
