/// The program: one command for each thing an operator does.

import ArgumentParser
import PlaybookYAML
import RolloutJudge

@main
struct Crossfade: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crossfade",
    abstract: "Moves an application's LLM traffic from one gateway to another, step by step, and back by itself.",
    discussion: """
      Point the application's baseURL at Crossfade; a playbook says the rest: copy requests to the candidate (shadow), \
      give it a small share of live ones (canary), raise the share in stages, and roll back when it is shown to be worse.

        crossfade demo                         the whole story in a minute, on this machine
        crossfade check playbook.yaml          what a playbook will do, in words
        crossfade run playbook.yaml            serve
        crossfade status --watch               where the rollout stands
      """,
    version: Version.text,
    subcommands: [
      Run.self, Check.self, Simulate.self, Status.self, Pause.self, Resume.self, Promote.self, Rollback.self,
      Rearm.self, Apply.self, Decisions.self, Verify.self, Diffs.self, Report.self, Migrate.self, Probe.self,
      Replay.self, ListVendors.self, Schema.self,
      Emulate.self, Demo.self,
    ])

  /// Runs as the parser would, but with exit code 2 where the command line is wrong.
  static func main() async {
    if let slip = CommandLine.arguments.dropFirst().first, let meant = commandMeant(by: slip) {
      printError("error: there is no command '\(slip.plainText)'; did you mean 'crossfade \(meant)'?")
      exit(withError: ExitCode(2))
    }
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      printError(fullMessage(for: error))
      exit(withError: ExitCode(2))
    }
  }
}

extension Crossfade {
  /// The command that is nearest to a word that is none; nil where it is one, or like none.
  static func commandMeant(by word: String) -> String? {
    let names = configuration.subcommands.map { $0._commandName } + ["help"]
    guard !word.hasPrefix("-"), !names.contains(word) else { return nil }
    return nearestWord(to: word, among: names)
  }
}

enum Version {
  static let text = "0.1.0"
}
