/// The loops' side of the runner: what is in effect reaches them in order, one change at a time, and is told in order.

import Logging
import MigrationReport
import OperatorLog
import RolloutJudge
import SidecarProxy
import TrafficSplit

extension RolloutRunner {
  /// In the order of their numbers: what is not safe yet holds up those behind it.
  func tell(upTo seq: Int) {
    effective = max(effective, seq)
    while let decision = untold.first, decision.seq <= effective, !keeping.contains(decision.seq) {
      untold.removeFirst()
      tell(told(decision))
    }
  }

  private func tell(_ decision: Decision) {
    log.emit(.decision(decision), at: decision.at)
    if decision.decision == .configChanged {
      log.emit(
        .configChanged(
          playbook: playbook.name, sha256: decision.playbookSHA256, before: nil, changes: decision.changed ?? []),
        at: decision.at)
    }
    notify(decision, playbook)
  }

  /// Another playbook, journaled as `decision`: everything that follows it is exchanged at once, then the loops are told.
  func replace(by next: Playbook, text: String?, _ successor: Judge, _ decision: Decision) async {
    let step = ArmTranslation(from: playbook, to: next, renewed: decision.renewed ?? [])
    translations = translations.mapValues { $0.followed(by: step) }
    translations[generation] = step
    generation += 1
    translations[generation - Self.generationsKept] = nil
    keepBillDesks(for: next)
    (playbook, playbookText, judge) = (next, text, successor)
    accounts.adopt(next)
    // What these hold is by arm.
    if !step.isIdentity || !step.keepsTags { exchanges = ExchangeMemory() }
    if !step.isIdentity { turnedAway = TurnedAway() }
    drops = Self.moved(drops, by: step)
    dropped = Self.moved(dropped, by: step)
    downSince = [:]
    comparison?.adopt(next, generation: generation)
    untold.append(decision)
    let routing = nextRouting()
    if let proxy {
      let generation = generation
      await send { try await proxy.replace(next, routing, generation) }
    }
    tell(upTo: decision.seq)
    foldJournal()
    await settle()
  }

  private static func moved(_ counts: [DropKey: Int], by step: ArmTranslation) -> [DropKey: Int] {
    var moved: [DropKey: Int] = [:]
    for (key, count) in counts {
      if let arm = step[key.arm] { moved[DropKey(arm: arm, reason: key.reason), default: 0] += count }
    }
    return moved
  }

  /// Gives the loops a new table where anything about it has changed.
  func publish() async {
    guard let proxy else { return }
    let now = clock.now
    if let adopted, adopted == (judge.directive, isShadowBudgetSpent(at: now), spentBudgets(at: now)) {
      // It may be on its way still.
      return await sending?.value ?? ()
    }
    let routing = nextRouting()
    await send { try await proxy.adopt(routing) }
  }

  private func nextRouting() -> Routing {
    let (directive, now) = (judge.directive, clock.now)
    let (budgetSpent, spent) = (isShadowBudgetSpent(at: now), spentBudgets(at: now))
    adopted = (directive, budgetSpent, spent)
    routingNumber += 1
    return Routing(
      playbook: playbook, directive: directive, budgetSpent: budgetSpent, spent: spent, number: routingNumber,
      generation: generation)
  }

  /// One at a time, in the order in which they were asked for.
  private func send(_ change: @escaping @Sendable () async throws -> Void) async {
    let (former, log) = (sending, log)
    let next = Task {
      await former?.value
      do {
        try await change()
      } catch {
        // Loops that are gone carry no traffic.
        log.logger(label: "crossfade").debug("routing was not adopted: \(error)")
      }
    }
    sending = next
    await next.value
  }
}

extension Routing {
  init(
    playbook: Playbook, directive: Directive, budgetSpent: Bool, spent: [SpentBudget] = [], number: Int = 0,
    generation: Int = 0
  ) {
    self.init(
      number: number, generation: generation, table: SplitTable(playbook, following: directive),
      budgetSpent: budgetSpent, noise: directive.noise,
      spent: spent)
  }
}
