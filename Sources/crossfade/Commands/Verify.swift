/// `crossfade verify`: does every journaled decision follow from the evidence that was journaled with it?

import ArgumentParser
import Foundation
import Journal
import RolloutJudge

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Recompute every journaled decision from its recorded evidence.",
    discussion: """
      Checked for every decision: that it continues the journal (its number, its time, the weights before it), that its \
      weights are legal (nothing but start, advance and rearm raises one, a rolled-back candidate has none), and that the \
      evidence of a breach reaches what it had to and is what the recorded counts give. With --playbook also that the bar was the promised one and the weights are the stage's.

      Of a damaged store it is said what is wrong, and up to which decision it can be trusted.

      Exit code 1 where a decision does not follow, or the store is damaged.
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

  @Flag(help: "One JSON object, every fault in it.")
  var json = false

  private struct Report: Encodable {
    var rollout: String
    var decisions: Int
    /// The last decision before which none is missing; only where the store is damaged.
    var trusted: Int?
    /// Decisions that rest on evidence.
    var evidenced: Int
    /// Of these, decisions with an e-value that the recorded counts do not give.
    var partly: Int
    var faults: [Fault]

    struct Fault: Encodable {
      var seq: Int
      var message: String
    }
  }

  func run() throws {
    let playbooks = try playbook.map { try loadPlaybook($0, showWarnings: false) }
    let store = try examineStore(store)
    let names = store.rollouts
    if let rollout, !names.contains(rollout) {
      printError("error: \(self.store) has no rollout named \(rollout); it has \(names.joined(separator: ", "))")
      throw ExitCode(1)
    }
    let isDamaged = !store.findings.isEmpty
    let reports = (rollout.map { [$0] } ?? names).map { name in
      var report = Self.report(name, store.decisions(of: name), playbooks)
      if isDamaged { report.trusted = store.trusted(name) }
      return report
    }
    if json {
      try printJSON(reports, store.findings)
    } else {
      store.findingLines.forEach { print($0) }
      reports.forEach { Self.lines($0).forEach { print($0) } }
    }
    if isDamaged || reports.contains(where: { !$0.faults.isEmpty }) { throw ExitCode(1) }
  }

  private static func report(_ name: String, _ decisions: [Decision], _ playbooks: [Playbook]) -> Report {
    let own = playbooks.filter { $0.name == name }
    let faults = DecisionAudit.faults(in: decisions, playbooks: own).map {
      Report.Fault(seq: $0.seq, message: $0.message)
    }
    return Report(
      rollout: name, decisions: decisions.count, evidenced: decisions.count { $0.evidence != nil },
      partly: decisions.count { !DecisionAudit.isComplete($0) }, faults: faults)
  }

  private struct Answer: Encodable {
    var rollouts: [Report]
    /// What is wrong with the store; left out where nothing is.
    var damage: [String]?
  }

  private func printJSON(_ reports: [Report], _ findings: [String]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let answer = Answer(rollouts: reports, damage: findings.isEmpty ? nil : findings)
    print(String(decoding: try encoder.encode(answer), as: UTF8.self))
  }

  private static func lines(_ report: Report) -> [String] {
    guard let trusted = report.trusted else { return audit(report) }
    let words = trusted == 0 ? "no decision of it can be trusted" : "can be trusted up to decision \(trusted)"
    return audit(report) + ["  \(words)"]
  }

  private static func audit(_ report: Report) -> [String] {
    let decisions = FigureText.counted(report.decisions, "decision")
    guard report.faults.isEmpty else {
      return ["\(report.rollout): of \(decisions) \(FigureText.counted(report.faults.count, "does", "do")) not follow"]
        + report.faults.map { "  decision \($0.seq): \($0.message.plainText)" }
    }
    var line = "\(report.rollout): \(decisions), each follows from what was recorded"
    if report.evidenced > 0 {
      line += report.evidenced == 1 ? "; 1 rests on evidence" : "; \(report.evidenced) rest on evidence"
    }
    guard report.partly > 0 else { return [line] }
    return [
      line,
      "  \(report.partly) of them could not be recomputed and were held against their bar only: the journal is older than such "
        + "evidence, or it is about costs, of which only means are kept",
    ]
  }
}
