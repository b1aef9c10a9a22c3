import RolloutJudge
import Testing

@testable import crossfade

@Suite("DemoSummary")
struct DemoSummaryTests {
  private var asTold: DemoResult {
    DemoResult(
      rollback: Samples.rollback(), exposure: .milliseconds(470), reaction: .microseconds(25_600),
      clients: ClientView(requests: 4082, streams: 2042, rescued: 9),
      gateways: GatewayAccount(
        stableRequests: 4300, challengerRequests: 1273, keysAtStable: 4099, brokenRequests: 13, brokenFailures: 8),
      sentAfter: 634, aftermath: .milliseconds(5400), elapsed: .milliseconds(34_300))
  }

  private func text(_ result: DemoResult, store: String? = nil) -> String {
    DemoSummary(result: result, store: store).lines.map { $0.text(inColour: false) }.joined(separator: "\n")
  }

  @Test("The story as told, in 80 columns")
  func golden() {
    let expected = """
      Crossfade rolled challenger back by itself in stage ramp-25; 34 s in all.

        decision rolled back challenger: error_rate 53.3% of 15 requests, allowed 5.0%
        evidence challenger failed 8 of 15, stable failed 0 of 57
                 e-value 741 where 200 was needed: looked at after every answer, a
                 candidate within its limits gets there in at most 1 of 200 rollouts
        exposure 13 canary requests met it broken, of which 8 failed, within 0.5 s
        reaction journaled and in force 26 ms after the last failure it rests on
        clients  4,082 requests, 2,042 of them streams: no client saw an error
                 9 failed canaries were answered by stable within the same request
        after    634 requests in 5.4 s, none of them to challenger
        key      the application's own key was in 4,099 requests to stable and in none
                 of the 1,273 requests to challenger

      Next
        crossfade demo --print-playbook > playbook.yaml  the playbook just played
        crossfade check playbook.yaml                    what it does, in words
        crossfade demo --store demo.db                   again, kept for diffs, report
      """
    #expect(text(asTold) == expected)
    #expect(DemoSummary(result: asTold).lines.allSatisfy { $0.width <= 80 })
  }

  @Test("A journal that was kept is where to go next")
  func keptStore() {
    let kept = text(asTold, store: "demo.db")
    for command in ["decisions --json", "diffs", "report"] {
      #expect(kept.contains("  crossfade \(command) --store demo.db  "))
    }
  }

  @Test("A story as told deviates in nothing")
  func noDeviation() { #expect(asTold.deviations == []) }

  @Test("Errors that clients saw are named, and the headline does not boast")
  func clientErrors() {
    var result = asTold
    result.clients.errors = ["status 503": 2, "stream cut short": 1]
    #expect(result.deviations == ["clients saw 2 errors: status 503", "clients saw 1 error: stream cut short"])
    let text = text(result)
    #expect(text.hasPrefix("The demo did not go as it should; 34 s in all."))
    #expect(text.contains("clients  4,082 requests, 2,042 of them streams: clients saw 3 errors"))
    #expect(
      text.contains("wrong    clients saw 2 errors: status 503\n           clients saw 1 error: stream cut short"))
  }

  @Test("Every way in which the story can differ is said")
  func deviations() {
    var result = asTold
    result.rollback = nil
    #expect(result.deviations == ["challenger was not rolled back"])
    result.failure = "still in stage shadow after 180 s"
    #expect(result.deviations == ["still in stage shadow after 180 s"])
    result = asTold
    result.rollback = Samples.rollback(actor: "ada", metric: .latencyP95)
    #expect(
      result.deviations == [
        "ada rolled it back, not Crossfade", "it was rolled back for latency_p95, but its errors were the fault",
      ])
    result = asTold
    result.sentAfterToCandidate = 1
    result.gateways.keysAtChallenger = 2
    #expect(
      result.deviations == [
        "1 request sent after the rollback met challenger", "challenger saw the application's key 2 times",
      ])
  }

  @Test("A story that ended before a decision still has its figures")
  func withoutRollback() {
    let result = DemoResult(
      failure: "the rollout is paused", clients: ClientView(requests: 1, streams: 0), elapsed: .seconds(3))
    #expect(
      text(result).hasPrefix(
        """
        The demo did not go as it should; 3.0 s in all.

          clients  1 request, 0 of them streams: no client saw an error
          wrong    the rollout is paused
        """))
  }
}
