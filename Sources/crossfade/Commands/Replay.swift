/// `crossfade replay`: send recorded requests to a candidate before any live copy goes there.

import ArgumentParser
import ArmProbe
import Dialects
import Foundation
import Journal
import Logging
import OperatorLog
import RolloutJudge
import TrafficSplit

struct Replay: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Send recorded requests to a candidate and compare its answers, before any live traffic.",
    discussion: """
      What was recorded is sent through the very proxy that `crossfade run` serves with, as copies to one candidate: \
      the answers are compared, counted and kept in a store of their own, which `crossfade diffs` and `crossfade report` \
      read.

      --from is a store that an earlier run kept samples in (redacted: keys, addresses and numbers in them are not the \
      application's own), or a file of such lines:

        {"path":"/v1/chat/completions","headers":{"x-team":"search"},
         "body":{"model":"openai/gpt-5","messages":[…]},
         "answer":{"status":200,"content_type":"…","body":"{…}"}}

      headers and answer may be left out. Where an answer was recorded it is played in the baseline's place; where none \
      was, the baseline is asked, too, and for that needs a key: the playbook's, or --key-env.

        crossfade replay playbook.yaml --from requests.jsonl --limit 20 --yes
        crossfade replay playbook.yaml --from crossfade.db --budget '$1' --yes

      --budget waits for each answer's cost before the next request. With prices and a max_tokens it is never exceeded; \
      without, by no more than the last answer. Nothing is sent to another machine without --yes. Exit code 1 where not \
      one copy ended well, or not everything could be sent.
      """)

  @Argument(help: "The playbook.")
  var playbook: String

  @Option(help: ArgumentHelp("What was recorded: a store, or a file of JSON lines.", valueName: "file"))
  var from: String

  @Option(help: ArgumentHelp("To whom; needed where the playbook has several.", valueName: "name"))
  var candidate: String?

  @Option(help: ArgumentHelp("Requests a second or a minute, such as 2/s or 30/m.", valueName: "rate"))
  var pace = "2/s"

  @Option(help: ArgumentHelp("Requests at most.", valueName: "count"))
  var limit = 100

  @Option(help: ArgumentHelp("US dollars at most, such as '$1'.", valueName: "money"))
  var budget: String?

  @Option(help: ArgumentHelp("Where the results are kept; must not exist yet.", valueName: "file"))
  var store = "replay.db"

  @Option(help: ArgumentHelp("The environment variable that holds a key for the baseline.", valueName: "name"))
  var keyEnv: String?

  @Option(help: ArgumentHelp("PEM file of further certificate authorities for the candidate.", valueName: "file"))
  var caFile: String?

  @Flag(help: "Send to other machines, which may bill it.")
  var yes = false

  func validate() throws {
    guard ReplayPace(pace) != nil else { throw ValidationError("--pace takes a rate such as 2/s or 30/m") }
    guard (1...100_000).contains(limit) else { throw ValidationError("--limit takes 1 to 100000") }
    if let budget, dollars(budget) == nil { throw ValidationError("--budget takes an amount such as '$1'") }
  }

  func run() async throws {
    let playbook = try loadPlaybook(playbook, showWarnings: false)
    let index = try candidateIndex(playbook)
    let arm = playbook.candidates[index]
    guard !FileManager.default.fileExists(atPath: store) else {
      throw refused("\(store) exists: a replay keeps its results apart; name another --store")
    }
    let recording = try read(arm, playbook)
    let missing = recording.requests.count { $0.answer == nil }
    let key = missing > 0 ? try baselineKey(of: playbook.baseline, option: keyEnv) : nil
    if missing > 0, playbook.baseline.key == nil, key == nil, !playbook.baseline.url.isLoopback {
      throw refused(
        "\(missing) of the requests have no recorded answer, and \(playbook.baseline.name) cannot be asked without a "
          + "key: name the environment variable that holds one with --key-env")
    }
    announce(recording, arm, playbook.baseline, missing)
    let leaves = !arm.url.isLoopback || missing > 0 && !playbook.baseline.url.isLoopback
    guard yes || !leaves else {
      throw refused("nothing was sent: this goes to another machine, which may bill it; say --yes")
    }
    try await replay(playbook, index, recording, key)
  }

  private func replay(_ playbook: Playbook, _ index: Int, _ recording: Recording, _ key: Secret?) async throws {
    guard let pace = ReplayPace(pace) else { throw ValidationError("--pace takes a rate such as 2/s or 30/m") }
    let clock = ProcessClock()
    let progress = ReplayProgress(planned: recording.requests.count)
    let run = ReplayRun(
      playbook: playbook, candidate: index, recording: recording, pace: pace, budget: budget.flatMap(dollars),
      storePath: store, baselineKey: key, certificateAuthorities: caFile,
      log: EventLog.standardError(format: .text, level: .warning, now: { clock.now }), clock: clock)
    let result: ReplayResult
    let arm = playbook.candidates[index].name
    do {
      result = try await run.run { progress.show($0) }
      progress.close()
      let pairs = try ReplaySummary.comparisons(in: store, rollout: playbook.name, candidate: arm)
      let recorded = recording.requests.prefix(result.figures.sent).count { $0.answer != nil }
      ReplaySummary(result: result, candidate: arm, storePath: store, recorded: recorded, pairs: pairs).lines
        .forEach { print($0) }
    } catch {
      progress.close()
      printError("error: \(error)")
      throw ExitCode(1)
    }
    if result.figures.outcomes[Outcome.ok.rawValue] == nil { throw ExitCode(1) }
    if case .notReached = result.stop { throw ExitCode(1) }
  }

  private func read(_ arm: Arm, _ playbook: Playbook) throws -> Recording {
    do {
      return try Recording.reading(from, limit: limit) { request in
        if request.body.count > playbook.traffic.maxBodyBytes { return "larger than max_body" }
        guard let model = request.model, arm.models.candidateModel(for: model) != nil else {
          return "of a model that the playbook does not map to \(arm.name)"
        }
        return nil
      }
    } catch let problems as RecordingProblems {
      printError(problems.description)
      throw refused("nothing was sent")
    } catch {
      throw refused("\(from): \(error)")
    }
  }

  /// Before it starts: what will be sent where, and what will not.
  private func announce(_ recording: Recording, _ arm: Arm, _ baseline: Arm, _ missing: Int) {
    printError("\(FigureText.counted(recording.requests.count, "request")) for \(arm.name) (\(arm.url.description))")
    for (reason, count) in recording.leftOut.sorted(by: { $0.key < $1.key }) {
      printError("  left out: \(count) \(reason)")
    }
    if recording.beyondLimit > 0 { printError("  left out: \(recording.beyondLimit) beyond --limit \(limit)") }
    if recording.isRedacted {
      printError("  they are redacted: what was blotted out is sent as it is stored, and answers may differ for that")
    }
    if missing > 0 {
      printError(
        "  \(missing) without a recorded answer: \(baseline.name) (\(baseline.url.description)) is asked these, too")
    }
  }

  private func candidateIndex(_ playbook: Playbook) throws -> Int {
    let names = playbook.candidates.map(\.name)
    guard let candidate else {
      if names.count == 1 { return 0 }
      throw refused("the playbook has several candidates (\(names.joined(separator: ", "))): name one with --candidate")
    }
    guard let index = names.firstIndex(of: candidate) else {
      throw refused("the playbook has no candidate '\(candidate)'; it has \(names.joined(separator: ", "))")
    }
    return index
  }

  private func refused(_ reason: String) -> ExitCode {
    printError("error: \(reason)")
    return ExitCode(2)
  }

  /// `$1`, `1.50`.
  private func dollars(_ text: String) -> Double? {
    guard let amount = Double(text.hasPrefix("$") ? String(text.dropFirst()) : text), amount > 0, amount.isFinite else {
      return nil
    }
    return amount
  }
}
