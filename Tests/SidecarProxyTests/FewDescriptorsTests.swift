/// A process that may have few descriptors: everybody is answered, if later, and no arm is blamed.

import Dialects
import RolloutJudge
import Testing

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct FewDescriptorsTests {
  @Test("clients wait to be accepted, all are answered, and no arm is blamed")
  func fewDescriptors() async throws {
    var plan = StoryPlan.canary()
    plan.weight = 0.5
    plan.descriptors = (limit: 80, inUse: 20)
    try await story(plan) { story in
      await withTaskGroup(of: Int.self) { group in
        for _ in 0..<60 { group.addTask { (try? await story.exchange(Request.chat()).status) ?? 0 } }
        for await status in group { #expect(status == 200) }
      }
      let record = await story.ledger.waitForEnds(60)
      #expect(record.ends.allSatisfy { $0.outcome == .ok } && record.fallbacks.isEmpty)
    }
  }

  @Test("what idles at one arm makes room for requests to the other", arguments: [1, 2])
  func idleMakesRoom(threads: Int) async throws {
    let (first, second) = (try await ScriptedArm.start(), try await ScriptedArm.start())
    var plan = StoryPlan()
    (plan.baselinePort, plan.candidatePort) = (first.port, second.port)
    plan.traffic.allowsOverride = true
    plan.threads = threads
    plan.descriptors = (limit: 80, inUse: 20)
    let crowd = 10
    try await story(plan) { story in
      var clients: [WirePeer] = []
      for _ in 0..<crowd { clients.append(try await story.client()) }
      for (arm, name) in [(first, "openrouter"), (second, "litellm")] {
        for client in clients { client.send(Request.chat(lines: "x-crossfade-arm: \(name)\r\n")) }
        var asked: [WirePeer] = []
        // All are under way at once: together with those that idle at the other arm that is more than there may be.
        for _ in 0..<crowd { asked.append(await arm.accept()) }
        for upstream in asked {
          _ = await upstream.receiveMessage()
          upstream.send(scriptedAnswer())
        }
        for client in clients { #expect(await client.receiveMessage().status == 200) }
      }
      let record = await story.ledger.waitForEnds(2 * crowd)
      #expect(record.ends(.override).count == 2 * crowd && record.fallbacks.isEmpty)
    }
    try await first.stop()
    try await second.stop()
  }
}
