import Foundation
import Logging
import RolloutJudge
import Testing

@testable import OperatorLog

@Suite("LogSchema")
struct LogSchemaTests {
  private let check: SchemaCheck

  init() throws { check = try SchemaCheck(logSchema()) }

  /// Every sample, a line with `suppressed`, a library's line and a report of lost lines, as they are written.
  static func lines() -> [String] {
    let sink = MemorySink()
    let log = EventLog(sink: sink, level: .trace, now: { Samples.noon })
    for event in Samples.events { log.emit(event) }
    for _ in 0..<21 { log.emit(.limitReached(name: "waiters", allowed: 10, count: 2)) }
    log.emit(.limitReached(name: "waiters", allowed: 10, count: 2), at: Samples.noon + .seconds(2))
    log.logger(label: "library").notice("n", metadata: ["a": "b"])
    sink.isFull = true
    log.emit(.stopped(cutOff: 0))
    sink.isFull = false
    log.emit(.stopped(cutOff: 0))
    return sink.lines
  }

  @Test("Every line of every event satisfies the schema")
  func linesValidate() {
    let lines = Self.lines()
    #expect(EventKind.allCases.allSatisfy { kind in lines.contains { $0.contains("\"event\":\"\(kind.rawValue)\"") } })
    for line in lines { #expect(check.problems(in: line) == [], "\(line)") }
  }

  @Test(
    "The schema refuses what is not a line",
    arguments: [
      (#""ts":"2026-11-22T12:00:00.123Z","#, ""), (#".123Z""#, #"Z""#), (#""level":"warning""#, #""level":"loud""#),
      (#""event":"decision""#, #""event":"listening""#), (#""seq":17"#, #""seq":"17""#), (#""seq":17,"#, ""),
      (#""litellm":0.05"#, #""litellm":5"#), (#""bad":9"#, #""bad":-1"#), (#""n":29,"#, ""),
      (#""actor""#, #""author""#), (#""metric":"error_rate""#, #""metric":"mood""#),
    ])
  func refusals(part: String, replacement: String) {
    let line = String(
      decoding: Line(record: OperatorEvent.decision(Samples.rollback).record, at: Samples.noon).json, as: UTF8.self)
    let broken = line.replacingOccurrences(of: part, with: replacement)
    #expect(broken != line)
    #expect(!check.problems(in: broken).isEmpty)
  }

  @Test("The schema names the events of the contract")
  func events() {
    let contract = [
      "decision", "exchange", "shadow_dropped", "fallback", "budget_spent", "upstream_down", "upstream_up", "listening",
      "draining", "config_changed",
    ]
    #expect(Set(EventKind.allCases.map(\.rawValue)).isSuperset(of: contract))
  }
}
