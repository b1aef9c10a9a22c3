import OperatorLog
import RolloutJudge
import Testing

@testable import crossfade

@Suite("DemoLog")
struct DemoLogTests {
  private let log = DemoLog(candidate: "challenger", now: { Samples.start + .seconds(30) })

  private func hear(_ line: String) { #expect(log.write(Array((line + "\n").utf8))) }

  private func exchange(
    _ second: Int, arm: String = "challenger", population: String = "live", outcome: String
  ) -> String {
    let ts = (Samples.start + .seconds(second)).rfc3339
    return #"{"ts":"\#(ts)","level":"info","event":"exchange","message":"","arm":"\#(arm)","#
      + #""population":"\#(population)","outcome":"\#(outcome)"}"#
  }

  private func decision(_ kind: String) -> String {
    #"{"ts":"2026-11-22T19:53:49.000Z","level":"warning","event":"decision","message":"said","decision":"\#(kind)"}"#
  }

  @Test("A rollback is in force when it is heard, and rests on the candidate's last live failure before it")
  func rollback() {
    hear(exchange(20, outcome: "failed"))
    hear(exchange(21, outcome: "failed"))
    hear(exchange(22, outcome: "ok"))
    hear(exchange(23, population: "shadow", outcome: "failed"))
    hear(exchange(24, arm: "stable", outcome: "failed"))
    hear(decision("rollback"))
    hear(exchange(25, outcome: "failed"))
    #expect(
      log.rollback
        == DemoLog.Rollback(inForceAt: Samples.start + .seconds(30), lastFailureAt: Samples.start + .seconds(21)))
  }

  @Test("Decisions and warnings are taken once, other lines never")
  func entries() {
    hear(decision("start"))
    hear(#"{"ts":"t","level":"info","event":"listening","message":"listens"}"#)
    hear(#"{"ts":"t","level":"error","event":"journal_failed","message":"disk full"}"#)
    hear("not a line")
    #expect(log.takeNew().map(\.kind) == ["start", "journal_failed"])
    #expect(log.takeNew() == [])
    hear(decision("advance"))
    #expect(log.takeNew().map(\.kind) == ["advance"])
  }

  @Test("The log's own decision lines are understood")
  func realLine() {
    let events = EventLog(sink: log, now: { Samples.start })
    events.emit(.decision(Samples.rollback()))
    #expect(log.rollback?.inForceAt == Samples.start + .seconds(30))
    #expect(log.takeNew().map(\.message) == [Samples.rollback().message])
  }
}

@Suite("ClientTally")
struct ClientTallyTests {
  @Test("It counts what clients saw, and who met the candidate when")
  func counts() {
    let tally = ClientTally(candidate: "challenger")
    let exchanges: [(Int, String?, String?, String?)] = [
      (1, nil, "stable", nil), (2, nil, "challenger", nil), (3, nil, "stable", "failed"),
      (4, "status 502", "stable", nil), (5, "status 502", nil, nil),
    ]
    for (second, fault, arm, fallback) in exchanges {
      tally.record(
        ClientTally.Exchange(
          sentAt: Samples.start + .seconds(second), isStream: second % 2 == 0, fault: fault, arm: arm,
          fallback: fallback))
    }
    #expect(tally.view == ClientView(requests: 5, streams: 2, rescued: 1, errors: ["status 502": 2]))
    #expect(tally.view.errorCount == 2)
    #expect(tally.sent(after: Samples.start) == (5, 2))
    #expect(tally.sent(after: Samples.start + .seconds(2)) == (3, 1))
    #expect(tally.sent(after: Samples.start + .seconds(3)) == (2, 0))
  }
}
