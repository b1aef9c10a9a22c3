/// Units stay where they are: checked at every boundary of every ladder, not on samples.

import Testing

@testable import TrafficSplit

@Suite("IntervalLayout")
struct IntervalLayoutTests {
  private static let ladder = [0, 0.01, 0.05, 0.10, 0.25, 0.50, 1]

  /// Every point at which either layout may change its owner.
  private func edges(_ layouts: IntervalLayout...) -> [UInt64] {
    [0] + layouts.flatMap { $0.intervals.map(\.end) }.filter { $0 < IntervalLayout.whole }
  }

  private func expectNobodyMoves(_ before: IntervalLayout, _ after: IntervalLayout, _ stages: [[Double]]) {
    for edge in edges(before, after) {
      guard let owner = before.owner(at: edge) else { continue }
      #expect(after.owner(at: edge) == owner, "at \(edge), stages \(stages)")
    }
  }

  private func expectSharesHeld(_ layout: IntervalLayout, _ weights: [Double]) {
    for (candidate, weight) in weights.enumerated() { #expect(layout.share(of: candidate) == weight) }
    #expect(layout.intervals.last?.end == IntervalLayout.whole)
    #expect(zip(layout.intervals, layout.intervals.dropFirst()).allSatisfy { $0.end < $1.end && $0.owner != $1.owner })
  }

  @Test("moves no unit of 1 to 4 candidates that climb the ladder together", arguments: 1...4)
  func together(_ candidates: Int) {
    var stages: [[Double]] = []
    var before = IntervalLayout(stages: [])
    for weight in Self.ladder where weight * Double(candidates) <= 1 {
      stages.append(Array(repeating: weight, count: candidates))
      let after = IntervalLayout(stages: stages)
      expectNobodyMoves(before, after, stages)
      expectSharesHeld(after, stages[stages.count - 1])
      before = after
    }
  }

  @Test("moves no unit of two candidates on any three stages whose weights do not fall")
  func everyThreeStages() {
    var climbs: [[Double]] = []
    for a in Self.ladder {
      for b in Self.ladder where b >= a {
        for c in Self.ladder where c >= b { climbs.append([a, b, c]) }
      }
    }
    for first in climbs {
      for second in climbs where first[2] + second[2] <= 1 {
        let stages = (0..<3).map { [first[$0], second[$0]] }
        let layouts = (0...3).map { IntervalLayout(stages: Array(stages.prefix($0))) }
        for (before, after) in zip(layouts, layouts.dropFirst()) { expectNobodyMoves(before, after, stages) }
        for (layout, weights) in zip(layouts.dropFirst(), stages) { expectSharesHeld(layout, weights) }
      }
    }
  }

  @Test("moves no unit of four candidates on any two stages whose weights do not fall")
  func fourCandidates() {
    let steps = [[0, 0], [0, 0.05], [0, 0.25], [0.05, 0.05], [0.05, 0.25], [0.25, 0.25]]
    for index in 0..<(6 * 6 * 6 * 6) {
      let chosen = [index % 6, index / 6 % 6, index / 36 % 6, index / 216].map { steps[$0] }
      let stages = (0..<2).map { stage in chosen.map { $0[stage] } }
      let (before, after) = (IntervalLayout(stages: [stages[0]]), IntervalLayout(stages: stages))
      expectNobodyMoves(before, after, stages)
      expectSharesHeld(after, stages[1])
    }
  }

  @Test("takes what is lacking from the lowest free places, candidates in order")
  func places() {
    let layout = IntervalLayout(stages: [[0.05, 0.05], [0.10, 0.20]])
    let percent = IntervalLayout.whole / 100
    #expect(
      layout.intervals == [
        .init(end: 5 * percent, owner: 0), .init(end: 10 * percent, owner: 1), .init(end: 15 * percent, owner: 0),
        .init(end: 30 * percent, owner: 1), .init(end: 100 * percent, owner: nil),
      ])
  }

  @Test("gives the highest places back first when a weight falls, and moves nobody else")
  func falling() {
    let before = IntervalLayout(stages: [[0.05, 0.05], [0.10, 0.20]])
    let after = IntervalLayout(stages: [[0.05, 0.05], [0.10, 0.20], [0.07, 0.20]])
    expectSharesHeld(after, [0.07, 0.20])
    for edge in edges(before, after) where after.owner(at: edge) != before.owner(at: edge) {
      #expect(before.owner(at: edge) == 0 && after.owner(at: edge) == nil)
      #expect(edge >= IntervalLayout.points(0.12) && edge < IntervalLayout.points(0.15))
    }
  }

  @Test(
    "fills the line exactly when decimal weights sum to 1",
    arguments: [[0.1, 0.9], [0.7, 0.2, 0.1], [0.33, 0.33, 0.34]])
  func full(_ weights: [Double]) {
    let layout = IntervalLayout(stages: [weights])
    expectSharesHeld(layout, weights)
    #expect(layout.length(of: nil) == 0)
  }

  @Test("gives the later candidate what is left when weights sum to more than 1")
  func tooMuch() {
    #expect(IntervalLayout(stages: [[0.7, 0.7]]).share(of: 1) == 0.3)
  }

  @Test(
    "keeps a share as whole trillionths",
    arguments: [
      (0, 0), (-1, 0), (.nan, 0), (1e-13, 0), (1e-12, 1), (0.01, 10_000_000_000), (0.05, 50_000_000_000),
      (1, 1_000_000_000_000), (7, 1_000_000_000_000), (.infinity, 1_000_000_000_000),
    ] as [(Double, UInt64)])
  func points(_ share: Double, _ points: UInt64) { #expect(IntervalLayout.points(share) == points) }

  @Test("places the lowest and the highest hash on the line")
  func ends() {
    #expect(IntervalLayout.point(of: 0) == 0)
    #expect(IntervalLayout.point(of: .max) == IntervalLayout.whole - 1)
    #expect(IntervalLayout(stages: [[1]]).owner(at: IntervalLayout.whole - 1) == 0)
  }
}
