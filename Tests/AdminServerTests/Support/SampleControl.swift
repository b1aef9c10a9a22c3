/// A rollout made of values: what it is told to say, it says; what it is told to do, it remembers.

import AdminServer
import RolloutJudge
import Synchronization

final class SampleControl: RolloutControl {
  struct Trouble: Error {}

  struct State {
    var status = Samples.status
    var readiness = Readiness.ready
    var refusal: CommandRefusal?
    var isBroken = false
    var given: [CommandOrder] = []
    var playbooks: [PlaybookOrder] = []
    var playbookProblems: [String] = []
    var reported: [ReportedOutcome] = []
    var asked: [[Int?]] = []
    var diffs: [DiffsQuery] = []
    var families: [MetricFamily] = []
  }

  let state = Mutex(State())

  func status() async -> RolloutStatus { state.withLock(\.status) }

  func stageNames() async -> [String] { Samples.stages }

  func decisions(after seq: Int?, limit: Int?) async throws -> [Decision] {
    try state.withLock { state in
      if state.isBroken { throw Trouble() }
      state.asked.append([seq, limit])
      return Samples.decisions.filter { $0.seq > seq ?? 0 }.suffix(limit ?? 100)
    }
  }

  func diffs(_ query: DiffsQuery) async throws -> [UInt8]? {
    state.withLock { state in
      state.diffs.append(query)
      if let id = query.id, id != "00000000000000aa" { return nil }
      return Array(#"[{"id":"00000000000000aa"}]"#.utf8)
    }
  }

  func apply(_ order: PlaybookOrder) async throws -> PlaybookAnswer {
    try state.withLock { state in
      if !state.playbookProblems.isEmpty { throw PlaybookRefusal(problems: state.playbookProblems) }
      if let refusal = state.refusal { throw refusal }
      state.playbooks.append(order)
      return PlaybookAnswer(changed: ["stages.canary.hold: 1h → 2h"], isChange: true, seq: 5, stage: "canary")
    }
  }

  func perform(_ order: CommandOrder) async throws -> Decision {
    try state.withLock { state in
      if state.isBroken { throw Trouble() }
      if let refusal = state.refusal { throw refusal }
      state.given.append(order)
      return Samples.rollback
    }
  }

  func report(_ outcomes: [ReportedOutcome]) async -> Int {
    state.withLock { state in
      state.reported += outcomes
      return outcomes.count { $0.id.hasPrefix("x") }
    }
  }

  func readiness() async -> Readiness { state.withLock(\.readiness) }

  func metrics() async -> [MetricFamily] { state.withLock(\.families) }
}
