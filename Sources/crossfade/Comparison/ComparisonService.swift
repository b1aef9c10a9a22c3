/// Compares what the event loops captured, beside them and at a lower priority, and tells judge, figures and store.

import Journal
import Logging
import NIOCore
import OperatorLog
import ResponseDiff
import RolloutJudge
import ServiceLifecycle
import SidecarProxy
import Synchronization

final class ComparisonService: Service {
  let queue: ComparisonQueue
  private let comparer: AnswerComparer
  private let samples: SampleKeeping?
  /// What blocks on the disk is done there: no thread that others need stands still with it.
  private let disk: StoreThread
  private let semantic: SemanticAsking?
  private let playbook: Playbook
  private let storePath: String
  private let log: EventLog
  private let clock: ProcessClock
  private let sink: any ComparisonSink
  private let compared = Mutex(Compared())

  private struct Compared {
    var pairs = 0
    var incomparable = 0
  }

  /// What waits when the process is asked to stop is still compared, for so long at most.
  static let drainTime = Duration.seconds(2)
  static let expiryInterval = Duration.seconds(600)

  /// - Throws: `TextPattern.Refused` for a pattern that the playbook's reader would not have let pass.
  init(playbook: Playbook, storePath: String, log: EventLog, clock: ProcessClock, sink: any ComparisonSink) throws {
    queue = ComparisonQueue(log: log, now: { clock.now })
    comparer = AnswerComparer(rules: playbook.compare.rules)
    disk = StoreThread(path: storePath, label: "crossfade.samples")
    samples = try SampleKeeping(playbook: playbook, storePath: storePath)
    semantic = playbook.compare.semantic.map { SemanticAsking(check: $0, log: log, now: { clock.now }) }
    self.playbook = playbook
    self.storePath = storePath
    self.log = log
    self.clock = clock
    self.sink = sink
  }

  struct Counts: Sendable, Equatable {
    var pairs: Int
    var incomparable: Int
    var dropped: Int
    var samples: SampleStore.Counts?
    var semantic: SemanticAsking.Counts?
  }

  var counts: Counts {
    let compared = compared.withLock { $0 }
    return Counts(
      pairs: compared.pairs, incomparable: compared.incomparable, dropped: queue.dropped, samples: samples?.counts,
      semantic: semantic?.counts)
  }

  func run() async throws {
    if samples == nil { forgetSamples() }
    await withTaskCancellationOrGracefulShutdownHandler {
      await withTaskGroup(of: Void.self) { group in
        group.addTask(priority: .utility) { await self.compareAll() }
        group.addTask(priority: .utility) { await self.expireSamples() }
        _ = await group.next()
        group.cancelAll()
      }
    } onCancelOrGracefulShutdown: {
      self.queue.close()
    }
    samples?.close()
    try await semantic?.shutdown()
  }

  /// Who turns samples off wants those of before gone too.
  private func forgetSamples() {
    do {
      try SampleStore.removeAll(path: storePath, rollout: playbook.name)
    } catch {
      log.logger(label: "comparison").warning("samples are off, but those kept before could not be removed: \(error)")
    }
  }

  private func compareAll() async {
    await withDiscardingTaskGroup { group in
      var stopAt: ContinuousClock.Instant?
      for await exchange in queue.exchanges {
        queue.taken(exchange)
        if Task.isShuttingDownGracefully {
          let end = stopAt ?? .now + Self.drainTime
          stopAt = end
          if .now > end || Task.isCancelled { break }
        }
        let comparison = ExchangeComparison(exchange, by: comparer)
        guard let semantic, semantic.concerns(exchange.baseline.end.exchange), let texts = comparison.texts,
          semantic.begin()
        else {
          await deliver(comparison)
          continue
        }
        group.addTask(priority: .utility) {
          var comparison = comparison
          if let cosines = await semantic.cosines(of: texts) {
            comparison.add(cosines: cosines, atLeast: semantic.check.atLeast)
          }
          await self.deliver(comparison)
        }
      }
    }
  }

  /// Told first, kept second: a slow store delays samples and nothing else.
  private func deliver(_ comparison: ExchangeComparison) async {
    let pairs = comparison.pairs
    guard !pairs.isEmpty else { return }
    compared.withLock { compared in
      compared.pairs += pairs.count
      compared.incomparable += pairs.count { !$0.comparison.isComparable }
    }
    let stage = await sink.receive(pairs)
    guard let samples else { return }
    let now = clock.now
    await disk.perform {
      for (pair, copy) in zip(pairs, comparison.copies) {
        let bodies = PairBodies(baseline: comparison.baseline, candidate: copy.answer)
        samples.keep(pair, of: comparison.exchange, bodies, stage: stage, at: now)
      }
    }
  }

  private func expireSamples() async {
    while !Task.isCancelled {
      if let samples {
        let now = clock.now
        await disk.perform { samples.expire(at: now) }
      }
      do { try await Task.sleep(for: Self.expiryInterval) } catch { return }
    }
  }
}

/// Who is told of compared pairs.
protocol ComparisonSink: Sendable {
  /// - Returns: the stage that the rollout is in.
  func receive(_ pairs: [ComparedPair]) async -> String
}
