/// The report as people and as machines read it, word by word.

import Foundation
import RolloutJudge
import Testing

@testable import ArmProbe

struct ProbeTableTests {
  private static func times(_ factor: Int, kept: Bool = false) -> PhaseTimes {
    var medians: [PhaseTimes.Phase: Duration] = [
      .firstByte: .microseconds(1234 * factor), .total: .milliseconds(700 * factor),
    ]
    if !kept { medians[.dns] = .microseconds(50 * factor) }
    return PhaseTimes(medians: medians, samples: 3)
  }

  private static var report: ProbeReport {
    var baseline = ArmFindings(name: "openrouter", role: .baseline, url: "https://openrouter.ai/api/v1")
    baseline.fresh = times(1)
    baseline.kept = times(1, kept: true)
    baseline.authentication = .passedThrough
    baseline.remoteAddress = "192.0.2.1:443"
    baseline.httpVersion = "1.1"
    baseline.offersHTTP2 = true
    baseline.certificate = Certificate(
      subject: "CN = openrouter.ai", issuer: "CN = R3", expires: Probed.now + .seconds(40 * 86_400))
    baseline.listing = .listed(count: 345, isComplete: true)
    baseline.models = [ModelFinding(model: "openai/gpt-5", state: .listed(matches: 1))]
    var candidate = ArmFindings(name: "litellm", role: .candidate, url: "http://127.0.0.1:4000/v1")
    candidate.fresh = times(2)
    candidate.authentication = .accepted
    candidate.listing = .listed(count: 2, isComplete: true)
    candidate.models = [
      ModelFinding(model: "gpt-5", state: .listed(matches: 1)),
      ModelFinding(model: "opus", state: .missing(nearest: "claude-opus")),
    ]
    candidate.freeRequests = 9
    return ProbeReport(rollout: "move", billed: false, findings: [baseline, candidate], now: Probed.now)
  }

  @Test("for people")
  func lines() {
    let expected = """
      move: not every arm is ready

      median                            openrouter     litellm         tax
      GET models, new connection
        DNS                                0.05 ms     0.10 ms    +0.05 ms
        first byte                         1.23 ms     2.47 ms    +1.23 ms
        total                               700 ms      1.40 s     +700 ms
      GET models, open connection
        first byte                         1.23 ms           -           -
        total                               700 ms           -           -

      openrouter (baseline, https://openrouter.ai/api/v1): ready with remarks
        - authentication was not checked: the application's own key is passed through
        connection:     at 192.0.2.1:443, HTTP/1.1 (it offers HTTP/2 too)
        certificate:    CN = openrouter.ai, issued by CN = R3, 40 days left
        authentication: not checked: the application's own key is passed through
        models:         1 of 1 mapped are there; it lists 345

      litellm (candidate, http://127.0.0.1:4000/v1): not ready because it does not have the model opus, the nearest \
      that it has is claude-opus
        authentication: ok
        models:         1 of 2 mapped are there; it lists 2
          opus: missing, nearest is claude-opus
      """
    #expect(ProbeTable(Self.report).lines.joined(separator: "\n") == expected)
  }

  @Test("for machines: milliseconds, and the tax by phase")
  func document() throws {
    let data = try JSONEncoder().encode(Self.report)
    let document = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(document["ready"] as? Bool == false)
    let arms = try #require(document["arms"] as? [[String: Any]])
    let candidate = try #require(arms.last)
    #expect(candidate["verdict"] as? String == "not_ready")
    let tax = try #require((candidate["tax"] as? [String: Any])?["new_connection"] as? [String: Double])
    #expect(tax == ["dns": 0.05, "first_byte": 1.234, "total": 700])
    #expect((arms[0]["certificate"] as? [String: Any])?["days_left"] as? Int == 40)
    #expect(arms[0]["tax"] == nil)
  }

  private static let texts: [(Double, String)] = [
    (0, "0.00 ms"), (0.004, "0.00 ms"), (-0.4, "-0.40 ms"), (9.994, "9.99 ms"), (12.34, "12.3 ms"), (512.4, "512 ms"),
    (-1240, "-1.24 s"), (20_000, "20.00 s"),
  ]

  @Test("times keep three digits", arguments: texts)
  func milliseconds(_ value: Double, _ text: String) { #expect(ProbeTable.milliseconds(value) == text) }
}
