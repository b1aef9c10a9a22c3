/// The machine is told what happened, what it asks for is done at once, and the split follows.

import RolloutJudge
import RolloutSteering
import TrafficSplit

extension Rehearsal {
  static let storeDown = StoreFault(.other, "the store is down")

  /// The store is opened, and the rollout starts.
  mutating func begin() {
    do throws(ResumeRefusal) {
      let found = FoundStore(decisions: [], checkpoint: nil)
      if weather.isStoreDown {
        feed(.storeFailed(Self.storeDown))
      } else {
        carryOut(try machine.start(from: found, at: instant))
      }
    } catch {
      assertionFailure("an empty store refused: \(error)")
    }
    settle(after: .attached)
  }

  mutating func settle() {
    // What is in order again is noticed by looking.
    let isBack = machine.outage != nil && !weather.isStoreDown
    settle(after: isBack ? .tick(overdue: nil) : .observed)
  }

  private mutating func settle(after event: SteeringEvent) {
    let before = machine.lastSeq()
    feed(event)
    defer {
      attention.looked(at: now)
      attention.looksAgain = machine.wantsToLook()
      nextTick = attention.tick(after: now)
      if machine.outage != nil, !weather.isStoreDown { nextTick = min(nextTick, (now / Self.tick + 1) * Self.tick) }
    }
    guard machine.lastSeq() != before else { return }
    attention.stageEntered(
      holdUntil: machine.judge.status(at: instant).holdUntil.map { $0.nanoseconds - Self.epoch } ?? 0)
  }

  mutating func feed(_ event: SteeringEvent) { carryOut(machine.handle(event, at: instant)) }

  private mutating func carryOut(_ effects: [SteeringEffect]) {
    for effect in effects {
      // What would follow is of no interest any more.
      guard !log.isOver else { return }
      switch effect {
      case .ask(let work, let ticket): feed(.stored(answer(work), ticket: ticket))
      case .keep(let decision): feed(.kept(decision, .beside(Self.storeDown.words)))
      case .publish(let course), .replace(_, let course):
        directive = course.directive
        follow()
        feed(.adopted(course: course.number))
      case .tell(let decision): told(decision)
      case .useStore, .letGoOfStore, .answer, .remark, .hear: break
      }
    }
  }

  private mutating func answer(_ work: StoreWork) -> StoreAnswer {
    if weather.isStoreDown { return .failed(Self.storeDown) }
    switch work {
    case .append(let decision, _, _):
      journal.append(decision)
      return .appended(head: nil)
    case .readDecisions: return .decisions(journal)
    case .reopen, .accept: return .opened(FoundStore(decisions: journal, checkpoint: nil))
    case .fold: return .folded(true)
    case .keepEvidence, .check, .probe, .settle: return .done
    }
  }

  mutating func follow() {
    let table = SplitTable(playbook, following: directive)
    splits = requests.map { SplitPlaces(table, of: $0) }
    begun = nil
  }

  private mutating func told(_ decision: Decision) {
    log.note(decision, at: now, weather.candidateSince, state: machine.judge.directive.state, keeps: keepsDecisions)
    guard approves, decision.decision == .hold, decision.reason == "approval" else { return }
    // Where a breach stands against it, it is refused; the judge proposes what follows from that.
    feed(
      .commanded(
        SteeringCommand(ticket: 0, .promotion(candidate: decision.candidate, now: false), actor: "simulation")))
  }
}
