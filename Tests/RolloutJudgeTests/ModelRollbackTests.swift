/// `rollback: model`: a model that has forced a rollback goes back alone, and the others go on without its failures.

import Dialects
import Testing
import TrafficSplit

@testable import RolloutJudge

@Suite("Rollback of a model")
struct ModelRollbackTests {
  static let condition = Condition(metric: .errorRate, above: 0.05, ratioAbove: 1.5)

  static func traffic(
    seed: UInt64 = 1, _ models: [(name: String, share: Double, candidate: Double)], lines: [String] = ["*"],
    stages: [Stage]? = nil, condition: Condition = condition
  ) -> ModelTraffic {
    ModelTraffic(ModelTraffic.playbook(condition, lines, stages: stages), seed: seed, models)
  }

  static func faults(_ rig: Rig, _ playbook: Playbook) -> [String] {
    DecisionAudit.faults(in: rig.decisions, playbooks: [playbook], wholeFrom: 1).map(\.description)
  }

  @Test("a dead model goes back whatever its share is, and the others are let alone", arguments: [0.01, 0.1, 0.5, 0.9])
  func dead(_ share: Double) throws {
    for seed in UInt64(1)...5 {
      var story = Self.traffic(seed: seed, [("dead", share, 1), ("well", 1 - share, 0.004)])
      story.run(20_000, decisions: 2)
      let taken = try #require(story.rig.last)
      #expect(taken.decision == .rollback && taken.model == "dead" && taken.candidate == "litellm")
      #expect(taken.weightsAfter == ["litellm": 0.2] && taken.weightsBefore == taken.weightsAfter)
      #expect(taken.message.hasPrefix("rolled back dead on litellm: error_rate "))
      let before = try #require(story.given["dead"])
      #expect(before <= 16)
      story.run(5_000)
      #expect(story.rig.last == taken && story.rig.state == .running)
      #expect(story.given["dead"] == before && story.given["well"] ?? 0 > 50)
      #expect(
        story.turnedAway.keys.allSatisfy { $0 == .modelRolledBack } && story.turnedAway[.modelRolledBack] ?? 0 > 0)
      let place = story.rig.judge.status(at: story.rig.now).candidates["litellm"]
      #expect(place?.rolledBackModels == ["dead"] && place?.isRolledBack == false)
      #expect(Self.faults(story.rig, story.playbook) == [])
    }
  }

  @Test("a candidate that is bad in all models goes back as a whole", arguments: [(1.0, 3), (0.3, 5), (0.15, 10)])
  func whole(_ rate: Double, _ count: Int) {
    for seed in UInt64(1)...8 {
      var story = Self.traffic(seed: seed, (0..<count).map { ("model \($0)", 1 / Double(count), rate) })
      story.run(20_000)
      let taken = story.rig.decisions.filter { $0.model != nil }
      #expect(story.rig.state == .rolledBack && taken.count <= 1, "seed \(seed): \(taken.map(\.message))")
      #expect(Self.faults(story.rig, story.playbook) == [])
    }
  }

  @Test("two dead models of three go back one after the other, the third stays; the last takes the candidate with it")
  func several() throws {
    var story = Self.traffic([("a", 0.3, 1), ("b", 0.3, 1), ("c", 0.4, 0.004)], lines: ["a", "b", "c"])
    story.run(5_000)
    #expect(story.rig.kinds == [.start, .rollback, .rollback] && story.rig.state == .running)
    #expect(Set(story.rig.decisions.compactMap(\.model)) == ["a", "b"])
    story.models[2].candidate = 1
    story.run(5_000)
    let last = try #require(story.rig.last)
    #expect(story.rig.state == .rolledBack && last.model == nil && last.reason == "last_model")
    #expect(last.message.contains("; no other model is left to it") && last.weightsAfter == ["litellm": 0])
    #expect(Self.faults(story.rig, story.playbook) == [])
  }

  @Test("models beyond the tenth go back together, and the ten stay")
  func others() throws {
    let ten = (0..<10).map { (name: "m\($0)", share: 0.1, candidate: 0.004) }
    var story = Self.traffic(ten)
    story.run(1_000)
    #expect(story.rig.kinds == [.start])
    for index in 0..<10 { story.models[index].share = 0.09 }
    story.models += [("x", 0.05, 1), ("y", 0.05, 1)]
    story.run(4_000)
    let taken = try #require(story.rig.last)
    #expect(story.rig.kinds == [.start, .rollback] && taken.model == "other models")
    #expect(Set(taken.othersThan ?? []) == Set(ten.map(\.name)))
    let withheld = story.rig.judge.directive.withheld[0]
    #expect(withheld.contains("x") && withheld.contains("z") && !withheld.contains(taken.othersThan?.first ?? ""))
    #expect(Self.faults(story.rig, story.playbook) == [])
  }

  @Test("what was taken back outlives a restart, with its checkpoint and without")
  func restart() throws {
    var story = Self.traffic([("dead", 0.1, 1), ("well", 0.9, 0.004)])
    story.run(20_000, decisions: 2)
    let (decisions, directive) = (story.rig.decisions, story.rig.judge.directive)
    #expect(directive.withheld[0].names == ["dead"])
    for checkpoint in [nil, story.rig.judge.checkpoint] {
      let again = try Judge(
        playbook: story.playbook, resuming: checkpoint, decisions: decisions, at: story.rig.now)
      #expect(again.directive == directive)
      story.rig = Rig(resuming: again, at: story.rig.now)
      story.run(2_000)
      #expect(story.rig.decisions.isEmpty && story.rig.state == .running)
    }
  }

  @Test("re-arming gives the model back in the stage that the candidate is in, and its evidence begins anew")
  func rearm() throws {
    let stages = [
      Plans.stage("first", weight: 0.1, hold: .seconds(60)), Plans.stage("second", weight: 0.2, hold: .seconds(1e9)),
    ]
    var story = Self.traffic([("dead", 0.2, 0.004), ("well", 0.8, 0.004)], stages: stages)
    story.run(1_000, decisions: 2)
    #expect(story.rig.last?.decision == .advance)
    story.models[0].candidate = 1
    story.run(2_000, decisions: 3)
    #expect(story.rig.last?.model == "dead")
    #expect(throws: CommandRefusal.self) { try story.rig.command(.rearm(candidate: "litellm", stage: "third")) }
    try story.rig.command(.rearm(stage: nil), reason: "mended")
    let given = try #require(story.rig.last)
    #expect(given.message == "gave dead back to litellm in stage second by ada: mended" && given.stage == "second")
    #expect(story.rig.judge.directive.withheld[0].isEmpty)
    #expect(throws: CommandRefusal.self) { try story.rig.command(.rearm(stage: nil)) }
    let before = story.given["dead"] ?? 0
    story.run(2_000, decisions: 5)
    #expect(story.rig.last?.model == "dead" && (story.given["dead"] ?? 0) - before <= 16)
    try story.rig.command(.rollback(candidate: nil))
    try story.rig.command(.rearm(stage: nil))
    #expect(story.rig.judge.directive.withheld[0].isEmpty && story.rig.state == .running)
    #expect(Self.faults(story.rig, story.playbook) == [])
  }

  @Test("without the line the candidate goes back, and the decision names the model in its evidence alone")
  func candidate() throws {
    var playbook = ModelTraffic.playbook(Self.condition, ["*"])
    playbook.rollbackScope = .candidate
    var story = ModelTraffic(playbook, seed: 1, [("dead", 0.01, 1), ("well", 0.99, 0.004)])
    story.run(20_000)
    let last = try #require(story.rig.last)
    #expect(story.rig.state == .rolledBack && last.model == nil && last.evidence?.model == "dead" && last.reason == nil)
  }

  @Test("what is left proves itself anew: neither the model's failures nor the requests before count")
  func proofs() throws {
    let stages = [
      Plans.stage("shadow", shadow: 1, hold: .seconds(10), minSamples: 200, advance: .proven),
      Plans.stage("canary", weight: 0.1, hold: .seconds(1e9)),
    ]
    var story = Self.traffic(
      [("dead", 0.3, 1), ("well", 0.7, 0.004)], stages: stages, condition: Condition(metric: .errorRate, above: 0.05))
    story.run(20_000, decisions: 2)
    #expect(story.rig.last?.model == "dead" && story.rig.last?.evidence?.population == "shadow")
    #expect(story.rig.judge.statistics.stage(1, .shadow).ended == 0)
    let set = story.rig.judge.evidence[0, .shadow]
    #expect(
      set.tallies.allSatisfy { $0.candidate == 0 } && set.absoluteProofs.allSatisfy { $0.currentFinding().n == 0 })
    story.run(20_000, decisions: 4)
    let advance = try #require(story.rig.last)
    #expect(advance.decision == .advance && advance.message.contains("; ") && advance.proofs?.count == 1)
    #expect(advance.proofs?.first?.basis.starts.first?.bad ?? 99 < 8)
    #expect(Self.faults(story.rig, story.playbook) == [])
  }

  @Test("an attempt that was on its way when its model went back is no evidence about the others")
  func underWay() {
    var story = Self.traffic([("dead", 0.3, 1), ("well", 0.7, 0.004)])
    let late = (0..<3).map { _ in story.rig.start(.litellm, model: "dead") }
    story.run(20_000, decisions: 2)
    #expect(story.rig.last?.model == "dead")
    for start in late { story.rig.end(start, .failed) }
    for _ in 0..<20 {
      let start = story.rig.start(.litellm, shares: [0.2], model: "dead")
      story.rig.end(start, .failed)
      story.rig.decide()
    }
    #expect(story.rig.decisions.count == 2 && story.rig.state == .running)
  }

  @Test("a pause for a mistake of ours is about the model's failures alone")
  func failures() throws {
    var story = Self.traffic([("dead", 0.02, 1), ("well", 0.98, 0.02)])
    story.run(20_000, decisions: 2)
    let evidence = try #require(story.rig.last?.evidence)
    #expect(evidence.model == "dead" && evidence.failures?.reduce(0) { $0 + $1.n } == evidence.candidate.bad)
  }

  @Test("the worked example: two dead of two and none of two is one model's, a third of everything is the candidate's")
  func byHand() {
    func culprits(_ counts: [(n: Int, bad: Int)]) -> [Int] {
      let counts = counts.enumerated().map { ($0, RecentByModel.Counts(n: $1.n, bad: $1.bad)) }
      let n = counts.reduce(0) { $0 + $1.1.n }
      return Attribution.culprits(Dictionary(uniqueKeysWithValues: counts)) { Double($0) <= 0.02 * Double(n) }
    }
    #expect(culprits([(2, 2), (2, 0)]) == [0])
    #expect(culprits([(8, 3), (7, 3), (5, 0)]) == [])
    #expect(Set(culprits([(2, 2), (3, 0), (2, 2)])) == [0, 2])
    #expect(culprits([(4, 4)]) == [0] && culprits([(4, 4), (0, 0)]) == [0])
    #expect(culprits([(4, 4), (4, 4)]) == [] && culprits([]) == [])
  }

  @Test("a tampered rollback of a model is found out")
  func audit() throws {
    var story = Self.traffic(seed: 2, [("dead", 0.5, 1), ("well", 0.5, 0.004)])
    story.run(20_000, decisions: 2)
    #expect(story.rig.last?.evidence?.badByModel != nil)
    func faults(_ change: (inout Decision) -> Void) -> [String] {
      var rig = story.rig
      change(&rig.decisions[1])
      return Self.faults(rig, story.playbook)
    }
    #expect(faults { _ in } == [])
    #expect(faults { $0.model = "well" }.contains { $0.contains("its evidence is not about that model") })
    #expect(faults { $0.evidence?.badByModel = ["dead": 1] }.contains { $0.contains("beyond the limits as well") })
    #expect(faults { $0.evidence?.badByModel?["dead"] = 999 }.contains { $0.contains("not possible") })
    #expect(faults { $0.weightsAfter = ["litellm": 0] }.contains { $0.contains("changes a weight") })
    #expect(faults { $0.candidate = nil }.contains { $0.contains("from no candidate") })
  }
}
