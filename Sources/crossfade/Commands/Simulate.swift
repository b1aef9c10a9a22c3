/// `crossfade simulate`: rehearse a playbook in virtual time, many times, against an imagined candidate.

import ArgumentParser
import Foundation
import Journal
import PlaybookYAML
import RolloutJudge
import RolloutSimulation

struct Simulate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Rehearse a playbook in virtual time against an imagined candidate, many times.",
    discussion: """
      Would this playbook have caught a 3% regression, how fast, and how often will it cry wolf? The very code that decides \
      in `crossfade run` decides here; 48 hours pass in a fraction of a second. The same seed gives the same result.

      A scenario, of which every line may be left out:

        runs: 1000
        rate: 10/s
        units: { count: 400, heavy: 1.5 }
        baseline:  { error_rate: 1%, latency: { median: 900ms, sigma: 0.6 }, error_latency: 120ms }
        candidate: { error_rate: 1% }
        changes:   [ { at: 2h, candidate: { error_rate: 10% } } ]
        outages:   { every: 30m, lasting: 20s, error_rate: 50% }
        bad_units: { share: 3%, error_rate: 50% }
        mix:       [ { share: 99%, model: large }, { share: 1%, model: small, candidate: { error_rate: 100% } } ]
        incidents: { every: 3h, lasting: 1m, candidate: { error_rate: 60% } }
        hours:     [ { at: 9h, latency: 1.5 }, { at: 18h, latency: 1 } ]
        patience:  { median: 8s }
        retries:   { share: 80%, at_most: 2, after: 1s }
        store:     { every: 12h, lasting: 2m }
        until: 48h

      `crossfade schema scenario` has every key. Requests and time to a rollback count from when the candidate got worse, or \
      from its first request if that was later.
      """)

  @Argument(help: "The playbook.")
  var playbook: String

  @Option(help: ArgumentHelp("What to imagine, a YAML file.", valueName: "file"))
  var scenario: String

  @Option(help: ArgumentHelp("In place of the scenario's runs.", valueName: "count"))
  var runs: Int?

  @Option(help: ArgumentHelp("In place of the scenario's seed.", valueName: "number"))
  var seed: UInt64?

  @Option(help: ArgumentHelp("Print this run alone, decision by decision.", valueName: "run"))
  var trace: Int?

  @Flag(inversion: .prefixedNo, help: "Promote stages that wait for approval, at once.")
  var approve = true

  @Flag(help: "The figures as JSON; with --trace the decisions, one object a line.")
  var json = false

  func validate() throws {
    if let runs, !(1...1_000_000).contains(runs) { throw ValidationError("--runs takes 1 to 1000000") }
    if let trace, trace < 1 { throw ValidationError("--trace takes a run's number, from 1") }
  }

  func run() async throws {
    let playbook = try loadPlaybook(playbook, showWarnings: false, unset: .warned)
    var scenario = try loadScenario(scenario)
    scenario.runs = runs ?? scenario.runs
    scenario.seed = seed ?? scenario.seed
    let simulation = Simulation(playbook: playbook, scenario: scenario, approves: approve)
    if let trace {
      try printTrace(of: simulation, trace)
      return
    }
    printError(simulation.cost)
    let report = simulation.report(of: await Rehearsals(simulation).run())
    if json {
      try printPlain(report)
    } else {
      SimulationTable(report).lines.forEach { print($0) }
    }
  }

  private func printTrace(of simulation: Simulation, _ number: Int) throws {
    let run = simulation.run(number, keepsDecisions: true)
    for decision in run.decisions {
      print(try json ? String(decoding: DecisionJSON.encode(decision), as: UTF8.self) : decision.line)
    }
    if !json { print("run \(number): \(run.ending.words) after \(FigureText.counted(run.exchanges, "request"))") }
  }
}

extension Simulation {
  /// The work ahead, before it begins: at most, for a rollout may end sooner.
  var cost: String {
    let exchanges = mostExchanges
    let cores = max(1, min(scenario.runs, ProcessInfo.processInfo.activeProcessorCount))
    let seconds = exchanges * Double(scenario.runs) * Self.secondsForOne / Double(cores)
    let each = "\(FigureText.count(Int(min(exchanges, 1e15).rounded()))) requests"
    return
      "\(FigureText.counted(scenario.runs, "rollout")) of up to \(SimulationTable.time(until.milliseconds / 1000)), up to \(each) each: "
      + "about \(SimulationTable.time(max(1, seconds))) on \(FigureText.counted(cores, "core")) if none ends early; --runs and until: make it shorter"
  }

  /// Measured, on a machine that is not the quickest.
  private static let secondsForOne = 7e-7
}

/// The problems have been said when it throws; only the exit code is left.
func loadScenario(_ path: String) throws -> Scenario {
  let reading = readScenario(at: path, environment: ProcessInfo.processInfo.environment)
  for problem in reading.problems { printError(problem.description) }
  guard let scenario = reading.scenario else {
    let count = reading.problems.count { $0.severity == .error }
    printError("\(path): \(count) error\(count == 1 ? "" : "s"); see `crossfade schema scenario` for the format")
    throw ExitCode(2)
  }
  return scenario
}

extension SimulatedRun.Ending {
  var words: String { self == .rolledBack ? "rolled back" : rawValue }
}
