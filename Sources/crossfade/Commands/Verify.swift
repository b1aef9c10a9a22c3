/// `crossfade verify`: does every journaled decision follow from the evidence that was journaled with it?

import ArgumentParser
import Foundation
import Journal
import PlaybookYAML
import RolloutJudge

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Recompute every journaled decision from its recorded evidence.",
    discussion: """
      Checked for every decision: that it continues the journal (its number, its time, the weights before it), that its \
      weights are legal (nothing but start, advance and rearm raises one, a rolled-back candidate has none), that the \
      evidence of a breach is there, reaches what it had to and is what the recorded counts give, and that its sentence says what its \
      values say. With --playbook also that the bar was the promised one and the weights are the stage's.

      Every decision's head covers the one before it. Whoever can write the file can make all of it anew, but not what was told: \
      the head stands in each decision's log line and webhook, and --head finds it again, or the journal was rewritten or cut off.

      Of a damaged store it is said what is wrong, and up to which decision it can be trusted.

      Exit code 1 where a decision does not follow, a head or a playbook is not found, or the store is damaged.
      """)

  @Option(help: "The journal.")
  var store = "crossfade.db"

  @Option(help: "Only this rollout; a playbook's name.")
  var rollout: String?

  @Option(
    help: ArgumentHelp(
      "A playbook that decisions were taken under; repeat for a changed one. Decisions of another are checked without it.",
      valueName: "file"))
  var playbook: [String] = []

  @Option(
    help: ArgumentHelp(
      "A head that a log line or a webhook told, whole or its first 8 digits or more; repeat for others.",
      valueName: "hash"))
  var head: [String] = []

  @Flag(help: "One JSON object, every fault in it.")
  var json = false

  func validate() throws {
    for head in head where head.utf8.count < 8 || !head.allSatisfy(\.isHexDigit) {
      throw ValidationError("--head takes 8 to 64 hexadecimal digits, not '\(head)'")
    }
  }

  func run() throws {
    let playbooks = try playbook.map { try loadPlaybook($0, showWarnings: false, unset: .warned) }
    let store = try examineStore(store)
    let names = store.rollouts
    if let rollout, !names.contains(rollout) {
      printError("error: \(self.store) has no rollout named \(rollout); it has \(names.joined(separator: ", "))")
      throw ExitCode(1)
    }
    let reports = (rollout.map { [$0] } ?? names).map { VerifiedRollout($0, in: store, playbooks, heads: head) }
    let lost = lost(reports, playbooks)
    if json {
      try printJSON(reports, store.findings, lost)
    } else {
      store.findingLines.forEach { print($0) }
      reports.forEach { $0.lines.forEach { print($0) } }
      lost.forEach { print($0) }
    }
    let isSound = store.findings.isEmpty && lost.isEmpty && reports.allSatisfy(\.faults.isEmpty)
    if !isSound { throw ExitCode(1) }
  }

  /// The heads and playbooks that were given and are found in no rollout.
  private func lost(_ reports: [VerifiedRollout], _ playbooks: [Playbook]) -> [String] {
    let heads = head.filter { head in !reports.contains { $0.found[head] != nil } }.map {
      "no decision has the head \($0): the journal was rewritten, or cut off before it"
    }
    let strangers = playbooks.filter { playbook in !reports.contains { $0.playbooks.contains(playbook.sha256) } }.map {
      "no decision was taken under the playbook \($0.name) with the SHA-256 \($0.sha256): it was never in force here"
    }
    return heads + strangers
  }

  private struct Answer: Encodable {
    var rollouts: [VerifiedRollout]
    /// The store's faults, and the things asked for that are not there; left out where there are none.
    var damage: [String]?
    var lost: [String]?
  }

  private func printJSON(_ reports: [VerifiedRollout], _ findings: [String], _ lost: [String]) throws {
    let answer = Answer(
      rollouts: reports, damage: findings.isEmpty ? nil : findings, lost: lost.isEmpty ? nil : lost)
    try printPlain(answer)
  }
}
