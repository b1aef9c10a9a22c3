/// Stands where the control plane stands: keeps what the loops report, and wakes whoever waits for it.

import Dialects
import RolloutJudge
import SidecarProxy
import Synchronization
import TrafficSplit

final class LedgerProbe: Sendable {
  struct Record: Sendable {
    var starts: [AttemptStart] = []
    var ends: [AttemptEnd] = []
    var withdrawn: [AttemptEnd] = []
    var drops: [(arm: ArmIndex, reason: ShadowDrop)] = []
    var videosSettled: [(arm: ArmIndex, job: JobFigures)] = []
    var overheads: [(arm: ArmIndex, nanoseconds: Int64)] = []
    var fallbacks: [(arm: ArmIndex, outcome: Outcome)] = []
    var retried: [(arm: ArmIndex, exchange: UInt64)] = []
    var counters = ProxyCounters()
    var turnedAway = TurnedAway()
    var events: [ProxyEvent] = []
    var captured: [CapturedExchange] = []
    var jobs: [JobEvent] = []

    /// Attempts that have begun and not ended.
    var open: Int { starts.count - ends.count - withdrawn.count }

    /// Arms whose live answers were given up.
    var answersCut: [ArmIndex] { events.compactMap { if case .answerCut(let arm, _) = $0 { arm } else { nil } } }

    func ends(_ population: Population) -> [AttemptEnd] { ends.filter { $0.population == population } }
    func starts(_ population: Population) -> [AttemptStart] { starts.filter { $0.population == population } }
    func outcomes(_ population: Population) -> [Outcome] { ends(population).map(\.outcome) }
  }

  private struct State {
    var record = Record()
    var waiters: [(condition: @Sendable (Record) -> Bool, continuation: CheckedContinuation<Record, Never>)] = []
  }

  private let state = Mutex(State())

  var record: Record { state.withLock { $0.record } }

  var observer: ProxyObserver {
    ProxyObserver(
      batch: { [self] batch in
        update { record in
          record.counters += batch.counters
          _ = record.turnedAway.add(batch.turnedAway)
          for entry in batch.entries { record.note(entry) }
        }
      },
      event: { [self] event in update { $0.events.append(event) } },
      captured: { [self] exchange in update { $0.captured.append(exchange) } },
      job: { [self] event in update { $0.jobs.append(event) } })
  }

  /// Ends early where the test's time is up.
  @discardableResult
  func wait(until condition: @escaping @Sendable (Record) -> Bool) async -> Record {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let ready = state.withLock { state -> Record? in
          if condition(state.record) || Task.isCancelled { return state.record }
          state.waiters.append((condition, continuation))
          return nil
        }
        if let ready { continuation.resume(returning: ready) }
      }
    } onCancel: {
      let (waiters, record) = state.withLock { state in
        defer { state.waiters = [] }
        return (state.waiters, state.record)
      }
      for waiter in waiters { waiter.continuation.resume(returning: record) }
    }
  }

  @discardableResult
  func waitForEnds(_ count: Int, _ population: Population? = nil) async -> Record {
    await wait { record in
      (population.map { record.ends($0).count } ?? record.ends.count) >= count
    }
  }

  private func update(_ change: (inout Record) -> Void) {
    let (woken, record) = state.withLock { state in
      change(&state.record)
      let record = state.record
      let woken = state.waiters.filter { $0.condition(record) }.map(\.continuation)
      state.waiters.removeAll { $0.condition(record) }
      return (woken, record)
    }
    for continuation in woken { continuation.resume(returning: record) }
  }
}

extension LedgerProbe.Record {
  fileprivate mutating func note(_ entry: LedgerEntry) {
    switch entry {
    case .started(let start): starts.append(start)
    case .ended(let end): ends.append(end)
    case .withdrawn(let end): withdrawn.append(end)
    case .shadowDropped(let arm, let reason, at: _): drops.append((arm, reason))
    case .videoSettled(let arm, let note): videosSettled.append((arm, note.figures))
    case .overhead(let arm, let nanoseconds): overheads.append((arm, nanoseconds))
    case .retried(let arm, let exchange, at: _): retried.append((arm, exchange))
    case .compared, .outcomeReported: break
    case .fellBack(let arm, let outcome, exchange: _, at: _): fallbacks.append((arm, outcome))
    }
  }
}
