/// `crossfade schema`: the formats, for editors and machines.

import ArgumentParser
import OperatorLog
import PlaybookYAML

struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the JSON Schema of a format.",
    discussion: """
      Editors complete and check playbooks with it: crossfade schema playbook > playbook.schema.json
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case playbook, log, scenario }

  @Argument(help: "playbook, log or scenario.")
  var format = Format.playbook

  func run() {
    switch format {
    case .playbook: print(playbookSchema())
    case .log: print(logSchema())
    case .scenario: print(scenarioSchema())
    }
  }
}
