/// What was under way when a playbook was replaced counts for the arms that are still there, and for no other.

import Dialects
import RolloutJudge
import Testing
import TrafficSplit

@testable import crossfade

@Suite("ArmTranslation")
struct ArmTranslationTests {
  private func playbook(_ names: String...) -> Playbook {
    func arm(_ name: String) -> Arm {
      Arm(name: name, vendor: name, url: ArmURL(isTLS: false, host: "127.0.0.1", port: 1, basePath: "/v1"))
    }
    return Playbook(
      name: "p", baseline: arm("openrouter"), candidates: names.map(arm),
      stages: [Stage(name: "s", weights: names.map { _ in 0 }, shadow: names.map { _ in 0 }, hold: .zero)])
  }

  private func end(_ arm: ArmIndex) -> AttemptEnd {
    AttemptEnd(
      attempt: 1, exchange: 1, arm: arm, population: .live, outcome: .ok, at: Instant(nanoseconds: 0), latency: 1,
      ttft: nil, cost: nil, isRetry: false, isNormalFinish: true)
  }

  @Test("arms are found by their names; one that is gone or another by now counts for nobody")
  func names() {
    let step = ArmTranslation(from: playbook("a", "b", "c"), to: playbook("c", "d", "a"), renewed: ["a"])
    #expect(step.arms == [.baseline, nil, nil, .candidate(0)])
    #expect(!step.isIdentity)
    #expect(step(end(.candidate(2)))?.arm == .candidate(0))
    #expect(step(end(.candidate(0))) == nil && step(end(.candidate(7))) == nil)
    let start = AttemptStart(
      attempt: 1, exchange: 1, arm: .baseline, population: .live, unit: 1, shares: [0.1, 0.2, 0.3],
      at: Instant(nanoseconds: 0))
    #expect(step(LedgerEntry.started(start)) == nil)
    #expect(ArmTranslation(from: playbook("a"), to: playbook("a", "b"), renewed: []).isIdentity)
  }

  @Test("over several playbooks each step counts")
  func steps() {
    let first = ArmTranslation(from: playbook("a", "b"), to: playbook("b", "a"), renewed: [])
    let second = ArmTranslation(from: playbook("b", "a"), to: playbook("a"), renewed: [])
    #expect(first.followed(by: second).arms == [.baseline, .candidate(0), nil])
  }

  @Test("labels by tags that are others now are left out")
  func tags() {
    var tagged = playbook("a")
    tagged.tags = [RolloutJudge.Tag(name: "team", source: .header("x-team"))]
    #expect(!ArmTranslation(from: tagged, to: playbook("a"), renewed: []).keepsTags)
  }

  @Test("a sent text may change what it likes, but not where requests, copies and keys go")
  func sentText() {
    let inForce = playbook("a")
    let text = "key: ${KEY}\nhold: 1h"
    var changed = inForce
    changed.stages[0].hold = .seconds(5)
    #expect(SentPlaybook.isHarmless(changed, "key: ${KEY}\nhold: 5s", beside: inForce, text))
    #expect(!SentPlaybook.isHarmless(changed, "key: ${KEY}\nname: ${KEY}", beside: inForce, text))
    #expect(!SentPlaybook.isHarmless(changed, "key: ${KEY}\nname: ${OTHER:-x}", beside: inForce, text))
    for change in [
      { (playbook: inout Playbook) in playbook.candidates[0].url.port = 2 },
      { $0.baseline.url.host = "evil.example" }, { $0.candidates[0].key = Secret("k") },
      { $0.onDecision = [DecisionHook(.webhook, address: Secret("https://evil.example"))] },
    ] {
      var other = inForce
      change(&other)
      #expect(!SentPlaybook.isHarmless(other, text, beside: inForce, text))
    }
  }
}
