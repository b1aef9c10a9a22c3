/// Wires the rollout's machine to the world: drains ledgers into it, and carries out what it asks for.
///
/// The store's side is in `StoreAccess` and `RolloutRunner+Journal`, the loops' in `RolloutRunner+Publishing`, the admin endpoints' in
/// `RolloutRunner+Control`.

import Dialects
import Guards
import Journal
import Logging
import MigrationReport
import NIOCore
import OperatorLog
import RolloutJudge
import RolloutSteering
import ServiceLifecycle
import SidecarProxy
import TrafficSplit
import Vendors

/// Owns the machine. Everything it does is an event handled to its end before the next one begins.
actor RolloutRunner {
  var playbook: Playbook
  /// The text that it was read from; nil where it was not read.
  var playbookText: String?
  /// Of playbooks that are offered, by their hashes.
  var offeredTexts: [String: String] = [:]
  let source: PlaybookSource?
  let log: EventLog
  let clock: ProcessClock
  /// Event loops of the process.
  let threads: Int
  var machine: RolloutMachine
  let access: StoreAccess
  /// Nil where the store is this process's own.
  var fleet: FleetMembership?
  /// Nil while none is open.
  var store: (any RolloutStore)?
  /// The store that was opened last, until the machine says that it is the one to use.
  var found: OpenedStore?
  /// Who waits for an answer, by ticket.
  var askers: [Int: CheckedContinuation<SteeringAnswer, Never>] = [:]
  var ticket = 0
  var quiet: [CheckedContinuation<Void, Never>] = []
  var steady: [CheckedContinuation<Void, Never>] = []
  var counters = ProxyCounters()
  var exchanges = ExchangeMemory()
  /// Outcomes reported in a header for exchanges that are not remembered.
  var outcomesUnknown = 0
  /// Those whose exchange may be told of yet: of this tick, and of the one before.
  var early: (new: [EarlyOutcome], due: [EarlyOutcome]) = ([], [])
  /// Of this process alone, for `/metrics`.
  var tally = TrafficTally()
  /// The accounts that the report is made of.
  var accounts = Accounts() { didSet { hasUnkeptAccounts = true } }
  var hasUnkeptAccounts = false
  var accountsDueAt = Instant(nanoseconds: 0)
  private(set) var comparison: ComparisonService?
  /// Copies not sent since the last log line about them, and since the start.
  var drops: [DropKey: Int] = [:]
  var dropped: [DropKey: Int] = [:]
  private var dropsLoggedAt = Instant(nanoseconds: 0)
  var turnedAway = TurnedAway()
  var bites = LimitBites()
  var downSince: [ArmIndex: Instant] = [:]
  /// By the name of each arm whose bills are asked for.
  var billDesks: [String: BillDesk] = [:]
  var proxy: ProxyControl?
  /// Counts the playbooks of this process.
  var generation = 0
  /// The translations from the arms of earlier playbooks, by generation.
  var translations: [Int: ArmTranslation] = [:]
  /// The last message that the loops are being told.
  var sending: Task<Void, Never>?
  private(set) var isDraining = false
  var sampler: ExchangeSampler
  let notify: @Sendable (Decision, Playbook) -> Void

  /// The data path, as far as it is steered.
  struct ProxyControl: Sendable {
    var adopt: @Sendable (Routing) async throws -> Void
    /// - Parameter generation: of everything that is told under the new playbook.
    var replace: @Sendable (Playbook, Routing, _ generation: Int) async throws -> Void
    /// Asks an arm, by its name, what an answer was billed; returns at once.
    var askBill: @Sendable (_ id: String, _ arm: String, _ told: @escaping @Sendable (BillReply) -> Void) -> Void = {
      _, _, told in
      told(.failed)
    }
  }

  struct DropKey: Hashable {
    var arm: ArmIndex
    var reason: ShadowDrop
  }

  /// How often the judge is asked although nothing happened: holds end by time alone.
  static let tick = Duration.milliseconds(100)
  /// Exchanges that began more playbooks ago are not counted.
  static let generationsKept = 16

  /// - Parameters:
  ///   - sampling: share of exchanges that are logged.
  ///   - notify: told every decision once it has taken effect; returns at once.
  init(
    playbook: Playbook, source: PlaybookSource? = nil, store place: StorePlace, log: EventLog, clock: ProcessClock,
    sampling: Double = 0, threads: Int = 1, notify: @escaping @Sendable (Decision, Playbook) -> Void = { _, _ in }
  ) {
    self.playbook = playbook
    self.source = source
    playbookText = source?.text
    self.threads = threads
    access = StoreAccess(place: place, log: log)
    self.log = log
    self.clock = clock
    self.notify = notify
    accounts.adopt(playbook)
    billDesks = Self.billDesks(of: playbook)
    sampler = ExchangeSampler(share: sampling)
    fleet = place.isShared ? FleetMembership() : nil
    machine =
      place.isShared
      ? RolloutMachine(playbook: playbook, inFleetOf: FleetMembership.most, at: clock.now)
      : RolloutMachine(playbook: playbook, at: clock.now)
  }

  /// Decisions reach the traffic from here on.
  func attach(_ proxy: ProxyControl) async {
    self.proxy = proxy
    feed(.attached)
    await untilQuiet()
  }

  /// The comparison's counters are shown too from here on.
  func count(by comparison: ComparisonService) { self.comparison = comparison }

  // MARK: events

  func receive(_ batch: LedgerBatch, generation: Int = 0) async {
    await untilSteady()
    counters += batch.counters
    if generation == self.generation { noteTurnedAway(batch.turnedAway) }
    noteBites(batch.counters)
    if batch.counters.guards != GuardCounts() { noteGuards(batch.counters.guards) }
    guard !batch.entries.isEmpty else { return }
    let stage = machine.judge.directive.stage
    let entries = translated(batch.entries, from: generation)
    for place in entries.indices { machine.record(entries[place]) }
    // Decisions first: nothing that is written about the exchanges may hold them up.
    feed(.observed)
    accounts.enter(stage: stage)
    for place in entries.indices { count(entries[place], in: stage) }
    feedBudgets()
  }

  func tick() {
    let now = clock.now
    feed(.tick(overdue: access.overdue))
    feedBudgets()
    logDrops(at: now)
    logBites(at: now)
    takeEarlyOutcomes()
    askBills(at: now)
  }

  private func feedBudgets() {
    let now = clock.now
    let spent = SpentBudgets(isShadowSpent: isShadowBudgetSpent(at: now), arms: spentBudgets(at: now))
    if spent != machine.budgets { feed(.budgets(spent)) }
  }

  private func translated(_ entries: [LedgerEntry], from generation: Int) -> [LedgerEntry] {
    guard generation != self.generation else { return entries }
    guard let translation = translations[generation] else { return [] }
    return entries.compactMap { translation($0) }
  }

  /// - Returns: nil where the arm is no longer there.
  func translated(_ arm: ArmIndex, from generation: Int) -> ArmIndex? {
    generation == self.generation ? arm : translations[generation]?[arm]
  }

  func receive(_ event: ProxyEvent, generation: Int = 0) {
    switch event {
    case .listening(let host, let port): log.emit(.listening(.proxy, host: host, port: port))
    case .draining(let open, let limit):
      isDraining = true
      log.emit(.draining(open: open, limit: limit))
    case .upstreamDown(let arm, let reason, let failures):
      guard let arm = translated(arm, from: generation) else { return }
      downSince[arm] = clock.now
      let url = playbook.arm(arm).url
      log.emit(
        .upstreamDown(
          arm: playbook.arm(arm).name, host: url.host, port: url.port, cause: UpstreamCause(reason: reason),
          failures: failures))
    case .answerCut, .descriptors, .clientsFull, .ranShort: receive(limit: event)
    case .upstreamUp(let arm):
      guard let arm = translated(arm, from: generation) else { return }
      let since = downSince.removeValue(forKey: arm) ?? clock.now
      let url = playbook.arm(arm).url
      log.emit(
        .upstreamUp(arm: playbook.arm(arm).name, host: url.host, port: url.port, downFor: clock.now - since))
    }
  }

  /// A copy that was not sent, for the log and the counters.
  func noteDrop(_ arm: ArmIndex, _ reason: ShadowDrop) {
    drops[DropKey(arm: arm, reason: reason), default: 0] += 1
    dropped[DropKey(arm: arm, reason: reason), default: 0] += 1
  }

  private func logDrops(at now: Instant) {
    guard !drops.isEmpty, now - dropsLoggedAt >= .seconds(1) else { return }
    dropsLoggedAt = now
    for (key, count) in drops.sorted(by: { $0.key.reason.rawValue < $1.key.reason.rawValue }) {
      log.emit(.shadowDropped(candidate: playbook.arm(key.arm).name, reason: key.reason, count: count))
    }
    drops.removeAll()
  }
}
