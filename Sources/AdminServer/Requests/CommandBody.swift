/// The body of a command: who and why, what they have seen, and what the command takes beside.

import RolloutJudge

struct CommandBody: Equatable {
  var order: CommandOrder

  static let defaultActor = "admin"

  /// - Parameter body: may be empty.
  /// - Throws: `Refusal.invalid` for anything but an object of the known keys with values of their kinds.
  init(endpoint: Endpoint, body: [UInt8]) throws(Refusal) {
    let extra: [String] =
      switch endpoint {
      case .promote: ["candidate", "now"]
      case .rollback, .rearm: ["candidate"]
      default: []
      }
    let object = try ScalarObject(body, keys: ["reason", "actor", "stage", "seq"] + extra + ["dry_run"])
    let candidate = try object.text("candidate", limit: AdminLimits.nameBytes)
    let stage = try object.text("stage", limit: AdminLimits.nameBytes)
    var shown = ShownState(stage: stage, seq: try object.count("seq"))
    let command: Command
    switch endpoint {
    case .pause: command = .pause
    case .resume: command = .resume
    case .promote: command = .promotion(candidate: candidate, now: try object.flag("now"))
    case .rollback: command = .rollback(candidate: candidate)
    case .rearm:
      // The stage to begin in, not the one that was shown.
      shown.stage = nil
      command = .rearm(candidate: candidate, stage: stage)
    default: throw .notFound
    }
    order = CommandOrder(
      command, shown: shown, reason: try object.text("reason", limit: AdminLimits.reasonBytes),
      actor: try object.text("actor", limit: AdminLimits.nameBytes) ?? Self.defaultActor,
      isDryRun: try object.flag("dry_run"))
  }
}

extension Command {
  /// The name that the command has in the endpoints' paths and on the command line.
  var name: String {
    switch self {
    case .pause: "pause"
    case .resume: "resume"
    case .promotion: "promote"
    case .rollback: "rollback"
    case .rearm: "rearm"
    case .abort: "abort"
    }
  }
}
