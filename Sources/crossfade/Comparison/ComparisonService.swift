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
  private let plans: Mutex<Plans>
  /// Calls that block on the disk are made there: no thread that others need stands still with them.
  private let disk: StoreThread
  /// Nil: no pair is kept.
  private let storePath: String?
  private let log: EventLog
  private let clock: ProcessClock
  private let sink: any ComparisonSink
  private let compared = Mutex(Compared())

  /// The comparing that one playbook asks for.
  private struct Plan: Sendable {
    let playbook: Playbook
    let comparer: AnswerComparer
    let samples: SampleKeeping?
    let semantic: SemanticAsking?
  }

  private struct Plans {
    var current: Plan
    /// The newest two, by generation.
    var all: [Int: Plan]
    /// Not in use any more, and not yet let go of.
    var retired: [Plan] = []
  }

  private struct Compared {
    var pairs = 0
    var incomparable = 0
  }

  /// Exchanges that wait when the process is asked to stop are still compared, for so long at most.
  static let drainTime = Duration.seconds(2)
  static let expiryInterval = Duration.seconds(600)

  /// - Throws: `TextPattern.Refused` for a pattern that the playbook's reader would not have let pass.
  init(playbook: Playbook, storePath: String?, log: EventLog, clock: ProcessClock, sink: any ComparisonSink) throws {
    queue = ComparisonQueue(log: log, now: { clock.now })
    let plan = Plan(
      playbook: playbook, comparer: AnswerComparer(rules: playbook.compare.rules),
      samples: try SampleKeeping(playbook: playbook, storePath: storePath),
      semantic: playbook.compare.semantic.map { SemanticAsking(check: $0, log: log, now: { clock.now }) })
    plans = Mutex(Plans(current: plan, all: [0: plan]))
    disk = StoreThread(path: storePath ?? "of the fleet", label: "crossfade.samples")
    self.storePath = storePath
    self.log = log
    self.clock = clock
    self.sink = sink
  }

  /// Another playbook is in force; what waits is compared as the one asked that it was captured under.
  func adopt(_ playbook: Playbook, generation: Int) {
    let former = current
    let isSame = playbook.compare == former.playbook.compare
    let samples: SampleKeeping?
    do {
      samples =
        isSame ? former.samples?.naming(playbook) : try SampleKeeping(playbook: playbook, storePath: storePath)
    } catch {
      // The playbook's reader has let no such pattern pass.
      assertionFailure("\(error)")
      samples = nil
    }
    let plan = Plan(
      playbook: playbook, comparer: AnswerComparer(rules: playbook.compare.rules), samples: samples,
      semantic: isSame
        ? former.semantic
        : playbook.compare.semantic.map { [log, clock] in SemanticAsking(check: $0, log: log, now: { clock.now }) })
    plans.withLock { plans in
      plans.current = plan
      plans.all[generation] = plan
      plans.all[generation - 2] = nil
      if !isSame { plans.retired.append(former) }
    }
    if samples == nil { forgetSamples() }
  }

  private var current: Plan { plans.withLock(\.current) }

  struct Counts: Sendable, Equatable {
    var pairs: Int
    var incomparable: Int
    var dropped: Int
    var samples: SampleStore.Counts?
    var semantic: SemanticAsking.Counts?
  }

  var counts: Counts {
    let compared = compared.withLock { $0 }
    let plan = current
    return Counts(
      pairs: compared.pairs, incomparable: compared.incomparable, dropped: queue.dropped,
      samples: plan.samples?.counts, semantic: plan.semantic?.counts)
  }

  func run() async throws {
    if current.samples == nil { forgetSamples() }
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
    for plan in plans.withLock({ $0.retired + [$0.current] }) {
      plan.samples?.close()
      try await plan.semantic?.shutdown()
    }
  }

  /// Who turns samples off wants those of before gone too.
  private func forgetSamples() {
    guard let storePath else { return }
    do {
      try SampleStore.removeAll(path: storePath, rollout: current.playbook.name)
    } catch {
      log.logger(label: "comparison").warning("samples are off, but those kept before could not be removed: \(error)")
    }
  }

  private func compareAll() async {
    await withDiscardingTaskGroup { group in
      var stopAt: ContinuousClock.Instant?
      for await waiting in queue.exchanges {
        queue.taken(waiting)
        if Task.isShuttingDownGracefully {
          let end = stopAt ?? .now + Self.drainTime
          stopAt = end
          if .now > end || Task.isCancelled { break }
        }
        let (exchange, generation) = (waiting.exchange, waiting.generation)
        guard let plan = plans.withLock({ $0.all[generation] }) else { continue }
        let comparison = ExchangeComparison(exchange, by: plan.comparer)
        guard let semantic = plan.semantic, semantic.concerns(exchange.baseline.end.exchange),
          let texts = comparison.texts,
          semantic.begin()
        else {
          await deliver(comparison, plan, generation)
          continue
        }
        group.addTask(priority: .utility) {
          var comparison = comparison
          if let cosines = await semantic.cosines(of: texts) {
            comparison.add(cosines: cosines, atLeast: semantic.check.atLeast)
          }
          await self.deliver(comparison, plan, generation)
        }
      }
    }
  }

  /// Told first, kept second: a slow store delays samples and nothing else.
  private func deliver(_ comparison: ExchangeComparison, _ plan: Plan, _ generation: Int) async {
    let pairs = comparison.pairs
    guard !pairs.isEmpty else { return }
    compared.withLock { compared in
      compared.pairs += pairs.count
      compared.incomparable += pairs.count { !$0.comparison.isComparable }
    }
    let stage = await sink.receive(pairs, generation: generation)
    guard let samples = plan.samples else { return }
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
      if let samples = current.samples {
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
  func receive(_ pairs: [ComparedPair], generation: Int) async -> String
}
