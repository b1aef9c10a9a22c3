/// `crossfade probe`: is every arm there, does it take its key, does it have the models, and what does the hop cost?

import ArgumentParser
import ArmProbe
import Foundation
import RolloutJudge

struct Probe: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask every arm a few small questions before the first request goes there.",
    discussion: """
      For each arm: DNS, TCP connect, TLS handshake, first byte, first token and total, as medians, on new connections and \
      on open ones; its certificate; whether it takes its key; whether it has the models that the playbook maps. Beside a \
      candidate stands what it adds to the baseline (its tax). The client is libcurl, which shares nothing with the proxy.

      Without --yes only requests are made that no vendor bills: GET models, with the key and without. With --yes each arm \
      is also asked --requests small questions (streamed, one token each), and one for each model that no list shows. A \
      candidate that makes pictures and videos by jobs is asked after a job that nobody has, which tells a wrong key from a \
      right one; with --yes it makes one small picture, which is called off after --picture-timeout.

      With --store (a store that a process keeps or has kept) it names what each candidate will be sent of the traffic seen \
      so far: the fields that are cut, renamed and said otherwise, and the requests that will stay on the baseline, with \
      their counts. With --admin it asks a running process, which knows what has stayed away and why, but no fields.

        crossfade probe playbook.yaml
        crossfade probe playbook.yaml --store crossfade.db
        crossfade probe playbook.yaml --arm litellm --yes
        crossfade probe playbook.yaml --key-env MY_OPENROUTER_KEY --yes --json

      Where the application's own key is passed through to the baseline, --key-env names the variable that holds one to \
      probe with; OPENROUTER_API_KEY is used for OpenRouter where it is set. Exit code 0 where every arm is ready.
      """)

  @Argument(help: "The playbook.")
  var playbook: String

  @Option(help: ArgumentHelp("Only this arm; may be given more than once.", valueName: "name"))
  var arm: [String] = []

  @Flag(help: "Ask questions, too; vendors bill them.")
  var yes = false

  @Option(help: ArgumentHelp("Of each kind, for the medians.", valueName: "count"))
  var requests = 5

  @Option(
    help: ArgumentHelp("The longest that one request may take.", valueName: "duration"),
    transform: { try asDuration($0) })
  var timeout = Duration.seconds(20)

  @Option(
    help: ArgumentHelp("The longest that the picture of --yes may take.", valueName: "duration"),
    transform: { try asDuration($0) })
  var pictureTimeout = Duration.seconds(120)

  @Option(help: ArgumentHelp("The environment variable that holds a key for the baseline.", valueName: "name"))
  var keyEnv: String?

  @Option(help: ArgumentHelp("PEM file of certificate authorities, in place of the system's.", valueName: "file"))
  var caFile: String?

  @Option(help: ArgumentHelp("The store of a process that has seen the traffic.", valueName: "file"))
  var store: String?

  @Option(help: ArgumentHelp("The admin address of a process that sees the traffic.", valueName: "url"))
  var admin: String?

  @Option(help: "Its bearer token. Also read from CROSSFADE_ADMIN_TOKEN.")
  var adminToken: String?

  @Flag(help: "Follow http_proxy, https_proxy and no_proxy. The sidecar itself never does.")
  var useProxy = false

  @Flag(help: "One JSON document; durations in milliseconds.")
  var json = false

  func validate() throws {
    guard (1...100).contains(requests) else { throw ValidationError("--requests takes 1 to 100") }
    guard timeout >= .milliseconds(100) else { throw ValidationError("--timeout takes 100ms or more") }
  }

  func run() async throws {
    let playbook = try loadPlaybook(playbook, showWarnings: false)
    let targets = try self.targets(playbook)
    let traffic = try await seenTraffic(playbook)
    let now = ProcessClock().now
    let settings = ProbeSettings(
      requests: requests, maySpend: yes, certificateAuthorities: caFile, usesProxy: useProxy,
      connectTimeout: min(timeout, .seconds(5)), timeout: timeout,
      pictureTimeout: pictureTimeout, now: now)
    var findings: [ArmFindings] = []
    // One after the other: arms that are timed at once would time each other.
    for target in targets {
      let name = target.arm.name
      do {
        findings.append(
          try await ArmProber(settings: settings, progress: { printError("\(name): \($0)") }).probe(target))
      } catch {
        printError("error: \(name): \(error)")
        throw ExitCode(1)
      }
    }
    var report = ProbeReport(rollout: playbook.name, billed: yes, findings: findings, now: now)
    report.traffic = traffic
    try show(report, targets)
    if !report.isReady { throw ExitCode(1) }
  }

  private func show(_ report: ProbeReport, _ targets: [ProbeTarget]) throws {
    if json {
      try printPlain(report)
      return
    }
    ProbeTable(report).lines.forEach { print($0) }
    if !yes { print("\n" + whatQuestionsCost(targets)) }
  }

  private func whatQuestionsCost(_ targets: [ProbeTarget]) -> String {
    let askable = targets.filter { $0.role == .candidate || $0.key != nil }
    let text = askable.filter { !$0.isOfJobsAlone }
    let pictures = askable.filter { $0.makesPictures }.map(\.arm.name).joined(separator: ", ")
    let picture = pictures.isEmpty ? "" : " And it has one small picture made by each of: \(pictures)."
    guard !text.isEmpty else {
      return pictures.isEmpty
        ? "No question was asked." : "Nothing was made. --yes has one small picture made by each of: \(pictures)."
    }
    let costs = text.compactMap { ArmProber.estimatedCost($0, questions: requests) }
    let cost =
      costs.count == text.count && !costs.isEmpty
      ? "about \(FigureText.dollars(costs.reduce(0, +))) by the playbook's prices"
      : "a fraction of a cent at most models' prices; the playbook has no price for each"
    let names = text.map(\.arm.name).joined(separator: ", ")
    return "No question was asked. --yes asks \(FigureText.counted(requests, "small one")) of each of: \(names) "
      + "(max_tokens 1; first token and total), and one to each model that no list shows: \(cost).\(picture)"
  }

  private func targets(_ playbook: Playbook) throws -> [ProbeTarget] {
    let targets = ProbeTarget.all(of: playbook, baselineKey: try baselineKey(of: playbook.baseline, option: keyEnv))
    for name in arm where !targets.contains(where: { $0.arm.name == name }) {
      let names = targets.map(\.arm.name).joined(separator: ", ")
      printError("error: the playbook has no arm '\(name)'; it has \(names)")
      throw ExitCode(2)
    }
    return arm.isEmpty ? targets : targets.filter { arm.contains($0.arm.name) }
  }
}

/// A key for a baseline that passes the application's own through: from `--key-env`, else OpenRouter's usual variable,
/// and that for OpenRouter alone.
func baselineKey(of baseline: Arm, option: String?) throws -> Secret? {
  let environment = ProcessInfo.processInfo.environment
  guard let option else {
    guard baseline.vendor == "openrouter" else { return nil }
    return environment["OPENROUTER_API_KEY"].flatMap(usableKey)
  }
  guard let key = environment[option].flatMap(usableKey) else {
    printError("error: --key-env: the environment variable \(option) is not set, or holds what no header can")
    throw ExitCode(2)
  }
  return key
}

/// Nil for what would not stay within a header's line.
private func usableKey(_ text: String) -> Secret? {
  let isPrintable = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
  return text.isEmpty || !isPrintable ? nil : Secret(text)
}
