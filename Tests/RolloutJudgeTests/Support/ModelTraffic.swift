/// Traffic for several models through the table that the judge's directive asks for, as the proxy would split it.

import Dialects
import RolloutJudge
import TrafficSplit

struct ModelTraffic {
  struct Request: RequestAttributes {
    let path = "/v1/chat/completions"
    var model: String?
    func header(_ lowercasedName: String) -> String? { nil }
    func bodyValue(_ path: String) -> String? { nil }
  }

  var rig: Rig
  let playbook: Playbook
  /// By model: its share of the requests, and how often the candidate fails in it.
  var models: [(name: String, share: Double, candidate: Double)]
  var baseline = 0.004
  /// Requests of each model that the candidate was given, and the failures among them.
  private(set) var given: [String: Int] = [:]
  private(set) var turnedAway: [Ineligibility: Int] = [:]
  private var random: SeededGenerator

  init(_ playbook: Playbook, seed: UInt64, _ models: [(name: String, share: Double, candidate: Double)]) {
    (self.playbook, self.models) = (playbook, models)
    rig = Rig(playbook)
    random = SeededGenerator(seed: seed)
  }

  static func playbook(_ condition: Condition, _ lines: [String], stages: [Stage]? = nil) -> Playbook {
    var playbook = Plans.playbook(
      stages ?? [Plans.stage("canary", weight: 0.2, hold: .seconds(1_000_000_000))], rollback: [condition])
    playbook.candidates[0].models = ModelMap(lines: lines.map { ModelMap.Line(from: Glob($0), to: $0) })
    playbook.rollbackScope = .model
    return playbook
  }

  /// As many requests as it takes, until as many decisions have been taken or there were so many.
  mutating func run(_ requests: Int, decisions: Int = .max) {
    var count = 0
    while count < requests, rig.decisions.count < decisions, rig.state != .rolledBack {
      one()
      count += 1
    }
    rig.decide()
  }

  private mutating func one() {
    var draw = random.uniform()
    let model =
      models.first {
        draw -= $0.share; return draw < 0
      } ?? models[models.count - 1]
    let table = SplitTable(playbook, following: rig.judge.directive)
    var away: Ineligibility?
    let assignment = table.assign(Request(model: model.name), unit: random.next(), draw: random.next()) { away = $1 }
    if let away { turnedAway[away, default: 0] += 1 }
    let start = rig.start(assignment.arm, shares: assignment.shares, model: model.name)
    let copies = assignment.shadows.map {
      rig.start($0.arm, population: .shadow, exchange: start.exchange, model: model.name)
    }
    let isCandidate = assignment.arm == .litellm
    if isCandidate || !copies.isEmpty { given[model.name, default: 0] += 1 }
    let isBad = random.chance(isCandidate ? model.candidate : baseline)
    rig.end(start, isBad ? .failed : .ok)
    for copy in copies { rig.end(copy, random.chance(model.candidate) ? .failed : .ok) }
    rig.decide()
  }
}
