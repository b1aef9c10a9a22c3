/// Reads what a rehearsal imagines, with the playbook's units and the playbook's way of saying what is wrong.

package import RolloutSimulation

/// What became of a scenario file.
package struct ScenarioReading: Sendable {
  /// Present when no problem is an error.
  package var scenario: Scenario?
  /// Errors and warnings in the order of the file.
  package var problems: [PlaybookProblem]
}

/// - Parameters:
///   - text: the file's text, before substitution.
///   - file: what problems call it.
///   - environment: where `${NAME}` comes from.
package func readScenario(text: String, file: String, environment: [String: String] = [:]) -> ScenarioReading {
  var problems = ProblemList(file: file)
  guard let root = readYAML(text, environment: environment, problems: &problems) else {
    return ScenarioReading(scenario: nil, problems: problems.sorted())
  }
  var check = ShapeCheck(problems: problems, everywhere: ScenarioKeys.everywhere)
  check.check(root, .object(ScenarioKeys.root))
  var reader = ScenarioReader(problems: check.problems, root: root)
  let scenario = reader.scenario()
  return ScenarioReading(
    scenario: reader.problems.hasErrors ? nil : scenario, problems: reader.problems.sorted())
}

/// The format as JSON Schema 2020-12.
package func scenarioSchema() -> String {
  schemaText(of: ScenarioKeys.root, id: "urn:crossfade:scenario:1", title: "Crossfade scenario")
}

/// Passes over what the first pass has refused.
private struct ScenarioReader {
  var problems: ProblemList
  let root: PlaybookNode

  mutating func scenario() -> Scenario {
    let baseline = partial(root["baseline"]).applied(to: ArmBehavior())
    let scenario = Scenario(
      runs: root["runs"]?.count ?? 1000, seed: UInt64(root["seed"]?.count ?? 1), traffic: traffic(),
      units: root["units"].map { Scenario.Units(count: $0["count"]?.count ?? 1, heavy: $0["heavy"]?.number ?? 0) },
      baseline: baseline, candidate: partial(root["candidate"]).applied(to: baseline), changes: changes(),
      outages: root["outages"].map {
        Scenario.Outages(
          every: $0["every"]?.duration ?? .seconds(1), lasting: $0["lasting"]?.duration ?? .zero,
          errorRate: $0["error_rate"]?.share ?? 0)
      },
      badUnits: root["bad_units"].map {
        Scenario.BadUnits(share: $0["share"]?.share ?? 0, errorRate: $0["error_rate"]?.share ?? 0)
      },
      patience: logNormal(root["patience"]), until: root["until"]?.duration)
    checkOutages()
    return scenario
  }

  private func partial(_ node: PlaybookNode?) -> PartialBehavior {
    PartialBehavior(
      errorRate: node?["error_rate"]?.share,
      latency: logNormal(node?["latency"]),
      errorLatency: node?["error_latency"]?.duration,
      cost: node?["cost"].flatMap { cost in
        cost["mean"]?.text.flatMap { readCost($0).value }.map {
          ArmBehavior.Cost(mean: $0, sigma: cost["sigma"]?.number ?? 1)
        }
      }, mismatchRate: node?["mismatch_rate"]?.share)
  }

  private func logNormal(_ node: PlaybookNode?) -> ArmBehavior.LogNormal? {
    node.flatMap { node in
      node["median"]?.duration.map { ArmBehavior.LogNormal(median: $0, sigma: node["sigma"]?.number ?? 0.6) }
    }
  }

  private mutating func traffic() -> TrafficShape {
    guard let node = root["rate"] else { return TrafficShape(rate: 1) }
    guard case .list(let items) = node.content else { return TrafficShape(rate: node.rate ?? 1) }
    checkRising(items)
    let steps = items.map { TrafficShape.Step(at: $0["at"]?.duration ?? .zero, rate: $0["rate"]?.rate ?? 0) }
    return steps.isEmpty ? TrafficShape(rate: 1) : TrafficShape(steps: steps)
  }

  private mutating func changes() -> [Scenario.Change] {
    let items = root["changes"]?.items ?? []
    checkRising(items, mayBeEqual: true)
    return items.flatMap { item in
      let at = item["at"]?.duration ?? .zero
      if item["baseline"] == nil, item["candidate"] == nil, case .mapping = item.content {
        problems.error(at: item, "nothing changes", "say candidate: { error_rate: 10% }")
      }
      return [(false, item["baseline"]), (true, item["candidate"])].compactMap { isCandidate, node in
        node.map { Scenario.Change(at: at, isCandidate: isCandidate, behavior: partial($0)) }
      }
    }
  }

  private mutating func checkRising(_ items: [PlaybookNode], mayBeEqual: Bool = false) {
    var last: Duration?
    for item in items {
      guard let node = item["at"], let at = node.duration else { continue }
      if let last, at < last || (at == last && !mayBeEqual) {
        problems.error(at: node, "'\(node.shown)' is not after the one before it", "put them in the order of time")
      }
      last = at
    }
  }

  private mutating func checkOutages() {
    guard let node = root["outages"]?["lasting"], let lasting = node.duration,
      let every = root["outages"]?["every"]?.duration, lasting > every
    else { return }
    problems.error(at: node, "'\(node.shown)' is longer than from one outage to the next")
  }
}

extension PlaybookNode {
  fileprivate var rate: Double? { text.flatMap { readRate($0).value } }
}
