/// A rollout made of values: what it is told to say, it says; what it is told to do, it remembers.

import AdminServer
import RolloutJudge
import Synchronization

final class SampleControl: RolloutControl {
  struct Trouble: Error {}

  struct Given: Equatable {
    var command: Command
    var reason: String?
    var actor: String
  }

  struct State {
    var status = Samples.status
    var readiness = Readiness.ready
    var refusal: CommandRefusal?
    var isBroken = false
    var given: [Given] = []
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

  func perform(_ command: Command, reason: String?, actor: String) async throws -> Decision {
    try state.withLock { state in
      if state.isBroken { throw Trouble() }
      if let refusal = state.refusal { throw refusal }
      state.given.append(Given(command: command, reason: reason, actor: actor))
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
