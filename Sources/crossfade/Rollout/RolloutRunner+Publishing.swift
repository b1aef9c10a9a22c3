/// The loops' side of the runner: what is in effect reaches them in order, one change at a time.

import Logging
import MigrationReport
import OperatorLog
import RolloutJudge
import RolloutSteering
import SidecarProxy
import TrafficSplit

extension RolloutRunner {
  /// Another playbook is in force: everything that follows it is exchanged at once, then the loops are told.
  func replace(_ replacement: Replacement, _ course: Course) {
    let (next, decision) = (replacement.playbook, replacement.decision)
    let step = ArmTranslation(from: playbook, to: next, renewed: decision.renewed ?? [])
    translations = translations.mapValues { $0.followed(by: step) }
    translations[generation] = step
    generation += 1
    translations[generation - Self.generationsKept] = nil
    keepBillDesks(for: next)
    (playbook, playbookText) = (next, offeredTexts[next.sha256])
    accounts.adopt(next)
    // What these hold is by arm.
    if !step.isIdentity || !step.keepsTags { exchanges = ExchangeMemory() }
    if !step.isIdentity { turnedAway = TurnedAway() }
    drops = Self.moved(drops, by: step)
    dropped = Self.moved(dropped, by: step)
    downSince = [:]
    comparison?.adopt(next, generation: generation)
    guard let proxy else { return }
    let (routing, generation) = (routing(course), generation)
    send(course.number) { try await proxy.replace(next, routing, generation) }
  }

  private static func moved(_ counts: [DropKey: Int], by step: ArmTranslation) -> [DropKey: Int] {
    var moved: [DropKey: Int] = [:]
    for (key, count) in counts {
      if let arm = step[key.arm] { moved[DropKey(arm: arm, reason: key.reason), default: 0] += count }
    }
    return moved
  }

  /// Gives the loops a new table.
  func publish(_ course: Course) {
    guard let proxy else { return }
    let routing = routing(course)
    send(course.number) { try await proxy.adopt(routing) }
  }

  /// The budgets as they are now, by the playbook in force.
  private func routing(_ course: Course) -> Routing {
    let now = clock.now
    return Routing(
      playbook: playbook, directive: course.directive, budgetSpent: isShadowBudgetSpent(at: now),
      spent: spentBudgets(at: now).map { SpentBudget(arm: playbook.budgets[$0].arm, tag: playbook.budgets[$0].tag) },
      number: course.number, generation: generation)
  }

  /// One at a time, in the order in which they were asked for.
  private func send(_ number: Int, _ change: @escaping @Sendable () async throws -> Void) {
    sending = Task { [former = sending, log] in
      await former?.value
      do {
        try await change()
      } catch {
        // Loops that are gone carry no traffic.
        log.logger(label: "crossfade").debug("routing was not adopted: \(error)")
      }
      feed(.adopted(course: number))
    }
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
