import Dialects
import Logging
import RolloutJudge
import Testing

@testable import OperatorLog

@Suite("EventLog")
struct EventLogTests {
  private let sink = MemorySink()

  private func log(_ format: LineFormat = .json, level: Logger.Level = .trace) -> EventLog {
    EventLog(sink: sink, format: format, level: level, now: { Samples.noon })
  }

  @Test("A rollback is the line of the contract, byte for byte")
  func rollbackLine() {
    log().emit(.decision(Samples.rollback), at: Samples.rollback.at)
    #expect(
      sink.lines == [
        #"{"ts":"2026-11-22T12:00:00.123Z","level":"warning","event":"decision","#
          + #""message":"rolled back litellm: error_rate 31.0% of 29 requests, allowed 2.0%","#
          + #""decision":"rollback","rollout":"openrouter-to-litellm","stage":"canary-5","candidate":"litellm","#
          + #""metric":"error_rate","condition":{"above":0.02,"ratio_above":1.5},"weights_before":{"litellm":0.05},"#
          + #""weights_after":{"litellm":0.0},"evidence":{"test":"sequential","e_value":131.2,"threshold":100.0,"#
          + #""candidate":{"n":29,"bad":9},"baseline":{"n":551,"bad":4},"since":"2026-11-21T09:30:00.000Z"},"#
          + #""seq":17,"actor":"crossfade","playbook_sha256":"\#(Samples.sha256)"}"# + "\n"
      ])
  }

  @Test(
    "Decisions that take traffic away or stop the rollout are warnings, the others are not",
    arguments: Decision.Kind.allCases)
  func decisionLevels(kind: Decision.Kind) {
    log().emit(.decision(Samples.decision(kind)))
    let isWarning = [.rollback, .pause, .abort].contains(kind)
    #expect(sink.lines[0].contains(isWarning ? #""level":"warning""# : #""level":"info""#))
    #expect(sink.lines[0].contains(#""decision":"\#(kind.rawValue)""#))
  }

  @Test("Samples exist for every event except the log's own")
  func samplesAreComplete() {
    let kinds = Set(Samples.events.map(\.record.kind))
    #expect(Set(EventKind.allCases).subtracting(kinds) == [.linesDropped, .notice])
  }

  @Test("A record carries exactly the fields that the table allows, and all that it requires")
  func recordsFollowTheTable() {
    for record in Samples.events.map(\.record) {
      let names = record.fields.map(\.field.name)
      let row = record.kind.row
      #expect(Set(names).isSuperset(of: row.required.map(\.name)), "\(record)")
      #expect(Set(names).isSubset(of: (row.required + row.optional).map(\.name)), "\(record)")
      #expect(Set(names).count == names.count, "\(record)")
    }
  }

  @Test("An event below the level is not written")
  func level() {
    let log = log(level: .warning)
    log.emit(.listening(.proxy, host: "127.0.0.1", port: 1))
    log.emit(.journalFailed(error: "disk full"))
    #expect(sink.lines.count == 1)
  }

  @Test("An event without an instant gets the log's own")
  func clock() {
    log().emit(.stopped(cutOff: 0))
    log().emit(.stopped(cutOff: 0), at: Samples.noon + .seconds(1))
    #expect(sink.lines[0].hasPrefix(#"{"ts":"2026-11-22T12:00:00.123Z""#))
    #expect(sink.lines[1].hasPrefix(#"{"ts":"2026-11-22T12:00:01.123Z""#))
  }

  @Test("A storm is cut to its budget, and the next second says how much was left out")
  func storm() {
    let log = log()
    for _ in 0..<1000 { log.emit(.fallback(id: "x", candidate: "litellm", outcome: .failed, status: 500)) }
    #expect(sink.lines.count == 20)
    log.emit(.fallback(id: "y", candidate: "litellm", outcome: .failed, status: 500), at: Samples.noon + .seconds(1))
    #expect(sink.lines.count == 21)
    #expect(sink.lines[20].hasSuffix(#""suppressed":980}"# + "\n"))
  }

  @Test("A storm never costs a decision its line")
  func decisionsHaveNoBudget() {
    let log = log()
    for _ in 0..<1000 { log.emit(.decision(Samples.rollback)) }
    #expect(sink.lines.count == 1000)
  }

  @Test("Lines that the sink does not take are counted and reported when it takes lines again")
  func lostLines() {
    let log = log()
    sink.isFull = true
    for _ in 0..<3 { log.emit(.stopped(cutOff: 0)) }
    #expect(log.lostLines == 3)
    sink.isFull = false
    log.emit(.stopped(cutOff: 1))
    #expect(sink.lines.count == 2)
    #expect(
      sink.lines[1].contains(
        #""event":"lines_dropped","message":"3 log lines left out: the reader was too slow","count":3}"#))
    log.emit(.stopped(cutOff: 1))
    #expect(sink.lines.count == 3)
    #expect(log.lostLines == 3)
  }

  @Test("As text an event is one line of aligned columns without colour")
  func text() {
    log(.text).emit(.decision(Samples.rollback))
    #expect(
      sink.lines == [
        "2026-11-22T12:00:00.123Z WARNING  decision          rolled back litellm: error_rate 31.0% of 29 requests, "
          + "allowed 2.0% stage=canary-5 candidate=litellm weights_after=litellm:0.0 seq=17 actor=crossfade\n"
      ])
  }

  @Test(
    "Money is told to the cent, and below a dollar as finely as it takes",
    arguments: [
      (25.004, 25, "$25.00 of $25.00 spent"), (0.50042, 0.5, "$0.50042 of $0.50 spent"),
      (0.0000004, 0, "$0.00 of $0.00 spent"), (0.9999999, 1, "$1.00 of $1.00 spent"),
    ])
  func money(_ spent: Double, _ budget: Double, _ text: String) {
    log().emit(.budgetSpent(candidate: nil, spent: spent, budget: budget, resumesAt: Samples.noon))
    #expect(sink.lines[0].contains(text))
  }

  @Test("Colour needs a terminal and consent")
  func colour() {
    for (isTerminal, wanted) in [(false, false), (false, true), (true, false), (true, true)] {
      let sink = MemorySink(isTerminal: isTerminal)
      EventLog(sink: sink, format: .text, colour: wanted, now: { Samples.noon }).emit(.stopped(cutOff: 0))
      #expect(sink.lines[0].contains("\u{1b}[") == (isTerminal && wanted))
    }
  }
}
