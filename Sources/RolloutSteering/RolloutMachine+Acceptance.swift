/// A damaged store, taken as it is because a person asks for it.

import RolloutJudge

extension Acceptance {
  var isOpening: Bool { if case .opening = step { true } else { false } }
}

extension RolloutMachine {
  /// What the store may have forgotten could have been a rollback, so one is journaled first: nothing but what is journaled after it
  /// gives a candidate weight, and no loop is told before.
  mutating func accepted(_ acceptance: Acceptance, _ answer: StoreAnswer, at now: Instant) {
    switch (acceptance.step, answer) {
    case (.opening, .opened(let found)): takeDamaged(found, acceptance, at: now)
    case (.journaling(let decision), .appended(let head)):
      note(head, after: decision)
      judge.take(decision)
      untold.append(UntoldDecision(decision: decision, course: 0))
      tell()
      acceptFurther(acceptance, after: decision, at: now)
    case (.settling, .done): finish(acceptance, at: now)
    default:
      let fault = mismatch(answer)
      fail(fault, at: now)
      refuse(CommandRefusal(.journalUnavailable, "not done: \(fault.words)"), acceptance.request.ticket)
    }
  }

  private mutating func takeDamaged(_ found: FoundStore, _ acceptance: Acceptance, at now: Instant) {
    if found.decisions.isEmpty {
      judge = Judge(playbook: playbook, at: now)
    } else {
      do throws(ResumeRefusal) {
        judge = try Judge(playbook: playbook, resuming: found.checkpoint, decisions: found.decisions, at: now)
      } catch {
        judge.journalBecame(available: false, at: now)
        return refuse(CommandRefusal(.journalUnavailable, "not done: \(error)"), acceptance.request.ticket)
      }
    }
    judges += 1
    tellNow()
    (hasStore, unjournaled, notJournaled) = (true, [], [:])
    effects.append(.useStore)
    judge.journalBecame(available: true, at: now)
    guard found.decisions.isEmpty, let start = judge.decide(at: now) else { return rollBack(acceptance, at: now) }
    accept(acceptance, journaling: start)
  }

  private mutating func acceptFurther(_ acceptance: Acceptance, after decision: Decision, at now: Instant) {
    if decision.decision == .start { rollBack(acceptance, at: now) } else { settle(acceptance) }
  }

  private mutating func rollBack(_ acceptance: Acceptance, at now: Instant) {
    let detail = if case .damaged(let detail) = acceptance.damage.kind { detail } else { acceptance.damage.words }
    do throws(CommandRefusal) {
      let rollback = try judge.command(
        .rollback(candidate: nil), reason: "the store was damaged: \(detail)", actor: "crossfade", at: now)
      accept(acceptance, journaling: rollback)
    } catch {
      // Rolled back it is already.
      settle(acceptance)
    }
  }

  private mutating func accept(_ acceptance: Acceptance, journaling decision: Decision) {
    var next = acceptance
    next.step = .journaling(decision)
    ask(.append(decision, under: nil, within: Patience.last), .accepting(next))
  }

  private mutating func settle(_ acceptance: Acceptance) {
    var next = acceptance
    next.step = .settling
    ask(.settle, .accepting(next))
  }

  /// Then the command itself. What the person was shown is what the store may have forgotten.
  private mutating func finish(_ acceptance: Acceptance, at now: Instant) {
    damage = nil
    recovered(at: now)
    var request = acceptance.request
    request.shown = ShownState()
    waiting.insert(WaitingRequest(matter: .command(request), since: now), at: 0)
  }
}
