/// Models that were taken back from a candidate stay away from it, live and copied, and are counted for what they are.

import Testing

@testable import TrafficSplit

@Suite("WithheldModels")
struct WithheldModelsTests {
  private struct Request: RequestAttributes {
    let path = "/v1/chat/completions"
    var model: String?
    func header(_ lowercasedName: String) -> String? { nil }
    func bodyValue(_ path: String) -> String? { nil }
  }

  private func table(_ lines: [String], weight: Double, _ withheld: WithheldModels) -> SplitTable {
    let map = ModelMap(lines: lines.map { ModelMap.Line(from: Glob($0), to: $0) })
    return SplitTable(
      salt: 1, stages: [[weight]], stage: 0, closed: [false], rules: [], shadow: [weight > 0 ? 0 : 1], models: [map],
      withheld: [withheld], sticky: [])
  }

  @Test(
    "a withheld model is the baseline's, whether a line names it or a glob matches it; others go where they went",
    arguments: [["a", "b"], ["*"], ["a", "*"]], [0.9999, 0])
  func assigned(_ lines: [String], _ weight: Double) {
    var withheld = WithheldModels()
    withheld.withhold("a")
    let (table, whole) = (table(lines, weight: weight, withheld), table(lines, weight: weight, WithheldModels()))
    for unit in UInt64(0)..<50 {
      var reasons: [Ineligibility] = []
      let taken = table.assign(Request(model: "a"), unit: unit, draw: unit) { reasons.append($1) }
      #expect(taken.arm == .baseline && taken.shadows.isEmpty && taken.shares.allSatisfy { $0 == 0 })
      #expect(reasons == [.modelRolledBack])
      let (left, before) = (
        table.assign(Request(model: "b"), unit: unit, draw: unit),
        whole.assign(Request(model: "b"), unit: unit, draw: unit)
      )
      #expect(left.arm == before.arm && left.shadows.count == before.shadows.count)
      let place = SplitPlaces(table, of: Request(model: "a"))
      #expect(place.arm(ofUnit: unit) == .baseline && !place.isCopying)
    }
    var reasons: [Ineligibility] = []
    _ = self.table(["a"], weight: weight, withheld).assign(Request(model: "c"), unit: 1, draw: 1) { reasons.append($1) }
    #expect(reasons == [.modelUnmapped])
  }

  @Test("where the rest went back together, all are withheld but those that are told apart")
  func others() {
    var withheld = WithheldModels()
    #expect(withheld.isEmpty)
    withheld.withhold("a")
    withheld.withhold("a")
    withheld.withhold(WithheldModels.others, othersThan: ["a", "b"])
    #expect(withheld.shown == ["a", "other models"])
    #expect(withheld.contains("a") && !withheld.contains("b") && withheld.contains("c"))
  }
}
