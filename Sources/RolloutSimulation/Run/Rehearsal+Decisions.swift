/// The judge is asked, its decisions are taken, and the split follows.

import RolloutJudge
import TrafficSplit

extension Rehearsal {
  mutating func settle() {
    var isChanged = false
    while !log.isOver, let decision = judge.decide(at: instant) {
      take(decision)
      isChanged = true
      guard approves, decision.decision == .hold, decision.reason == "approval" else { continue }
      do throws(CommandRefusal) {
        take(
          try judge.command(
            .promotion(candidate: decision.candidate, now: false), actor: "simulation", at: instant))
      } catch {
        // A breach stands against it; the judge proposes what follows from that.
      }
    }
    defer {
      attention.looked(at: now)
      attention.looksAgain = judge.wantsToLook()
      nextTick = attention.tick(after: now)
    }
    guard isChanged else { return }
    attention.stageEntered(holdUntil: judge.status(at: instant).holdUntil.map { $0.nanoseconds - Self.epoch } ?? 0)
    if judge.directive != directive { follow() }
  }

  mutating func follow() {
    directive = judge.directive
    let table = SplitTable(playbook, following: directive)
    splits = requests.map { SplitPlaces(table, of: $0) }
    begun = nil
  }

  private mutating func take(_ decision: Decision) {
    judge.take(decision)
    log.note(decision, at: now, weather.candidateSince, state: judge.directive.state, keeps: keepsDecisions)
  }
}
