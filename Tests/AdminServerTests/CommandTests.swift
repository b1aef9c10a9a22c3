import HTTPTypes
import RolloutJudge
import Synchronization
import Testing

@testable import AdminServer

@Suite("Commands")
struct CommandTests {
  @Test(
    "A command reaches the control with its reason and actor and answers the decision",
    arguments: [
      ("/pause", #"{"reason":"lunch","actor":"ops"}"#, Command.pause),
      ("/resume", #"{"reason":"lunch","actor":"ops"}"#, .resume),
      ("/promote", #"{"reason":"lunch","actor":"ops"}"#, .promote),
      ("/rollback", #"{"reason":"lunch","actor":"ops"}"#, .rollback(candidate: nil)),
      ("/rollback", #"{"reason":"lunch","actor":"ops","candidate":"litellm"}"#, .rollback(candidate: "litellm")),
      (
        "/promote", #"{"reason":"lunch","actor":"ops","candidate":"litellm","now":true}"#,
        .promotion(candidate: "litellm", now: true)
      ),
      ("/rearm", #"{"reason":"lunch","actor":"ops","stage":"canary"}"#, .rearm(stage: "canary")),
      ("/rearm", #"{"reason":"lunch","actor":"ops","stage":""}"#, .rearm(stage: nil)),
    ])
  func commands(path: String, body: String, command: Command) async throws {
    let caller = try Caller()
    let received = try await caller.send(.post, path, body: body)
    #expect(received.status == 200)
    #expect(received.object["decision"] as? String == "rollback")
    #expect(received.object["seq"] as? Int == 5)
    #expect(caller.control.state.withLock(\.given) == [CommandOrder(command, reason: "lunch", actor: "ops")])
    #expect(caller.lines.lines.count == 1)
    #expect(
      caller.lines.lines[0].contains(
        #""event":"command","message":"ops commanded \#(command.name)","command":"\#(command.name)""#))
  }

  @Test("A command needs no body")
  func noBody() async throws {
    let caller = try Caller()
    #expect(try await caller.send(.post, "/pause").status == 200)
    #expect(try await caller.send(.post, "/rearm", body: "{}").status == 200)
    #expect(try await caller.send(.post, "/rearm", body: #"{"reason":null,"actor":""}"#).status == 200)
    let admin = [Command.pause, .rearm(stage: nil), .rearm(stage: nil)]
      .map { CommandOrder($0, actor: "admin") }
    #expect(caller.control.state.withLock(\.given) == admin)
  }

  @Test(
    "A body that is not understood is refused in words and commands nothing",
    arguments: [
      (#"{"reasn":"x"}"#, "unknown key \"reasn\"; valid: reason, actor, stage, seq, dry_run"),
      (
        #"{"candidate":"litellm","now":true}"#,
        "unknown keys \"candidate\", \"now\"; valid: reason, actor, stage, seq, dry_run"
      ),
      (#"{"reason":1}"#, "\"reason\" must be a string"), (#"{"actor":["a"]}"#, "\"actor\" must be a string"),
      ("[]", "the body must be a JSON object, such as {\"reason\": \"…\", \"actor\": \"…\"}"),
      ("{", "the body must be a JSON object, such as {\"reason\": \"…\", \"actor\": \"…\"}"),
      (#"{"seq":"5"}"#, "\"seq\" must be a whole number"), (#"{"dry_run":1}"#, "\"dry_run\" must be true or false"),
      ("null", "the body must be a JSON object, such as {\"reason\": \"…\", \"actor\": \"…\"}"),
    ])
  func badBody(body: String, message: String) async throws {
    let caller = try Caller()
    let received = try await caller.send(.post, "/pause", body: body)
    #expect(received.status == 400)
    #expect(received.refusal == message)
    #expect(caller.control.state.withLock(\.given).isEmpty)
  }

  @Test("Long words are refused at their limits")
  func limits() async throws {
    let caller = try Caller()
    func status(_ reason: Int) async throws -> Int {
      try await caller.send(.post, "/pause", body: "{\"reason\":\"\(String(repeating: "x", count: reason))\"}").status
    }
    #expect(try await status(1000) == 200)
    #expect(try await status(1001) == 400)
    #expect(try await status(64 << 10) == 413)
  }

  @Test("A body is read up to 64 KiB and not a byte further")
  func bodyLimit() async throws {
    let caller = try Caller()
    let padding = String(repeating: " ", count: (64 << 10) - 2)
    #expect(try await caller.send(.post, "/pause", body: "{}" + padding).status == 200)
    let large = try await caller.send(.post, "/pause", body: "{} " + padding)
    #expect(large.status == 413)
    #expect(large.refusal == "the body is larger than 64 KiB")
  }

  @Test("What the rollout's state does not allow is a conflict, told and logged")
  func refused() async throws {
    let caller = try Caller()
    caller.control.state.withLock { $0.refusal = CommandRefusal(.wrongState, "the rollout is not paused") }
    let received = try await caller.send(.post, "/resume", body: #"{"actor":"ops"}"#)
    #expect(received.status == 409)
    #expect(received.refusal == "the rollout is not paused")
    #expect(caller.lines.lines[0].contains(#""refusal":"the rollout is not paused""#))
    #expect(caller.lines.lines[0].contains(#""level":"warning""#))
  }

  @Test(
    "Every reason of a refusal has its status",
    arguments: [
      (CommandRefusal.Reason.wrongState, 409), (.breached, 409), (.unknownCandidate, 409), (.unknownStage, 409),
      (.journalUnavailable, 503),
    ])
  func refusalStatus(reason: CommandRefusal.Reason, status: Int) async throws {
    let caller = try Caller()
    caller.control.state.withLock { $0.refusal = CommandRefusal(reason, "because") }
    let received = try await caller.send(.post, "/pause")
    #expect(received.status == status)
    #expect(received.refusal == "because")
  }

  @Test("A command carries what its sender saw; the stage of a re-arming is where it begins")
  func shown() async throws {
    let caller = try Caller()
    _ = try await caller.send(.post, "/promote", body: #"{"actor":"ops","stage":"canary","seq":7}"#)
    _ = try await caller.send(.post, "/rearm", body: #"{"actor":"ops","stage":"canary","seq":7}"#)
    let given = caller.control.state.withLock(\.given)
    #expect(given.map(\.shown) == [ShownState(stage: "canary", seq: 7), ShownState(seq: 7)])
    #expect(given[1].command == .rearm(stage: "canary"))
  }

  @Test("What has moved is a conflict that says where the rollout stands now")
  func moved() async throws {
    let caller = try Caller()
    caller.control.state.withLock {
      $0.refusal = CommandRefusal(.moved, "it has moved", current: ShownState(stage: "ramp", seq: 9))
    }
    let received = try await caller.send(.post, "/promote", body: #"{"stage":"canary","seq":7}"#)
    #expect(received.status == 409)
    let error = received.object["error"] as? [String: Any]
    let metadata = error?["metadata"] as? [String: Any]
    #expect(metadata?["stage"] as? String == "ramp" && metadata?["seq"] as? Int == 9)
    #expect(metadata?["reason"] as? String == "moved")
  }

  @Test("Asking what would be decided is not logged as a command")
  func dryRun() async throws {
    let caller = try Caller()
    #expect(try await caller.send(.post, "/promote", body: #"{"dry_run":true}"#).status == 200)
    #expect(caller.control.state.withLock(\.given).map(\.isDryRun) == [true])
    #expect(caller.lines.lines.isEmpty)
  }

  @Test("A playbook reaches the control; one that is wrong in itself is answered with its problems")
  func apply() async throws {
    let caller = try Caller()
    let received = try await caller.send(
      .post, "/apply", body: #"{"playbook":"crossfade: 1\nname: p","actor":"ops","seq":4}"#)
    #expect(received.status == 200 && received.object["changed"] as? [String] == ["stages.canary.hold: 1h → 2h"])
    let order = PlaybookOrder(
      text: "crossfade: 1\nname: p", shown: ShownState(seq: 4), actor: "ops", isAuthorized: false, isDryRun: false)
    #expect(caller.control.state.withLock(\.playbooks) == [order])
    caller.control.state.withLock { $0.playbookProblems = ["p.yaml:3:1: error: no"] }
    let refused = try await caller.send(.post, "/apply", body: "{}")
    #expect(refused.status == 422)
    let metadata = (refused.object["error"] as? [String: Any])?["metadata"] as? [String: Any]
    #expect(metadata?["problems"] as? [String] == ["p.yaml:3:1: error: no"])
  }
}
