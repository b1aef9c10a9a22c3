/// Probing gateways on real sockets: what is found, and what is sent to find it.

import GatewayEmulation
import NIOCore
import RolloutJudge
import Testing

@testable import ArmProbe

@Suite(.timeLimit(.minutes(2)))
struct ArmProberTests {
  private static func gateway() -> GatewayBehavior {
    var behavior = GatewayBehavior(vendor: .litellm, models: ["claude-opus", "deepseek/v3"])
    behavior.requireKey = Probed.key.exposed
    behavior.refusesUnknownModels = true
    return behavior
  }

  @Test("a good gateway is ready, measured, and was asked nothing that is billed")
  func good() async throws {
    let (findings, received) = try await Probed.findings(Self.gateway())
    #expect(ArmVerdict(findings, now: Probed.now) == ArmVerdict(reasons: [], remarks: []))
    #expect(findings.authentication == .accepted)
    #expect(findings.listing == .listed(count: 2, isComplete: true))
    #expect(findings.models == [ModelFinding(model: "claude-opus", state: .listed(matches: 1))])
    #expect(findings.httpVersion == "1.1")
    #expect(findings.remoteAddress?.hasPrefix("127.0.0.1:") == true)
    #expect(findings.fresh?.samples == 3)
    #expect(findings.kept?.samples == 3)
    #expect(findings.fresh?[.tls] == nil)
    for phase in [PhaseTimes.Phase.connect, .firstByte, .total] {
      #expect(try #require(findings.fresh?[phase]) > .zero, "\(phase)")
    }
    #expect(findings.kept?[.connect] == nil, "no connection was made")
    #expect(findings.billedRequests == 0)
    #expect(received.count == findings.freeRequests)
    #expect(received.allSatisfy { $0.method == "GET" })
  }

  @Test("questions are asked where they may be, and only so many")
  func asks() async throws {
    var behavior = Self.gateway()
    behavior.streamEventInterval = .milliseconds(5)
    let (findings, received) = try await Probed.findings(behavior, settings: Probed.settings { $0.maySpend = true })
    #expect(findings.question == .answered(model: "claude-opus"))
    #expect(findings.asked?.samples == 3)
    let asked = try #require(findings.asked)
    #expect(try #require(asked[.firstToken]) >= #require(asked[.firstByte]))
    #expect(try #require(asked[.total]) >= #require(asked[.firstToken]))
    let posts = received.filter { $0.method == "POST" }
    #expect(posts.count == 3 && findings.billedRequests == 3)
    #expect(posts.allSatisfy { $0.target == "/v1/chat/completions" && $0.bodyText.contains(#""max_tokens":1"#) })
  }

  @Test("a model that is mapped but missing is named with the nearest")
  func missingModel() async throws {
    let (findings, _) = try await Probed.findings(Self.gateway()) {
      Probed.target(port: $0, models: ["claude-opus-4", "deepseek/*", "qwen/*"])
    }
    #expect(
      findings.models.map(\.state) == [
        .missing(nearest: "claude-opus"), .listed(matches: 1), .missing(nearest: nil),
      ])
    let verdict = ArmVerdict(findings, now: Probed.now)
    #expect(
      verdict.text
        == "not ready because it does not have the model claude-opus-4, the nearest that it has is claude-opus; "
        + "and it does not have the model qwen/*")
  }

  @Test("a key that is refused is found out, and not tried on a question")
  func refusedKey() async throws {
    let (findings, received) = try await Probed.findings(
      Self.gateway(), settings: Probed.settings { $0.maySpend = true }
    ) { Probed.target(port: $0, key: Secret("sk-another")) }
    #expect(findings.authentication == .refused(status: 401, hasKey: true))
    #expect(ArmVerdict(findings, now: Probed.now).reasons == ["it refuses its key (401)"])
    #expect(received.allSatisfy { $0.method == "GET" })
  }

  @Test("a list for everyone proves no key; a question does")
  func publicList() async throws {
    var behavior = Self.gateway()
    behavior.requireKey = nil
    let (free, _) = try await Probed.findings(behavior)
    #expect(free.authentication == .unproven)
    #expect(ArmVerdict(free, now: Probed.now).readiness == .readyWithRemarks)
    let (billed, _) = try await Probed.findings(behavior, settings: Probed.settings { $0.maySpend = true })
    #expect(billed.authentication == .accepted)
    #expect(ArmVerdict(billed, now: Probed.now).readiness == .ready)
  }

  @Test("a baseline whose key is the application's is not asked as a stranger")
  func passedThrough() async throws {
    let (findings, received) = try await Probed.findings(
      Self.gateway(), settings: Probed.settings { $0.maySpend = true }
    ) { Probed.target(port: $0, key: nil, role: .baseline, vendor: "openrouter") }
    #expect(findings.authentication == .passedThrough)
    #expect(ArmVerdict(findings, now: Probed.now).readiness == .readyWithRemarks)
    #expect(received.allSatisfy { $0.method == "GET" && $0.values("authorization").isEmpty })
  }

  @Test("a port that nobody listens on")
  func closedPort() async throws {
    let findings = try await ArmProber(settings: Probed.settings()).probe(
      Probed.target(port: try await Probed.closedPort()))
    #expect(findings.unreachable?.kind == .connect)
    #expect(ArmVerdict(findings, now: Probed.now).readiness == .notReady)
    #expect(findings.authentication == .notAsked)
  }

  @Test("a server that accepts and never answers is left after the time-out, once")
  func hung() async throws {
    let (findings, received) = try await Probed.findings(
      GatewayBehavior(fault: .hangBeforeHead), settings: Probed.settings { $0.timeout = .milliseconds(300) })
    #expect(findings.unreachable?.kind == .timeout)
    #expect(findings.unreachable?.text == "accepts the connection but does not answer within 300 ms")
    #expect(received.count == 1)
  }

  @Test("what is not HTTP is an unreachable arm", arguments: [Fault.garbage, .resetBeforeHead])
  func garbage(_ fault: Fault) async throws {
    let (findings, _) = try await Probed.findings(GatewayBehavior(fault: fault))
    #expect(findings.unreachable?.kind == (fault == .garbage ? .broken : .reset))
  }

  @Test("an endless answer and an endless head are cut off")
  func floods() async throws {
    let settings = Probed.settings {
      $0.answerBytes = 1 << 20
      $0.headBytes = 8 << 10
    }
    let (flood, _) = try await Probed.findings(GatewayBehavior(fault: .flood(bytes: 4 << 20)), settings: settings)
    #expect(flood.unreachable == nil)
    #expect(flood.listing == .unreadable)
    let (head, _) = try await Probed.findings(
      GatewayBehavior(fault: .oversizedHead(bytes: 64 << 10)), settings: settings)
    #expect(head.unreachable == TransferFailure(.broken, "its answer's head is longer than 8 KiB"))
  }

  @Test("a redirect is not followed", arguments: [301, 302, 307, 308])
  func redirect(_ status: Int) async throws {
    let (findings, _) = try await Probed.findings(GatewayBehavior(fault: .status(status, retryAfterSeconds: nil)))
    #expect(findings.authentication == .unclear(status: status))
    #expect(ArmVerdict(findings, now: Probed.now).readiness == .notReady)
  }

  @Test("cancelling ends a probe that hangs")
  func cancelled() async throws {
    let gateway = try await EmulatedGateway.start(behavior: GatewayBehavior(fault: .hangBeforeHead))
    let port = gateway.port
    let probe = Task { try await ArmProber(settings: Probed.settings()).probe(Probed.target(port: port)) }
    await gateway.wait { $0.openConnections == 1 }
    probe.cancel()
    #expect(try await probe.value.unreachable?.kind == .cancelled)
    await gateway.stop()
  }
}

extension ArmVerdict {
  fileprivate init(reasons: [String], remarks: [String]) {
    self.init(ArmFindings(name: "", role: .candidate, url: ""), now: Probed.now)
    self.reasons = reasons
    self.remarks = remarks
  }
}
