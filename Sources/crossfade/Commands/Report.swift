/// `crossfade report`: what the migration has shown so far, for those who decide and those who pay.

import ArgumentParser
import Foundation
import Journal
import MigrationReport
import PlaybookYAML
import RolloutJudge

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the migration report: worksheet, verdict, tables and plots.",
    discussion: """
      Reads the store beside a running crossfade, whose figures are at most a few seconds older than its traffic; nothing \
      is changed. With the playbook the report knows vendors, mapped models, dropped fields and the estimated effort.

        crossfade report playbook.yaml --format html -o report.html
      """)

  @Argument(help: "The playbook of the rollout.")
  var playbook: String?

  @Option(help: "The journal.")
  var store = "crossfade.db"

  @Option(help: "md, html, json or csv; by default what --output's name ends with, else md.")
  var format: ReportFormat?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Where to write it; by default to standard output.", valueName: "file"))
  var output: String?

  @Option(help: "Which rollout, a playbook's name, where the store holds several.")
  var rollout: String?

  func run() throws {
    let playbook = try playbook.map { try loadPlaybook($0, showWarnings: false, unset: .warned) }
    let clock = ProcessClock()
    do {
      let source = try ReportSource(store: store, rollout: rollout, playbook: playbook)
      source.remarks.forEach { printError("note: \($0)") }
      let text = try chosenFormat.text(of: source.report(at: clock.now))
      guard let output else {
        FileHandle.standardOutput.write(Data(text.utf8))
        return
      }
      try Data(text.utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
      printError("wrote \(output)")
    } catch let error as JournalError {
      printError("error: \(error)")
      throw ExitCode(1)
    } catch let error as ReportSource.Failure {
      printError("error: \(error.message)")
      throw ExitCode(1)
    } catch let error as CocoaError {
      printError("error: \(output ?? ""): cannot be written: \(error.localizedDescription)")
      throw ExitCode(1)
    }
  }

  private var chosenFormat: ReportFormat {
    if let format { return format }
    let ending = output.flatMap { $0.split(separator: ".").last }.map(String.init)
    return ending.flatMap { ReportFormat(rawValue: $0.lowercased()) } ?? .md
  }
}
