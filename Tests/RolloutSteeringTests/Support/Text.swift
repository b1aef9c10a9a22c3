/// Phases and effects as short words, so that what follows from an event can be read in a line.

import RolloutJudge

@testable import RolloutSteering

enum Text {
  static func state(_ machine: RolloutMachine) -> String {
    var words = [phase(machine.phase)]
    if machine.damage != nil { words.append("damaged") } else if machine.outage != nil { words.append("out of order") }
    if !machine.waiting.isEmpty { words.append("\(machine.waiting.count) waiting") }
    if !machine.unjournaled.isEmpty { words.append("\(machine.unjournaled.count) unjournaled") }
    return words.joined(separator: ", ")
  }

  static func phase(_ phase: SteeringPhase) -> String {
    switch phase {
    case .idle: "idle"
    case .awaiting(let awaited): "awaiting \(awaited.decision.decision.rawValue)"
    case .reading: "reading"
    case .tending(let chore): "tending \(chore)"
    case .reopening: "reopening"
    case .catchingUp: "catching up"
    case .probing: "probing"
    case .accepting(let acceptance):
      switch acceptance.step {
      case .opening: "accepting"
      case .journaling(let decision): "accepting \(decision.decision.rawValue)"
      case .settling: "accepted"
      }
    }
  }

  static func work(_ work: StoreWork) -> String {
    switch work {
    case .append(let decision, _, let limit): "append \(decision.seq) \(decision.decision.rawValue) within \(limit)"
    case .reopen(let known): "reopen\(known.map { " knowing \($0)" } ?? "")"
    default: "\(work)"
    }
  }

  static func effect(_ effect: SteeringEffect) -> String {
    switch effect {
    case .ask(let work, _): "ask \(Text.work(work))"
    case .keep(let decision): "keep \(decision.seq)"
    case .useStore: "use store"
    case .letGoOfStore: "let go of store"
    case .publish(let course): "publish \(course.directive.weights[0])\(course.budgets.isShadowSpent ? " spent" : "")"
    case .replace(let replacement, let course):
      "replace by \(replacement.playbook.sha256) \(course.directive.weights[0])"
    case .tell(let decision): "tell \(decision.seq) \(decision.decision.rawValue)"
    case .answer(.decided(let decision), _): "answer \(decision.seq)"
    case .answer(.refused(let refusal), _): "refuse \(refusal.reason.rawValue)"
    case .answer(.change(_, let isChange, _, _, _), _): "answer \(isChange ? "changed" : "unchanged")"
    case .hear(let decision): "hear \(decision.seq) \(decision.decision.rawValue)"
    case .remark(.estranged): "say estranged"
    case .remark(.storeFailed): "say failed"
    case .remark(.storeRecovered): "say recovered"
    case .remark(.restored(let seq, _, _, _)): "say restored \(seq)"
    case .remark(.journaledLate(let decision)): "say late \(decision.seq)"
    }
  }
}
