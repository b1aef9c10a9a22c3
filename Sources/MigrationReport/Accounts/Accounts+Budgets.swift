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

  /// Live and shadow attempts of an arm count towards its budgets; one whose cost is unknown with what it can have cost at
  /// most.
  package mutating func spend(_ end: AttemptEnd, _ playbook: Playbook) -> [BudgetUsedUp] {
    guard !playbook.budgets.isEmpty, end.population == .live || end.population == .shadow,
      let cost = end.cost ?? end.costAtMost
    else { return [] }
    var usedUp: [BudgetUsedUp] = []
    for (index, budget) in playbook.budgets.enumerated() where budget.arm == end.arm {
      if let tag = budget.tag {
        guard let tags = end.labels?.tags, tags.indices.contains(tag.tag), tags[tag.tag] == tag.value else { continue }
      }
      let name = Self.name(of: budget, playbook)
      var spend = budgetSpend[name] ?? DailySpend()
      if let spent = spend.add(
        cost, isEstimate: end.cost == nil, at: end.at, budget: budget.dollarsPerDay)
      {
        usedUp.append(
          BudgetUsedUp(budget: index, spent: spent, estimated: spend.estimate, resumesAt: spend.resumesAt))
      }
      budgetSpend[name] = spend
    }
    return usedUp
  }

  /// Indices in `Playbook.budgets`, in order.
  package func spentBudgets(_ playbook: Playbook, at now: Instant) -> [Int] {
    playbook.budgets.indices.filter { index in
      let budget = playbook.budgets[index]
      return budgetSpend[Self.name(of: budget, playbook)]?.isSpent(at: now, budget: budget.dollarsPerDay) ?? false
    }
  }

  /// `litellm` or `litellm team=search`.
  static func name(of budget: Budget, _ playbook: Playbook) -> String {
    let arm = playbook.arm(budget.arm).name
    guard let tag = budget.tag, playbook.tags.indices.contains(tag.tag) else { return arm }
    return "\(arm) \(playbook.tags[tag.tag].name)=\(tag.value)"
  }
}
