/// Places settled beforehand against the assignment itself.

import Dialects
import Testing

@testable import TrafficSplit

@Suite("SplitPlaces")
struct SplitPlacesTests {
  private static let rules: [[TrafficRule]] = [
    [], [.when(.header("x-team"), "internal", 0.5, 0.2)], [.when(.model, "m", 0, 0)],
    [TrafficRule(match: [.init(attribute: .model, glob: Glob("*"))], weights: [0, 0.1], shadow: [0.5, 1])],
  ]

  @Test(
    "say what an assignment says, whatever the stage, the rules, the models and the request", arguments: rules.indices)
  func likeAnAssignment(rules: Int) {
    var generator = SeededGenerator(seed: 7)
    let draws = (0..<300).map { _ in (unit: generator.next(), draw: generator.next()) }
    var compared = 0
    for stages in [[[0.0, 0]], [[0.05, 0]], [[0.05, 0.1], [0.3, 0.5]], [[0, 0], [1, 0]]] as [[[Double]]] {
      for shadow in [[0.0, 0], [1, 0], [0.3, 0.7]] as [[Double]] {
        for models in [[ModelMap.any, .any], [.onlyM, .any], [.onlyM, .onlyM]] {
          for closed in [[false, false], [true, false]] {
            let table = SplitTable(
              salt: SplitTable.salt(rollout: "r"), stages: stages, stage: stages.count - 1, closed: closed,
              rules: Self.rules[rules], shadow: shadow, models: models, sticky: [])
            for request in Self.requests {
              let places = SplitPlaces(table, of: request)
              for (unit, draw) in draws {
                let assignment = table.assign(request, unit: unit, draw: draw)
                var copies: [ArmIndex] = []
                if places.arm(ofUnit: unit).isBaseline { places.forEachCopy(draw: draw) { copies.append($0) } }
                compared += 1
                guard
                  places.arm(ofUnit: unit) != assignment.arm || places.shares != assignment.shares
                    || copies != assignment.shadows.map(\.arm)
                else { continue }
                Issue.record("\(stages) \(shadow) \(closed) \(request): \(assignment) but \(places)")
                return
              }
            }
          }
        }
      }
    }
    #expect(compared == 4 * 3 * 3 * 2 * 5 * 300)
  }

  private static let requests = [
    SampleRequest(), SampleRequest(model: "other"), SampleRequest(model: nil),
    SampleRequest(headers: ["x-team": "internal"]), SampleRequest(traits: .refusedByAll),
  ]
}
