/// Listens to the log as an operator's tools would: decisions, and the candidate's last failure before the rollback.

import Foundation
import OperatorLog
import RolloutJudge
import Synchronization

final class DemoLog: LineSink {
  struct Entry: Sendable, Equatable {
    /// When the line was written: a decision has taken effect then.
    var heardAt: Instant
    var kind: String
    var message: String
  }

  struct Rollback: Sendable, Equatable {
    /// When it was in force.
    var inForceAt: Instant
    /// End of the candidate's last failed live attempt that the judge had heard of.
    var lastFailureAt: Instant?
  }

  private struct State {
    var entries: [Entry] = []
    var taken = 0
    var lastFailureAt: Instant?
    var rollback: Rollback?
    var unreadable = 0
  }

  private struct Line: Decodable {
    var ts: String
    var level: String
    var event: String
    var message: String
    var decision: String?
    var arm: String?
    var population: String?
    var outcome: String?
  }

  let isTerminal = false
  private let candidate: String
  private let now: @Sendable () -> Instant
  private let state = Mutex(State())

  init(candidate: String, now: @escaping @Sendable () -> Instant) {
    self.candidate = candidate
    self.now = now
  }

  func write(_ line: [UInt8]) -> Bool {
    let heardAt = now()
    let read = try? JSONDecoder().decode(Line.self, from: Data(line))
    state.withLock { state in
      guard let read else {
        state.unreadable += 1
        return
      }
      hear(read, at: heardAt, &state)
    }
    return true
  }

  private func hear(_ line: Line, at heardAt: Instant, _ state: inout State) {
    if line.event == "exchange" {
      let isFailure = line.arm == candidate && line.population == "live" && line.outcome != "ok"
      if isFailure { state.lastFailureAt = Instant(rfc3339: line.ts) }
      return
    }
    if line.decision == Decision.Kind.rollback.rawValue, state.rollback == nil {
      state.rollback = Rollback(inForceAt: heardAt, lastFailureAt: state.lastFailureAt)
    }
    if let kind = line.decision {
      state.entries.append(Entry(heardAt: heardAt, kind: kind, message: line.message))
    } else if line.level == "warning" || line.level == "error" || line.level == "critical" {
      state.entries.append(Entry(heardAt: heardAt, kind: line.event, message: line.message))
    }
  }

  /// Decisions and warnings that were not taken before.
  func takeNew() -> [Entry] {
    state.withLock { state in
      defer { state.taken = state.entries.count }
      return Array(state.entries[state.taken...])
    }
  }

  var rollback: Rollback? { state.withLock(\.rollback) }
}
