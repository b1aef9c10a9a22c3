/// `crossfade check`: is the playbook valid, and what will it do?

import ArgumentParser
import Foundation
import PlaybookYAML
import RolloutSimulation

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Validate playbooks and say in words what each will do.",
    discussion: """
      Every problem is reported at once, with file, line and column. Exit code 2 where a playbook is invalid.

      How soon a regression is noticed is found by putting it before the judge itself, one condition in one stage at a time, with \
      a baseline at half of what is allowed. `crossfade simulate` answers for a whole rollout.
      """)

  @Argument(help: "One or more playbooks.")
  var playbooks: [String]

  @Flag(help: "The explanation as JSON: one object for each playbook, problems included.")
  var json = false

  @Option(help: ArgumentHelp("Requests a second that either arm could answer, for the times.", valueName: "count"))
  var rate = 1.0

  func validate() throws {
    guard rate > 0, rate <= 1e6 else {
      throw ValidationError("--rate takes more than 0 requests a second, such as 0.5")
    }
  }

  private struct Report: Encodable {
    var file: String
    var valid: Bool
    var problems: [PlaybookProblem]
    var explanation: PlaybookExplanation?
    /// Requests a second that `seconds` in `detection` are for.
    var rate: Double
    var detection: [DetectionEstimate]?
    /// How often a threshold test cries wolf.
    var criesWolf: CryingWolf?
    /// The detection in lines for people.
    var lines: [String] = []

    enum CodingKeys: String, CodingKey {
      case file, valid, problems, explanation, rate, detection
      case criesWolf = "cries_wolf"
    }
  }

  func run() throws {
    var reports: [Report] = []
    for file in playbooks {
      let reading = readPlaybook(file, unset: .warned)
      let estimates = reading.playbook.map { detectionEstimates($0, rate: rate) }
      var report = Report(
        file: file, valid: reading.playbook != nil, problems: reading.problems,
        explanation: reading.playbook.map(PlaybookExplanation.init), rate: rate, detection: estimates,
        criesWolf: reading.playbook.flatMap { CryingWolf($0, rate: rate) })
      if let playbook = reading.playbook { report.lines = detectionLines(estimates ?? [], playbook, rate: rate) }
      reports.append(report)
    }
    switch (json, reports.count) {
    case (true, 1): try printPlain(reports[0])
    case (true, _): try printPlain(reports)
    case (false, _): printText(reports)
    }
    if reports.contains(where: { !$0.valid }) { throw ExitCode(2) }
  }

  /// A threshold promises nothing, so it is tried.
  private static func words(_ wolf: CryingWolf) -> String {
    "Cries wolf: \(wolf.rolledBack) of \(wolf.runs) imagined rollouts of \(SimulationTable.time(wolf.seconds)), both arms at an "
      + "error_rate of \(FigureText.share(wolf.errorRate)), were rolled back"
  }

  private func printText(_ reports: [Report]) {
    for (index, report) in reports.enumerated() {
      for problem in report.problems { printError(problem.description) }
      guard let explanation = report.explanation else { continue }
      if index > 0 { print("") }
      print("\(report.file): valid")
      print("")
      explanation.lines.forEach { print($0) }
      if !report.lines.isEmpty { (["", "Noticed after"] + report.lines).forEach { print($0) } }
      if let wolf = report.criesWolf { ["", Self.words(wolf)].forEach { print($0) } }
    }
  }
}
