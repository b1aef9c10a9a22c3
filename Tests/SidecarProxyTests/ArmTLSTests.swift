/// Arms behind TLS: verified against the operator's own authorities, and never used where that fails.

import Dialects
import Foundation
import GatewayEmulation
import RolloutJudge
import TestCertificates
import Testing

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct ArmTLSTests {
  /// Writes the authority to a file for as long as `body` runs.
  private func withAuthority(_ body: (String) async throws -> Void) async throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "authority-\(UUID().uuidString).pem")
    try Data(TestCertificate.certificate.utf8).write(to: file)
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body(file.path)) } catch { outcome = .failure(error) }
    try FileManager.default.removeItem(at: file)
    try outcome.get()
  }

  private static func plan() -> StoryPlan {
    var plan = StoryPlan.canary()
    plan.candidateTLS = GatewayTLS(
      certificatePEM: TestCertificate.certificate, privateKeyPEM: TestCertificate.privateKey)
    return plan
  }

  @Test("an arm with a certificate of the operator's own authority is used", arguments: ["127.0.0.1", "localhost"])
  func trusted(_ host: String) async throws {
    try await withAuthority { path in
      var plan = Self.plan()
      plan.certificateAuthorities = path
      plan.candidateHost = host
      try await story(plan) { story in
        let client = try await story.client()
        for stream in [false, true, true] {
          client.send(Request.chat(stream: stream))
          let answer = await client.receiveMessage()
          #expect(answer.value("x-crossfade-arm") == "litellm")
          #expect(answer.value("x-crossfade-fallback") == nil)
        }
        let record = await story.ledger.waitForEnds(3)
        #expect(record.outcomes(.live) == [.ok, .ok, .ok])
        #expect(story.candidate.counts.connections == 1, "handshakes are for connections, not for exchanges")
      }
    }
  }

  @Test("an arm that cannot be verified has failed, and hears nothing of the request")
  func untrusted() async throws {
    try await story(Self.plan()) { story in
      for number in 1...2 {
        let answer = try await story.exchange(Request.chat())
        #expect(answer.status == 200)
        #expect(answer.value("x-crossfade-arm") == "openrouter")
        #expect(answer.value("x-crossfade-fallback") == "failed")
        await story.ledger.waitForEnds(number, .rescue)
      }
      #expect(story.ledger.record.outcomes(.live) == [.failed, .failed])
      #expect(story.candidate.requestCount == 0)
    }
  }

  @Test("an arm that speaks plain HTTP where TLS is expected has failed")
  func plain() async throws {
    let arm = try await EmulatedGateway.start()
    var plan = Self.plan()
    plan.candidatePort = arm.port
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat())
      #expect(answer.value("x-crossfade-fallback") == "failed")
    }
    #expect(arm.requestCount == 0)
    await arm.stop()
  }

  @Test("an arm that never agrees on TLS has not connected: it has failed when connecting may take no longer")
  func silent() async throws {
    let arm = try await ScriptedArm.start()
    var plan = Self.plan()
    plan.candidatePort = arm.port
    plan.traffic.timeouts.connect = .milliseconds(200)
    plan.traffic.fallback = [.connect]
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat())
      #expect(answer.status == 200)
      #expect(answer.value("x-crossfade-fallback") == "failed")
      let peer = await arm.accept()
      // Its connection is given up too.
      _ = await peer.receiveAll()
    }
    try await arm.stop()
  }

  @Test("large answers and backpressure work through TLS as without it")
  func large() async throws {
    try await withAuthority { path in
      var plan = Self.plan()
      plan.certificateAuthorities = path
      plan.candidate.fault = .flood(bytes: 5 << 20)
      try await story(plan) { story in
        let answer = try await story.exchange(Request.chat())
        #expect(answer.rawBody.count > 5 << 20)
        #expect(await story.ledger.waitForEnds(1).outcomes(.live) == [.ok])
      }
    }
  }

  @Test("authorities that cannot be read stop the start, and the message says which file")
  func unreadable() async throws {
    var plan = StoryPlan()
    plan.certificateAuthorities = "/nowhere/authority.pem"
    do {
      try await story(plan) { _ in Issue.record("it started") }
    } catch let error as ProxyStartError {
      #expect(error.description.hasPrefix("cannot read certificate authorities from /nowhere/authority.pem: "))
    }
  }
}
