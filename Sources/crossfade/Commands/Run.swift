/// `crossfade run`: serve.

import AdminServer
import ArgumentParser
import Foundation
import Listening
import Logging
import OperatorLog
import RolloutJudge
import SharedStore
import SidecarProxy

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve: proxy the application's requests and carry out a playbook.",
    discussion: """
      Point the application's baseURL at the --listen address, for example http://127.0.0.1:8787/api/v1 in place of \
      https://openrouter.ai/api/v1. Decisions go to the log on standard error and to the --store; started again with the \
      same store, the rollout goes on where it was.
      """)

  @Argument(help: "The playbook, a YAML file. `crossfade check` explains it.")
  var playbook: String

  @Option(help: "Where the application connects.")
  var listen = ListenAddress(host: "127.0.0.1", port: 8787)

  @Option(help: "Where status, metrics and commands are served.")
  var admin = ListenAddress(host: "127.0.0.1", port: 8788)

  @Option(help: "Bearer token for --admin; required beyond loopback. Also read from CROSSFADE_ADMIN_TOKEN.")
  var adminToken: String?

  @Option(
    help: ArgumentHelp(
      """
      The journal: a SQLite file, made where there is none, or postgres://USER@HOST/DATABASE, which several processes share as \
      one rollout. By default what CROSSFADE_STORE holds, else crossfade.db.
      """, valueName: "store"))
  var store: String?

  @Option(
    help: "json for machines, text for people. Default: text on a terminal, else json.", transform: { try asWord($0) })
  var logFormat: LineFormat?

  @Option(help: "trace, debug, info, notice, warning, error or critical.", transform: { try asWord($0) })
  var logLevel = Logger.Level.info

  @Option(
    help: ArgumentHelp("Share of exchanges to log one by one, such as 1%. Default 0%.", valueName: "share"),
    transform: { try asShare($0) })
  var logExchanges = 0.0

  @Option(help: "Event loops; one carries tens of thousands of requests a second.")
  var threads = 1

  @Option(help: ArgumentHelp("PEM file of further certificate authorities for the arms.", valueName: "file"))
  var caFile: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Ask each arm for its list of models at the start, which costs nothing. Default: where the log is text.")
  var askArms: Bool?

  @Flag(help: "Take the playbook as soon as its file changes; without, on SIGHUP and by `crossfade apply`.")
  var watch = false

  @Option(
    help: ArgumentHelp(
      "How long open exchanges may take to finish once the process is to stop.", valueName: "duration"),
    transform: { try asDuration($0) })
  var drainTime = Duration.seconds(30)

  func validate() throws {
    guard (1...64).contains(threads) else { throw ValidationError("--threads takes 1 to 64") }
  }

  func run() async throws {
    DescriptorTable.raise()
    let source = PlaybookSource(path: playbook)
    let playbook = try loadPlaybook(playbook)
    if let problem = playbook.problem(withThreads: threads) {
      printError("error: \(problem)")
      throw ExitCode(2)
    }
    var limits = ProxyLimits()
    limits.drainTime = drainTime
    let clock = ProcessClock()
    let format = logFormat ?? (isatty(2) == 1 ? .text : .json)
    let held = HeldSink(DescriptorSink(descriptor: 2))
    if format == .json { held.release() }
    let log = EventLog(sink: held, format: format, level: logLevel, now: { clock.now })
    if let remark = UnusedProxy.remark(playbook, ProcessInfo.processInfo.environment) {
      log.logger(label: "crossfade").notice("\(remark)")
    }
    let token = adminToken ?? AdminOptions.environmentToken
    do {
      let assembly = RolloutAssembly(
        playbook: playbook, source: source, watchesFile: watch,
        proxy: ProxyConfiguration(
          host: listen.host, port: listen.port, threads: threads, limits: limits, certificateAuthorities: caFile),
        admin: try AdminConfiguration(
          host: admin.host, port: admin.port, token: token,
          places: DescriptorBudget.adminPlaces(of: DescriptorTable.limit)), store: try .named(store),
        asksArms: askArms ?? (format == .text), sampling: logExchanges, log: log, clock: clock,
        onReady: { [listen, admin] port, adminPort, runner in
          guard format == .text else { return }
          let greeting = Greeting(
            playbook: playbook, status: await runner.status(), listen: ListenAddress(host: listen.host, port: port),
            admin: ListenAddress(host: admin.host, port: adminPort ?? 0),
            inColour: isatty(2) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil)
          held.release(after: greeting.lines)
        })
      try await assembly.run()
    } catch {
      held.release()
      printError("error: \(error)")
      throw ExitCode(isUsage(error) ? 2 : 1)
    }
  }
}

/// The command line or the playbook was wrong, rather than the machine.
private func isUsage(_ error: any Error) -> Bool {
  switch error {
  case AdminServerError.cannotListen: false
  case is AdminServerError, is ResumeRefusal, is SharedStoreError: true
  default: false
  }
}
