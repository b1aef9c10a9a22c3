/// `crossfade apply`: another playbook for a running process, after showing what it changes.

import ArgumentParser
import Foundation
import RolloutJudge

struct Apply: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reload a running process with a playbook; shows the difference first.",
    discussion: """
      What a restart would refuse is refused, and the playbook in force stays. Where the text is not that of the file that \
      the process was started with, other arms, keys and variables are taken only with the admin token; a restart goes back \
      to the file.

      Exit code 2 where the playbook is refused.
      """)

  @Argument(help: "The playbook, a YAML file.")
  var playbook: String

  @OptionGroup var admin: AdminOptions
  @OptionGroup var confirmation: ConfirmationOptions

  @Option(help: "Who; kept in the journal. Default: the user's name.")
  var actor: String?

  @Flag(help: "Only show the difference.")
  var dryRun = false

  private struct Request: Encodable {
    var playbook: String
    var actor: String
    var stage: String?
    var seq: Int?
    var dryRun: Bool

    enum CodingKeys: String, CodingKey {
      case playbook, actor, stage, seq
      case dryRun = "dry_run"
    }
  }

  private struct Answer: Decodable {
    var changed: [String]
    var isChange: Bool
    var seq: Int
    var stage: String
    var warnings: [String]
    var decision: Decision?

    enum CodingKeys: String, CodingKey {
      case changed, seq, stage, warnings, decision
      case isChange = "is_change"
    }
  }

  func run() async throws {
    guard let text = try? String(contentsOfFile: playbook, encoding: .utf8) else {
      printError("\(playbook): error: cannot be read")
      throw ExitCode(2)
    }
    try await reportingFailures {
      var request = Request(playbook: text, actor: actor ?? SteerOptions.user, dryRun: true)
      let plan: Answer = try await admin.client.post("/apply", request)
      for warning in plan.warnings { printError("warning: \(warning)") }
      guard plan.isChange else {
        print("in force already")
        return
      }
      for change in plan.changed { printError("  \(change)") }
      if dryRun { return }
      try confirmation.confirm()
      (request.stage, request.seq, request.dryRun) = (plan.stage, plan.seq, false)
      let taken: Answer = try await admin.client.post("/apply", request)
      print(taken.decision?.line ?? "in force already")
    }
  }
}
