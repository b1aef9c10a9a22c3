/// The parts that a report is made of, as the store has them.

import Foundation
import Journal
import MigrationReport
import RolloutJudge
import RolloutSteering

struct ReportSource {
  let rollout: String
  let playbook: Playbook?
  let decisions: [Decision]
  let accounts: Accounts
  let figuresAt: Instant?
  /// The remarks on how the report was made, for whoever reads it.
  let remarks: [String]

  struct Failure: Error {
    var message: String
  }

  /// - Throws: `JournalError`, or `Failure` where the store does not hold the rollout, or which one is meant is
  /// unclear.
  init(store: String, rollout: String?, playbook: Playbook?) throws {
    let journal = try Journal.reading(path: store)
    let names = try journal.rollouts()
    guard !names.isEmpty else { throw Failure(message: "\(store) holds no rollout yet") }
    if rollout == nil, playbook == nil, names.count > 1 {
      throw Failure(
        message: "\(store) holds several rollouts; choose one with --rollout: \(names.joined(separator: ", "))")
    }
    let chosen = rollout ?? playbook?.name ?? names[0]
    guard names.contains(chosen) else {
      throw Failure(message: "\(store) has no rollout named \(chosen); it has \(names.joined(separator: ", "))")
    }
    self.rollout = chosen
    self.playbook = playbook?.name == chosen ? playbook : nil
    decisions = try journal.decisions(rollout: chosen)
    var remarks: [String] = []
    if let playbook, playbook.name != chosen {
      remarks.append("the playbook is of \(playbook.name), not of \(chosen), and is left aside")
    } else if let playbook, let last = decisions.last, last.playbookSHA256 != playbook.sha256 {
      remarks.append("the playbook is not the one that the last decision was taken under")
    }
    let stored = try journal.accounts(rollout: chosen)
    if let stored {
      do {
        accounts = try JSONDecoder.admin.decode(Accounts.self, from: Data(stored.blob))
      } catch {
        throw Failure(message: "the figures in \(store) cannot be read: \(error)")
      }
    } else {
      accounts = Accounts()
      remarks.append("no figures are kept in \(store) yet: the report has the decisions only")
    }
    figuresAt = stored?.at
    self.remarks = remarks
  }

  func report(at now: Instant) -> RolloutReport {
    ReportMaker(
      rollout: rollout, playbook: playbook, decisions: decisions, accounts: accounts, figuresAt: figuresAt, now: now
    ).report()
  }
}
