import Dialects
import RolloutJudge
import Testing

@testable import crossfade

@Suite("StatusScreen")
struct StatusScreenTests {
  private func text(_ status: RolloutStatus, inColour: Bool = false) -> String {
    StatusScreen(status, inColour: inColour).lines.joined(separator: "\n")
  }

  @Test("A running rollout, in 80 columns")
  func golden() {
    let expected = """
      demo  running
      stage ramp-25 (4 of 6) since 2026-11-22T17:53:44Z, waiting for hold

      arm                 weight   requests   errors       p95  ttft p95        cost
      stable                          3,173     0.0%    157 ms    118 ms     $0.0312
      challenger             25%        164     1.2%    141 ms    118 ms     $0.0312
        in shadow                     1,076     0.3%    136 ms    118 ms     $0.0312

      condition                       evidence           now  needed
      error_rate > 5% and > 1.5×      ░░░░░░░░░░░░░░    0.03     200  not worse
      latency_p95 > 2 s and > 2×      ███████░░░░░░░      14     200

      last  rolled back challenger: error_rate 53.3% of 15 requests, allowed 5.0%
            2026-11-22T17:53:49.000Z
      """
    #expect(text(Samples.status(last: Samples.rollback())) == expected)
  }

  @Test("Several candidates are named, dropped copies counted, unknown figures dashes")
  func severalCandidates() {
    var status = Samples.status()
    status.arms["other"] = Samples.arm(Samples.figures(0), dropped: 12)
    status.weights["other"] = 0
    status.guards.append(Samples.condition(.costPerOutcome, above: 0.05, ratio: 1.25, evidence: 3e9, of: "other"))
    let text = text(status)
    #expect(text.contains("challenger error_rate > 5% and > 1.5×"))
    #expect(text.contains("other cost_per_outcome > $0.05 and > 1.25×  ██████████████    10^9     200"))
    #expect(text.contains("other                   0%          0        -         -         -           -"))
    #expect(text.contains("12 dropped"))
  }

  @Test("What was billed stands beside what answers told, and why nothing is asked any more")
  func bills() {
    var status = Samples.status()
    status.arms["stable"]?.reconciliation = Reconciliation(
      state: .refused, note: "its key may not (403)", asked: 14, answered: 13, missing: 1, billed: 0.105,
      streamed: 0.1, drift: 0.05, compared: 10, differing: 10, found: 0.003, foundAnswers: 3)
    let line =
      "stable: billed $0.1050 for 10 answers that told $0.1000, +5.0%; $0.003000 for 3 answers that told no cost"
    #expect(text(status).contains("\(line); no record of 1; its key may not (403)"))
    status.arms["stable"]?.reconciliation = Reconciliation(state: .asking, asked: 2, waiting: 2)
    #expect(!text(status).contains("stable:"))
  }

  @Test("Jobs stand below their arm: how they went, what they took, what was for nothing")
  func jobs() throws {
    var account = JobAccount()
    var job = JobFigures()
    (job.fate, job.timeToResult, job.assets) = (.succeeded, 2_000_000_000, 1)
    account.record(job, of: Samples.end(.ok, cost: 0.04))
    job = JobFigures()
    job.fate = .calledOff
    account.record(job, of: Samples.end(.timeout, atMost: 0.25))
    var status = Samples.status()
    status.arms["challenger"]?.live.jobs = RolloutStatus.Jobs(account)
    #expect(
      text(status).contains(
        "    2 jobs: 1 succeeded, 1 called off; result in 2.00 s, p95 2.00 s; $0.0400 each; "
          + "1 possibly billed, $0.2500 at most"))
  }

  @Test("Models that were taken back are named, and how they come back")
  func takenModels() {
    var status = Samples.status()
    status.candidates["challenger"] = RolloutStatus.CandidatePlace(
      stage: status.stage, stageIndex: 3, since: status.since, isRolledBack: false, rolledBackModels: ["claude-opus"])
    #expect(text(status).contains("rolled back on challenger: claude-opus; 'crossfade rearm' gives it back"))
  }

  @Test("Several models are told apart, each arm beside the other; a single one is all there is")
  func models() {
    var status = Samples.status()
    let mini = ModelStatus(
      model: "gpt-mini", live: ["stable": Samples.figures(900), "challenger": Samples.figures(30, errors: 3)],
      shadow: [:])
    let opus = ModelStatus(
      model: "opus", live: ["stable": Samples.figures(90)], shadow: ["challenger": Samples.figures(12)])
    status.models = [mini]
    #expect(!text(status).contains("by model"))
    status.models = [mini, opus]
    let expected = """
      by model
      gpt-mini
        stable                          900     0.0%    157 ms    118 ms     $0.0312
        challenger                       30    10.0%    157 ms    118 ms     $0.0312
      opus
        stable                           90     0.0%    157 ms    118 ms     $0.0312
        challenger                        0        -         -         -           -
          in shadow                      12     0.0%    157 ms    118 ms     $0.0312
      """
    #expect(text(status).contains(expected))
  }

  @Test(
    "Colour is for terminals, and says how it stands",
    arguments: [
      (RolloutState.running, "\u{1b}[32mrunning"), (.paused, "\u{1b}[33mpaused"),
      (.rolledBack, "\u{1b}[31mrolled back"),
    ])
  func colour(state: RolloutState, expected: String) {
    #expect(text(Samples.status(state), inColour: true).contains(expected))
    #expect(!text(Samples.status(state)).contains("\u{1b}"))
  }
}
