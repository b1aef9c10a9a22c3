/// Holds what candidates cost against the playbook's budgets, for an arm as a whole and for the exchanges with a tag.

package import RolloutJudge

extension Accounts {
  /// One budget that a cost has just used up.
  package struct BudgetUsedUp: Sendable, Equatable {
    /// Index in `Playbook.budgets`.
    package var budget: Int
    /// USD today.
    package var spent: Double
    /// USD of that which is an upper estimate.
    package var estimated: Double
    package var resumesAt: Instant
  }

  /// Live and shadow attempts of an arm count towards its budgets, and those that a guard has made; one whose cost is unknown with what it can have cost at
  /// most.
  package mutating func spend(_ end: AttemptEnd) -> [BudgetUsedUp] {
    guard !budgets.isEmpty, [.live, .shadow, .retry, .failover].contains(end.population),
      let cost = end.cost ?? end.costAtMost
    else { return [] }
    var usedUp: [BudgetUsedUp] = []
    for (index, named) in budgets.enumerated() where named.concerns(end) {
      let dollarsPerDay = named.budget.dollarsPerDay
      if let spent = budgetSpend[named.name, default: DailySpend()].add(
        cost, isEstimate: end.cost == nil, at: end.at, budget: dollarsPerDay), let spend = budgetSpend[named.name]
      {
        usedUp.append(
          BudgetUsedUp(budget: index, spent: spent, estimated: spend.estimate, resumesAt: spend.resumesAt))
      }
    }
    return usedUp
  }

  /// USD that may still be spent today, by the budget's name, in the playbook's order.
  package func budgetsLeft(at now: Instant) -> [(name: String, left: Double)] {
    budgets.map { named in
      let spent = budgetSpend[named.name]?.spent(at: now) ?? 0
      return (named.name, max(0, named.budget.dollarsPerDay - spent))
    }
  }

  /// Indices in the playbook's budgets, in order.
  package func spentBudgets(at now: Instant) -> [Int] {
    budgets.indices.filter { index in
      let named = budgets[index]
      return budgetSpend[named.name]?.isSpent(at: now, budget: named.budget.dollarsPerDay) ?? false
    }
  }
}

/// A budget under the name that its spending is kept by: `litellm` or `litellm team=search`.
struct NamedBudget: Sendable {
  let budget: Budget
  let name: String

  init(_ budget: Budget, of playbook: Playbook) {
    self.budget = budget
    let arm = playbook.arm(budget.arm).name
    name =
      if let tag = budget.tag, playbook.tags.indices.contains(tag.tag) {
        "\(arm) \(playbook.tags[tag.tag].name)=\(tag.value)"
      } else {
        arm
      }
  }

  func concerns(_ end: AttemptEnd) -> Bool {
    guard budget.arm == end.arm else { return false }
    guard let tag = budget.tag else { return true }
    guard let tags = end.labels?.tags, tags.indices.contains(tag.tag) else { return false }
    return tags[tag.tag] == tag.value
  }
}
