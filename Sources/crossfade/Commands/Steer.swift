/// `pause`, `resume`, `promote`, `rollback`, `rearm`: a person's decisions, journaled like any other.

import ArgumentParser
import Foundation
import RolloutJudge

struct SteerOptions: ParsableArguments {
  @OptionGroup var admin: AdminOptions

  @Option(help: "Why; kept in the journal.")
  var reason: String?

  @Option(help: "Who; kept in the journal. Default: the user's name.")
  var actor: String?

  @Flag(help: "The decision as JSON.")
  var json = false

  /// Gives the command at once: it can only lower what is at risk.
  func send(_ command: String, candidate: String? = nil) async throws {
    try await reportingFailures {
      try await print(retryingWhenMoved { status in try await post(command, request(shown: status, candidate)) })
    }
  }

  /// Says what the command is about to do, and on a terminal asks; it is given for what was shown and nothing else.
  ///
  /// - Parameter isRearm: `stage` is where to begin, not what was shown.
  func ask(
    _ command: String, _ confirmation: ConfirmationOptions, candidate: String? = nil, stage: String? = nil,
    isRearm: Bool = false, now: Bool? = nil
  ) async throws {
    try await reportingFailures {
      let status = try await admin.client.status()
      var request = request(shown: status, candidate)
      if isRearm { request.stage = stage }
      request.now = now
      request.dryRun = true
      printError(try await plan(command, request, status))
      try confirmation.confirm()
      request.dryRun = nil
      try await print(post(command, request))
    }
  }

  /// A damaged store shows nothing of what is to come; a re-arming takes it as it is.
  private func plan(_ command: String, _ request: CommandRequest, _ status: RolloutStatus) async throws -> String {
    do {
      return CommandPlan(try await post(command, request), status).text
    } catch let failure as AdminClient.Failure where failure.status == 503 && command == "rearm" {
      return "\(status.stage): takes the store as it is (\(failure))"
    }
  }

  private func request(shown status: RolloutStatus, _ candidate: String?) -> CommandRequest {
    CommandRequest(
      reason: reason, actor: actor ?? Self.user, stage: status.stage, seq: status.lastDecision?.seq ?? 0,
      candidate: candidate)
  }

  static var user: String { ProcessInfo.processInfo.environment["USER"] ?? "operator" }

  private func post(_ command: String, _ request: CommandRequest) async throws -> Decision {
    try await admin.client.post("/\(command)", request)
  }

  /// Something may be decided between looking and commanding; who wants less at risk wants it all the same.
  private func retryingWhenMoved(_ command: (RolloutStatus) async throws -> Decision) async throws -> Decision {
    for _ in 0..<5 {
      do {
        return try await command(try await admin.client.status())
      } catch let failure as AdminClient.Failure where failure.reason == "moved" {
        continue
      }
    }
    return try await command(try await admin.client.status())
  }

  private func print(_ decision: Decision) throws {
    if json { printPlain(json: try JSONEncoder.admin.encode(decision)) } else { Swift.print(decision.line) }
  }
}

/// Whether to ask before a command that puts more at risk.
struct ConfirmationOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Do not ask. Without a terminal nothing is asked.")
  var yes = false

  /// - Throws: exit code 1 where the answer is anything but yes.
  func confirm() throws {
    guard !yes, isatty(0) == 1, isatty(2) == 1 else { return }
    FileHandle.standardError.write(Data("go on? [y/N] ".utf8))
    guard ["y", "yes"].contains(readLine()?.lowercased()) else {
      printError("nothing was done")
      throw ExitCode(1)
    }
  }
}

extension JSONEncoder {
  static var admin: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return encoder
  }
}

struct Pause: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Stop advancing; weights stay as they are, and rollbacks still happen.")
  @OptionGroup var options: SteerOptions
  func run() async throws { try await options.send("pause") }
}

struct Resume: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Go on after a pause.")
  @OptionGroup var options: SteerOptions
  @OptionGroup var confirmation: ConfirmationOptions
  func run() async throws { try await options.ask("resume", confirmation) }
}

struct Promote: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Enter the next stage now; also gives the approval that a stage waits for.",
    discussion: """
      A stage with `approval: true` is left once it waits for that; --now leaves it before. What a promotion did not wait \
      for is journaled with it.
      """)
  @OptionGroup var options: SteerOptions
  @OptionGroup var confirmation: ConfirmationOptions
  @Option(help: "A candidate that was re-armed and is behind the others.")
  var candidate: String?
  @Flag(help: "Do not wait for the hold of a stage that asks for approval either.")
  var now = false
  func run() async throws {
    try await options.ask("promote", confirmation, candidate: candidate, now: now ? true : nil)
  }
}

struct Rollback: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take a candidate's weight to 0, until someone re-arms it.")
  @OptionGroup var options: SteerOptions
  @Option(help: "Which candidate; default: all.")
  var candidate: String?
  func run() async throws { try await options.send("rollback", candidate: candidate) }
}

struct Rearm: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Let a rolled-back candidate try again, with evidence begun anew; others stay where they are.")
  @OptionGroup var options: SteerOptions
  @OptionGroup var confirmation: ConfirmationOptions
  @Option(help: "Which candidate; default: all that are rolled back.")
  var candidate: String?
  @Option(help: "The stage to begin in; default: the first that shows the candidate traffic.")
  var stage: String?
  func run() async throws {
    try await options.ask("rearm", confirmation, candidate: candidate, stage: stage, isRearm: true)
  }
}
