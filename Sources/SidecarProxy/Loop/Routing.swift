/// The control plane's word to the loops: the split table and whether copies may be sent. Read once per request.

package import RolloutJudge
package import TrafficSplit

package struct Routing: Sendable {
  /// Grows with every change; a loop never takes an older one than it has.
  package var number: Int
  /// The playbook that its candidates are numbered by; a loop under another one does not take it.
  package var generation: Int
  package var table: SplitTable
  /// Whether the day's shadow budget is spent.
  package var budgetSpent: Bool
  /// Share of shadowed exchanges that the baseline answers a second time.
  package var noise: Double
  /// Where a candidate may cost no more today: the baseline answers instead, and nothing is copied.
  package var spent: [SpentBudget]

  package init(
    number: Int = 0, generation: Int = 0, table: SplitTable, budgetSpent: Bool = false, noise: Double = 0,
    spent: [SpentBudget] = []
  ) {
    self.number = number
    self.generation = generation
    self.table = table
    self.budgetSpent = budgetSpent
    self.noise = noise
    self.spent = spent
  }

  func hasSpent(on arm: ArmIndex, _ labels: ExchangeLabels?) -> Bool {
    spent.contains { $0.arm == arm && $0.concerns(labels) }
  }
}

/// A budget that has nothing left.
package struct SpentBudget: Sendable, Equatable {
  /// A candidate.
  package var arm: ArmIndex
  /// Only exchanges with this tag; nil: all.
  package var tag: Budget.TagValue?

  package init(arm: ArmIndex, tag: Budget.TagValue? = nil) {
    self.arm = arm
    self.tag = tag
  }

  func concerns(_ labels: ExchangeLabels?) -> Bool {
    guard let tag else { return true }
    guard let tags = labels?.tags, tags.indices.contains(tag.tag) else { return false }
    return tags[tag.tag] == tag.value
  }
}

extension Assignment {
  /// The assignment where candidates may cost no more: their exchanges go to the baseline and count for
  /// nobody, and the shares of all others are those among the arms that are left.
  mutating func spare(_ isSpent: (ArmIndex) -> Bool) {
    guard arm.isBaseline || !isSpent(arm) else {
      self = .baseline
      return
    }
    let spent = shares.indices.filter { shares[$0] > 0 && isSpent(.candidate($0)) }
    guard !spent.isEmpty else { return }
    let left = 1 - spent.reduce(0) { $0 + shares[$1] }
    for candidate in spent { shares[candidate] = 0 }
    guard left > 0, shares.contains(where: { $0 > 0 }) else { return shares = [] }
    for candidate in shares.indices { shares[candidate] /= left }
  }
}
