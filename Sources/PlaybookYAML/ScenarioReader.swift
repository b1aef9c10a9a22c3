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
struct ScenarioReader {
  var problems: ProblemList
  let root: PlaybookNode

  mutating func scenario() -> Scenario {
    let baseline = partial(root["baseline"]).applied(to: ArmBehavior())
    var scenario = Scenario(
      runs: root["runs"]?.count ?? 1000, seed: UInt64(root["seed"]?.count ?? 1), traffic: traffic(), units: units(),
      baseline: baseline, candidate: partial(root["candidate"]).applied(to: baseline),
      badUnits: root["bad_units"].map {
        Scenario.BadUnits(share: $0["share"]?.share ?? 0, errorRate: $0["error_rate"]?.share ?? 0)
      },
      patience: logNormal(root["patience"]), until: root["until"]?.duration)
    scenario.mix = mix()
    scenario.changes = changes(scenario.mix)
    readTroubles(&scenario)
    return scenario
  }

  func partial(_ node: PlaybookNode?) -> PartialBehavior {
    PartialBehavior(
      errorRate: node?["error_rate"]?.share,
      latency: logNormal(node?["latency"]),
      errorLatency: node?["error_latency"]?.duration,
      cost: node?["cost"].flatMap { cost in
        cost["mean"]?.text.flatMap { readCost($0).value }.map {
          ArmBehavior.Cost(mean: $0, sigma: cost["sigma"]?.number ?? 1)
        }
      }, mismatchRate: node?["mismatch_rate"]?.share,
      jobs: node?["jobs"].map { ArmBehavior.Jobs(stuck: $0["stuck"]?.share ?? 0) })
  }

  private func logNormal(_ node: PlaybookNode?) -> ArmBehavior.LogNormal? {
    node.flatMap { node in
      node["median"]?.duration.map { ArmBehavior.LogNormal(median: $0, sigma: node["sigma"]?.number ?? 0.6) }
    }
  }

  private func units() -> Scenario.Units? {
    root["units"].map {
      Scenario.Units(
        count: $0["count"]?.count ?? 1, heavy: $0["heavy"]?.number ?? 0, latency: $0["latency"]?.number ?? 0)
    }
  }

  private mutating func traffic() -> TrafficShape {
    guard let node = root["rate"] else { return TrafficShape(rate: 1) }
    guard case .list(let items) = node.content else { return TrafficShape(rate: node.rate ?? 1) }
    checkRising(items)
    let steps = items.map { TrafficShape.Step(at: $0["at"]?.duration ?? .zero, rate: $0["rate"]?.rate ?? 0) }
    return steps.isEmpty ? TrafficShape(rate: 1) : TrafficShape(steps: steps)
  }

  private mutating func mix() -> [RequestKind] {
    guard let node = root["mix"] else { return [] }
    let kinds = node.items.map { item in
      RequestKind(
        share: item["share"]?.share ?? 0, model: item["model"]?.text, path: item["path"]?.text,
        headers: texts(item["header"]) { $0.lowercased() }, body: texts(item["body"]) { $0 },
        baseline: partial(item["baseline"]), candidate: partial(item["candidate"]))
    }
    let sum = kinds.reduce(0) { $0 + $1.share }
    if abs(sum - 1) > 1e-9, node.items.allSatisfy({ $0["share"]?.share != nil }) {
      problems.error(at: node, "the shares sum to \(decimalText(sum * 100, digits: 6))%", "make them sum to 100%")
    }
    return kinds
  }

  private func texts(_ node: PlaybookNode?, _ key: (String) -> String) -> [String: String] {
    Dictionary(
      (node?.entries ?? []).compactMap { entry in entry.value.text.map { (key(entry.key), $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  private mutating func changes(_ mix: [RequestKind]) -> [Scenario.Change] {
    let items = root["changes"]?.items ?? []
    checkRising(items, mayBeEqual: true)
    return items.flatMap { item in
      let at = item["at"]?.duration ?? .zero
      if item["baseline"] == nil, item["candidate"] == nil, case .mapping = item.content {
        problems.error(at: item, "nothing changes", "say candidate: { error_rate: 10% }")
      }
      if let model = item["model"], let name = model.text, !mix.contains(where: { $0.model == name }) {
        problems.error(at: model, "no kind of the mix asks for '\(model.shown)'", "give it a line in mix")
      }
      return [(false, item["baseline"]), (true, item["candidate"])].compactMap { isCandidate, node in
        node.map {
          Scenario.Change(at: at, model: item["model"]?.text, isCandidate: isCandidate, behavior: partial($0))
        }
      }
    }
  }

  mutating func checkRising(_ items: [PlaybookNode], mayBeEqual: Bool = false) {
    var last: Duration?
    for item in items {
      guard let node = item["at"], let at = node.duration else { continue }
      if let last, at < last || (at == last && !mayBeEqual) {
        problems.error(at: node, "'\(node.shown)' is not after the one before it", "put them in the order of time")
      }
      last = at
    }
  }
}

extension PlaybookNode {
  fileprivate var rate: Double? { text.flatMap { readRate($0).value } }
}
