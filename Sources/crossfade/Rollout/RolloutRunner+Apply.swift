/// Another playbook for a running process: refused with its reasons, or journaled, and then in force for the next request.

import AdminServer
import Logging
import OperatorLog
import PlaybookYAML
import RolloutJudge
import RolloutSteering
import SidecarProxy

extension RolloutRunner {
  /// The process's own file may have changed. Refusals go to the log; the playbook in force stays.
  ///
  /// - Parameter cause: what made it look, such as `SIGHUP`.
  func reload(because cause: String) async {
    guard let source else { return }
    // Who is alone with a playbook does not make it the fleet's by looking at it again.
    if machine.stranger != nil, source.read().playbook?.sha256 == playbook.sha256 { return }
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
    if let problem = next.problem(withThreads: threads) { throw PlaybookRefusal(problems: [problem]) }
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
    if !order.isDryRun { offeredTexts[next.sha256] = text }
    defer { offeredTexts[next.sha256] = nil }
    let answer = await ask { ticket in
      .offered(
        PlaybookOffer(ticket: ticket, next, shown: order.shown, actor: order.actor, isDryRun: order.isDryRun))
    }
    switch answer {
    case .change(let changed, let isChange, let seq, let stage, let decision):
      return PlaybookAnswer(
        changed: changed, isChange: isChange, seq: seq, stage: stage, warnings: warnings, decision: decision)
    case .refused(let refusal): throw refusal
    case .decided: throw CommandRefusal(.playbookRefused, "the answer was to a command, which nobody had sent")
    }
  }
}
