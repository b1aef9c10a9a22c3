/// Wires the judge to the world: drains ledgers into it, journals what it proposes, and lets that take effect.
///
/// The journal's side is in `RolloutRunner+Journal`, the admin endpoints' in `RolloutRunner+Control`.

import Dialects
import Journal
import Logging
import NIOCore
import OperatorLog
import RolloutJudge
import ServiceLifecycle
import SidecarProxy
import TrafficSplit

/// Owns the judge. Everything it does is an event handled to its end before the next one begins.
actor RolloutRunner {
  let playbook: Playbook
  let log: EventLog
  let clock: ProcessClock
  let storePath: String
  var judge: Judge
  var journal: Journal?
  /// Since when the journal has been unavailable, and why.
  var journalFault: (since: Instant, error: String)?
  /// Rollbacks that took effect before they could be journaled, oldest first.
  var unjournaled: [Decision] = []
  var checkpointedAt = Instant(nanoseconds: 0)
  var reopenAt = Instant(nanoseconds: 0)
  var counters = ProxyCounters()
  var exchanges = ExchangeMemory()
  private var spending: ShadowSpending
  /// Copies not sent since the last log line about them, and since the start.
  private var drops: [DropKey: Int] = [:]
  private(set) var dropped: [DropKey: Int] = [:]
  private var dropsLoggedAt = Instant(nanoseconds: 0)
  private var downSince: [ArmIndex: Instant] = [:]
  private var adopt: (@Sendable (Routing) async throws -> Void)?
  private var adopted: (directive: Directive, budgetSpent: Bool)?
  private var isDeciding = false
  private var sampler: ExchangeSampler
  private let notify: @Sendable (Decision) -> Void

  struct DropKey: Hashable {
    var arm: ArmIndex
    var reason: ShadowDrop
  }

  /// How often the judge is asked although nothing happened: holds end by time alone.
  static let tick = Duration.milliseconds(100)

  /// - Parameters:
  ///   - sampling: share of exchanges that are logged.
  ///   - notify: told every decision once it has taken effect; returns at once.
  init(
    playbook: Playbook, storePath: String, log: EventLog, clock: ProcessClock, sampling: Double = 0,
    notify: @escaping @Sendable (Decision) -> Void = { _ in }
  ) {
    self.playbook = playbook
    self.storePath = storePath
    self.log = log
    self.clock = clock
    self.notify = notify
    spending = ShadowSpending(dollarsPerDay: playbook.shadow.dollarsPerDay)
    sampler = ExchangeSampler(share: sampling)
    judge = Judge(playbook: playbook, at: clock.now)
    judge.journalBecame(available: false, at: clock.now)
  }

  /// From here on decisions reach the traffic.
  func attach(_ adopt: @escaping @Sendable (Routing) async throws -> Void) async {
    self.adopt = adopt
    await settle()
  }

  // MARK: events

  func receive(_ batch: LedgerBatch) async {
    counters += batch.counters
    guard !batch.entries.isEmpty else { return }
    for entry in batch.entries { judge.record(entry) }
    // Decisions first: nothing that is written about the exchanges may hold them up.
    await settle()
    for entry in batch.entries { take(entry) }
    await publish()
  }

  func tick() async {
    let now = clock.now
    if journal == nil || journalFault != nil { recoverJournal(at: now) }
    await settle()
    saveCheckpoint(at: now)
    logDrops(at: now)
  }

  func receive(_ event: ProxyEvent) {
    switch event {
    case .listening(let host, let port): log.emit(.listening(.proxy, host: host, port: port))
    case .draining(let open): log.emit(.draining(open: open, limit: ProxyLimits().drainTime))
    case .fallback: break
    case .upstreamDown(let arm, let reason):
      downSince[arm] = clock.now
      let url = playbook.arm(arm).url
      log.emit(
        .upstreamDown(
          arm: playbook.arm(arm).name, host: url.host, port: url.port, cause: UpstreamCause(reason: reason),
          failures: 3))
    case .upstreamUp(let arm):
      let since = downSince.removeValue(forKey: arm) ?? clock.now
      let url = playbook.arm(arm).url
      log.emit(
        .upstreamUp(arm: playbook.arm(arm).name, host: url.host, port: url.port, downFor: clock.now - since))
    }
  }

  private func take(_ entry: LedgerEntry) {
    switch entry {
    case .started: break
    case .ended(let end):
      exchanges.remember(end)
      if end.population == .shadow, let cost = end.cost { spend(cost, on: end.arm, at: end.at) }
      if sampler.takes() { log.emit(.exchange(LoggedExchange(end, playbook)), at: end.at) }
    case .shadowDropped(let arm, let reason, _):
      drops[DropKey(arm: arm, reason: reason), default: 0] += 1
      dropped[DropKey(arm: arm, reason: reason), default: 0] += 1
    case .fellBack(let arm, let outcome, let exchange, let at):
      log.emit(
        .fallback(id: exchangeText(exchange), candidate: playbook.arm(arm).name, outcome: outcome, status: nil), at: at)
    case .compared: break
    }
  }

  private func spend(_ cost: Double, on arm: ArmIndex, at: Instant) {
    guard let spent = spending.add(cost, at: at), let budget = spending.dollarsPerDay else { return }
    log.emit(
      .budgetSpent(
        candidate: playbook.arm(arm).name, spent: spent, budget: budget, resumesAt: spending.resumesAt), at: at)
  }

  private func logDrops(at now: Instant) {
    guard !drops.isEmpty, now - dropsLoggedAt >= .seconds(1) else { return }
    dropsLoggedAt = now
    for (key, count) in drops.sorted(by: { $0.key.reason.rawValue < $1.key.reason.rawValue }) {
      log.emit(.shadowDropped(candidate: playbook.arm(key.arm).name, reason: key.reason, count: count))
    }
    drops.removeAll()
  }

  // MARK: decisions

  /// Lets everything take effect that has been proposed, in order.
  func settle() async {
    guard !isDeciding else { return }
    isDeciding = true
    defer { isDeciding = false }
    while let proposal = judge.decide(at: clock.now) {
      guard journalOrRefuse(proposal) else { break }
      await takeEffect(proposal)
    }
    await publish()
  }

  /// Journaled first, effective second, told third.
  func takeEffect(_ decision: Decision) async {
    judge.take(decision)
    await publish()
    log.emit(.decision(decision), at: decision.at)
    notify(decision)
  }

  /// Gives the loops a new table where anything about it has changed.
  private func publish() async {
    guard let adopt else { return }
    let directive = judge.directive
    let budgetSpent = spending.isSpent(at: clock.now)
    if let adopted, adopted.directive == directive, adopted.budgetSpent == budgetSpent { return }
    adopted = (directive, budgetSpent)
    do {
      try await adopt(Routing(playbook: playbook, directive: directive, budgetSpent: budgetSpent))
    } catch {
      // Loops that are gone carry no traffic.
      log.logger(label: "crossfade").debug("routing was not adopted: \(error)")
    }
  }
}

extension Routing {
  init(playbook: Playbook, directive: Directive, budgetSpent: Bool) {
    // A rolled-back candidate keeps its place in the layout, so that nobody else's units move; one that merely must not
    // serve now (no journal, not started, aborted) has none at all.
    let stages = playbook.stages.prefix(directive.stageIndex + 1).map { stage in
      stage.weights.indices.map { directive.isClosed[$0] || directive.weights[$0] > 0 ? stage.weights[$0] : 0 }
    }
    self.init(
      table: SplitTable(
        salt: SplitTable.salt(rollout: playbook.name), stages: stages, stage: directive.stageIndex,
        closed: directive.isClosed, rules: playbook.traffic.rules, shadow: directive.shadow,
        models: playbook.candidates.map(\.models), sticky: playbook.traffic.sticky),
      budgetSpent: budgetSpent, noise: playbook.shadow.noise)
  }
}

extension UpstreamCause {
  /// From a connect error's own words.
  init(reason: String) {
    let text = reason.lowercased()
    if text.contains("dns") || text.contains("getaddrinfo") || text.contains("unknown host") {
      self = .dns
    } else if text.contains("tls") || text.contains("ssl") || text.contains("certificate") {
      self = .tls
    } else if text.contains("timed out") || text.contains("timeout") {
      self = .timeout
    } else {
      self = text.contains("reset") ? .reset : .connect
    }
  }
}

/// An exchange's id as clients see it: 16 hexadecimal digits.
func exchangeText(_ exchange: UInt64) -> String {
  let digits = String(exchange, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
