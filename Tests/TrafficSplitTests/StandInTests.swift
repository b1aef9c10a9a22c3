/// Which candidate may answer for the failed baseline: only one that the stage trusts, with a request that may go to it.

import Dialects
import Testing

@testable import TrafficSplit

@Suite struct StandInTests {
  private struct Asked: RequestAttributes {
    var endpoint: Endpoint? = .chatCompletions
    var traits = RequestTraits()
    var model: String? = "m"
    var path: String { "/v1/chat/completions" }
    func header(_ lowercasedName: String) -> String? { nil }
    func bodyValue(_ path: String) -> String? { nil }
  }

  private func table(
    weights: [Double], shadow: [Double] = [0, 0], closed: [Bool] = [false, false], rules: [TrafficRule] = []
  ) -> SplitTable {
    let map = ModelMap(lines: [.init(from: Glob("m"), to: "own")])
    return SplitTable(
      salt: 1, stages: [weights], stage: 0, closed: closed, rules: rules, shadow: shadow, models: [map, map],
      sticky: [])
  }

  @Test func theLargestShareAnswers() {
    let found = table(weights: [0.1, 0.3]).standIn(for: Asked()) { _ in false }
    #expect(found?.arm == .candidate(1))
    #expect(found?.model == "own")
  }

  @Test func noneInAShadowStageNorWhereItWasRolledBack() {
    #expect(table(weights: [0, 0], shadow: [1, 1]).standIn(for: Asked()) { _ in false } == nil)
    #expect(table(weights: [0.5, 0.5], closed: [true, true]).standIn(for: Asked()) { _ in false } == nil)
    #expect(
      table(weights: [0.1, 0.3], closed: [false, true]).standIn(for: Asked()) { _ in false }?.arm == .candidate(0))
  }

  @Test func noneForARequestThatMayNotGoThere() {
    let table = table(weights: [0.5, 0])
    #expect(table.standIn(for: Asked(traits: .zeroRetention)) { _ in false } == nil)
    #expect(table.standIn(for: Asked(traits: .storedState)) { _ in false } == nil)
    #expect(table.standIn(for: Asked(model: "unknown")) { _ in false } == nil)
    #expect(table.standIn(for: Asked(model: nil)) { _ in false } == nil)
    #expect(table.standIn(for: Asked(endpoint: nil)) { _ in false } == nil)
    #expect(table.standIn(for: Asked()) { _ in true } == nil)
  }

  @Test func noneWhereARuleKeepsTheRequestOnTheBaseline() {
    let rule = TrafficRule(match: [.init(attribute: .model, glob: Glob("m"))], weights: [0, 0])
    #expect(table(weights: [0.5, 0.5], rules: [rule]).standIn(for: Asked()) { _ in false } == nil)
  }
}
