/// `crossfade check`: is the playbook valid, and what will it do?

import ArgumentParser
import Foundation
import PlaybookYAML

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Validate playbooks and say in words what each will do.",
    discussion: """
      Every problem is reported at once, with file, line and column. Exit code 2 where a playbook is invalid.
      """)

  @Argument(help: "One or more playbooks.")
  var playbooks: [String]

  @Flag(help: "The explanation as JSON: one object for each playbook, problems included.")
  var json = false

  private struct Report: Encodable {
    var file: String
    var valid: Bool
    var problems: [PlaybookProblem]
    var explanation: PlaybookExplanation?
  }

  func run() throws {
    var reports: [Report] = []
    for file in playbooks {
      let reading = readPlaybook(file)
      reports.append(
        Report(
          file: file, valid: reading.playbook != nil, problems: reading.problems,
          explanation: reading.playbook.map(PlaybookExplanation.init)))
    }
    if json { try printJSON(reports) } else { printText(reports) }
    if reports.contains(where: { !$0.valid }) { throw ExitCode(2) }
  }

  private func printJSON(_ reports: [Report]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data = try reports.count == 1 ? encoder.encode(reports[0]) : encoder.encode(reports)
    print(String(decoding: data, as: UTF8.self))
  }

  private func printText(_ reports: [Report]) {
    for (index, report) in reports.enumerated() {
      for problem in report.problems { printError(problem.description) }
      guard let explanation = report.explanation else { continue }
      if index > 0 { print("") }
      print("\(report.file): valid")
      print("")
      explanation.lines.forEach { print($0) }
    }
  }
}
