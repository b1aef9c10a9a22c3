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

  /// - Parameter extra: further members of the request.
  func send(_ command: String, _ extra: [String: String?] = [:]) async throws {
    try await reportingFailures {
      var body = extra.compactMapValues { $0 }
      body["reason"] = reason
      body["actor"] = actor ?? ProcessInfo.processInfo.environment["USER"] ?? "operator"
      let decision = try await admin.client.post("/\(command)", body: body)
      print(try json ? String(decoding: JSONEncoder.admin.encode(decision), as: UTF8.self) : decision.line)
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
  func run() async throws { try await options.send("resume") }
}

struct Promote: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Enter the next stage now; also gives the approval that a stage waits for.")
  @OptionGroup var options: SteerOptions
  func run() async throws { try await options.send("promote") }
}

struct Rollback: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take a candidate's weight to 0, until someone re-arms it.")
  @OptionGroup var options: SteerOptions
  @Option(help: "Which candidate; default: all.")
  var candidate: String?
  func run() async throws { try await options.send("rollback", ["candidate": candidate]) }
}

struct Rearm: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Let a rolled-back candidate try again, with evidence begun anew.")
  @OptionGroup var options: SteerOptions
  @Option(help: "The stage to begin in; default: the first that shows the candidate traffic.")
  var stage: String?
  func run() async throws { try await options.send("rearm", ["stage": stage]) }
}
