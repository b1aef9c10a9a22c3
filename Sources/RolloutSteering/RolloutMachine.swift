/// Steers a rollout: facts go in, effects come out; a decision is in the journal before it takes effect, and a rollback waits for nothing.

package import RolloutJudge

/// The very code that steers in production, in tests and in rehearsals: a value without a clock, a thread or a store.
///
/// It owns the judge. Of the store it asks one thing at a time (`SteeringPhase`); what comes meanwhile waits for its turn, but for
/// a rollback while the store is out of order: that takes effect at once, and is journaled when it can be.
package struct RolloutMachine: Sendable {
  package internal(set) var playbook: Playbook
  package internal(set) var judge: Judge
  /// Since when decisions cannot be journaled, and why.
  package internal(set) var outage: Outage?
  /// The damage found in a store that only a person can go on from.
  package internal(set) var damage: StoreFault?
  package internal(set) var budgets = SpentBudgets()
  package internal(set) var role = SteeringRole.alone
  /// In a fleet: as many replicas as there may ever be, and this one's own eyes.
  var fleetSize: Int?
  var trip: LocalTrip?
  /// The hash of the fleet's playbook, where it is not this replica's.
  package internal(set) var stranger: String?
  var phase = SteeringPhase.idle
  var isAttached = false
  /// Whether the store is open.
  var hasStore = false
  /// Whether every decision is in the store's file, and none in its log only.
  var isFolded = true
  /// Counts what the store was asked.
  var asks = 0
  /// Rollbacks that took effect before they could be journaled, oldest first.
  var unjournaled: [Decision] = []
  /// The words that are said of these, by number.
  var notJournaled: [Int: String] = [:]
  /// Those that are on their way to the disk, by number: when they are told all the same.
  var keeping: [Int: Instant] = [:]
  /// The numbers that these have got since they were sent there, where others were journaled first.
  var renumbered: [Int: Int] = [:]
  /// The chain's heads that were journaled last, by number.
  var heads: [Int: String] = [:]
  /// In force and not yet told, oldest first.
  var untold: [UntoldDecision] = []
  /// Who waits for the telling, by the decision's number.
  var askers: [Int: Asker] = [:]
  /// Commands and playbooks whose turn has not come.
  var waiting: [WaitingRequest] = []
  /// The course that was published last.
  var course: Course?
  /// The standing of the judge that it was compared with last.
  var footing: Footing?
  /// Counts the judges that have taken another's place.
  var judges = 0
  /// The number of the last one that all loops follow.
  var adopted = 0
  var due = StoreTimes()
  var effects: [SteeringEffect] = []

  struct UntoldDecision: Sendable {
    var decision: Decision
    /// Told once the loops follow this course.
    var course: Int
    /// Another replica's.
    var isForeign = false
  }

  enum Asker: Sendable {
    case command(ticket: Int)
    /// - Parameter standing: The answer but for the decision.
    case change(ticket: Int, standing: SteeringAnswer)
  }

  /// Everything that a directive follows from: while it stays, so does the directive.
  struct Footing: Sendable, Equatable {
    var judges: Int
    var judge: Judge.Footing
    var budgets: SpentBudgets
  }

  /// When the store was last looked after.
  struct StoreTimes: Sendable {
    var evidence = Instant(nanoseconds: 0)
    var check = Instant(nanoseconds: 0)
    var reopening = Instant(nanoseconds: 0)
    var reminder = Instant(nanoseconds: 0)
    /// Since when a call has been overdue.
    var overdueSince: Instant?
  }

  package init(playbook: Playbook, at now: Instant, keepsFigures: Bool = true) {
    self.playbook = playbook
    judge = Judge(playbook: playbook, at: now, keepsFigures: keepsFigures)
    judge.journalBecame(available: false, at: now)
  }

  /// The store at the start: the rollout goes on where its journal ends.
  ///
  /// - Throws: `ResumeRefusal` where this playbook cannot continue the rollout.
  package mutating func start(from found: FoundStore, at now: Instant) throws(ResumeRefusal) -> [SteeringEffect] {
    if let last = found.decisions.last, isForeign(found) {
      effects.append(.useStore)
      hasStore = true
      estrange(after: last, at: now)
      return takeEffects()
    }
    try goOn(from: found, at: now)
    judge.journalBecame(available: true, at: now)
    return takeEffects()
  }

  // MARK: evidence

  /// Weighed with the next event.
  package mutating func record(_ entry: LedgerEntry) {
    trip?.record(entry)
    if !weighsPooled { judge.record(entry) }
  }

  package mutating func record(_ start: AttemptStart) { judge.record(start) }

  package mutating func record(_ end: AttemptEnd) { judge.record(end) }

  /// What the replicas have seen together, this one included: all that a decider weighs.
  package mutating func pooled(_ entry: LedgerEntry) { judge.record(entry) }

  /// - Returns: Whether a copied exchange waits for it.
  @discardableResult
  package mutating func reported(_ outcome: ApplicationOutcome) -> Bool { judge.reported(outcome) }

  /// Whether a look by itself may find something: see `Judge`.
  package mutating func wantsToLook() -> Bool { judge.wantsToLook() }

  /// The number of the last decision in force: for whoever asks so often that a copy of the judge is too much.
  package mutating func lastSeq() -> Int { judge.footing().seq }

  /// The share of copies that are repeated on the baseline: see `Judge`.
  package mutating func noise(at now: Instant) -> Double { judge.noise(at: now) }

  // MARK: events

  package mutating func handle(_ event: SteeringEvent, at now: Instant) -> [SteeringEffect] {
    switch event {
    case .attached: isAttached = true
    case .observed: break
    case .tick(let overdue): ticked(overdue, at: now)
    case .budgets(let spent): budgets = spent
    case .commanded(let request): waiting.append(WaitingRequest(matter: .command(request), since: now))
    case .offered(let offer): waiting.append(WaitingRequest(matter: .playbook(offer), since: now))
    case .stored(let answer, let ticket): stored(answer, ticket: ticket, at: now)
    case .kept(let decision, let keeping): kept(decision, keeping)
    case .storeFailed(let fault): fail(fault, at: now)
    case .adopted(let number): adopted = max(adopted, number)
    case .heard(let decisions): heard(decisions, at: now)
    case .role(let role, let found): take(role, from: found, at: now)
    }
    tell()
    proceed(at: now)
    if case .tick = event { tend(at: now) }
    return takeEffects()
  }

  private mutating func takeEffects() -> [SteeringEffect] {
    guard !effects.isEmpty else { return [] }
    defer { effects = [] }
    return effects
  }

  private mutating func stored(_ answer: StoreAnswer, ticket: Int, at now: Instant) {
    guard ticket == asks else { return }
    let errand = phase
    phase = .idle
    switch errand {
    case .idle: break
    case .awaiting(let awaited): journaled(awaited, answer, at: now)
    case .reading(let offer): take(offer, answer, at: now)
    case .tending(let chore): tended(chore, answer, at: now)
    case .reopening(let hadStore): reopened(hadStore: hadStore, answer, at: now)
    case .catchingUp(let decision): caughtUp(decision, answer, at: now)
    case .probing: probed(answer, at: now)
    case .accepting(let acceptance): accepted(acceptance, answer, at: now)
    }
  }

  mutating func ask(_ work: StoreWork, _ errand: SteeringPhase) {
    asks += 1
    phase = errand
    effects.append(.ask(work, ticket: asks))
  }

  /// An answer of another kind than what was asked for: ours, and a fault of the store's to whoever waits.
  func mismatch(_ answer: StoreAnswer) -> StoreFault {
    switch answer {
    case .failed(let fault): return fault
    // Nobody else writes where these are waited for, as far as this process knows.
    case .lost(let winner): return StoreFault(.other, "another process has written decision \(winner.seq)")
    case .lapsed: return StoreFault(.other, "another process decides")
    default: break
    }
    assertionFailure("the store answered something else: \(answer)")
    return StoreFault(.other, "the store answered something else than it was asked")
  }
}

extension RolloutMachine {
  /// Whether all that was decided is in force on every loop, or waits for a store that is out of order.
  package var isQuiet: Bool {
    switch phase {
    case .idle, .reopening: adopted >= course?.number ?? 0
    case .accepting(let acceptance): if case .opening = acceptance.step { true } else { false }
    default: false
    }
  }

  /// Whether another playbook is being journaled: what is learnt meanwhile would be lost to it.
  package var isChanging: Bool {
    guard case .awaiting(let awaited) = phase, case .change = awaited.origin else { return false }
    return true
  }

  /// Whether decisions can be journaled.
  var isJournaling: Bool { hasStore && outage == nil }
}
