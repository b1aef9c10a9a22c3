/// Another playbook for a running process: refused with its reasons, or journaled, and then in force for the next request.

import AdminServer
import Journal
import Logging
import OperatorLog
import PlaybookYAML
import RolloutJudge
import SidecarProxy

extension RolloutRunner {
  /// The process's own file may have changed. Refusals go to the log; the playbook in force stays.
  ///
  /// - Parameter cause: what made it look, such as `SIGHUP`.
  func reload(because cause: String) async {
    guard let source else { return }
    do {
      let order = PlaybookOrder(text: nil, actor: cause, isAuthorized: true, isDryRun: false)
      let answer = try await apply(order)
      if !answer.isChange { log.logger(label: "crossfade").info("\(cause): the playbook has not changed") }
    } catch let refusal as PlaybookRefusal {
      log.emit(.configRefused(playbook: source.path, problems: refusal.problems))
    } catch {
      log.emit(.configRefused(playbook: source.path, problems: ["\(error)"]))
    }
  }

  func apply(_ order: PlaybookOrder) async throws -> PlaybookAnswer {
    guard let source else { throw CommandRefusal(.playbookRefused, "this process takes no other playbook") }
    let reading = order.text.map { source.read($0) } ?? source.read()
    guard let next = reading.playbook else {
      throw PlaybookRefusal(problems: reading.errors.map(\.description))
    }
    var warnings = reading.warnings.map(\.description)
    let fileText = source.text
    if let text = order.text, text != fileText {
      guard order.isAuthorized || SentPlaybook.isHarmless(next, text, beside: playbook, playbookText ?? "") else {
        throw CommandRefusal(
          .playbookRefused,
          "it is not the file that the process reads, \(source.path), and has other arms, keys or variables: those are taken "
            + "from that file only, or from who has the admin token")
      }
      warnings.append(
        "it is not the file that the process reads, \(source.path): a restart would go back to that one")
    }
    return try await take(next, text: order.text ?? fileText, order, warnings)
  }

  private func take(
    _ next: Playbook, text: String?, _ order: PlaybookOrder, _ warnings: [String]
  ) async throws -> PlaybookAnswer {
    try judge.requireUnmoved(order.shown)
    let now = clock.now
    let last = judge.status(at: now).lastDecision
    var answer = PlaybookAnswer(
      changed: [], isChange: false, seq: last?.seq ?? 0, stage: judge.directive.stage, warnings: warnings)
    guard next.sha256 != playbook.sha256 else { return answer }
    guard let journal, journalFault == nil, unjournaled.isEmpty, last != nil else {
      throw CommandRefusal(.journalUnavailable, "the journal is unavailable; the playbook in force stays")
    }
    var successor: Judge
    do throws(ResumeRefusal) {
      successor = try Judge(
        playbook: next, resuming: judge.checkpoint, decisions: try decisions(in: journal), actor: order.actor, at: now)
    } catch {
      throw CommandRefusal(.playbookRefused, error.message)
    }
    successor.journalBecame(available: true, at: now)
    guard let decision = successor.decide(at: now), decision.decision == .configChanged else {
      throw CommandRefusal(.playbookRefused, "\(playbook.name) was aborted; begin another rollout under another name")
    }
    answer.isChange = true
    answer.changed = decision.changed ?? ["settings that are not listed one by one"]
    if order.isDryRun { return answer }
    guard journalOrRefuse(decision) else {
      throw CommandRefusal(.journalUnavailable, "not done: the journal is unavailable")
    }
    successor.take(decision)
    await replace(by: next, text: text, successor, decision)
    answer.decision = decision
    return answer
  }

  private func decisions(in journal: Journal) throws(ResumeRefusal) -> [Decision] {
    do {
      return try journal.decisions(rollout: playbook.name)
    } catch {
      throw ResumeRefusal(.otherRollout, "the journal cannot be read: \(error)")
    }
  }
}
