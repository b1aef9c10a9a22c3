/// Sums of what was counted, as the report asks for them.

package import RolloutJudge

extension Accounts {
  package func armPlace(_ name: String) -> Int? { armNames.firstIndex(of: name) }

  /// - Parameter stages: by name; nil: all of them.
  package func account(arm name: String, _ population: Population, stages: Set<String>? = nil) -> AttemptAccount {
    var sum = AttemptAccount()
    guard let arm = armPlace(name) else { return sum }
    // In the stages' own order: a sum of doubles depends on it, and a report must not differ from itself.
    for (stage, title) in stageNames.enumerated() where stages?.contains(title) ?? true {
      if let account = cells[Key(stage: stage, arm: arm, population: population)] { sum.add(account) }
    }
    return sum
  }

  /// Stages in which an arm had such attempts, in the order in which they were first entered.
  package func stages(arm name: String, _ population: Population) -> [String] {
    guard let arm = armPlace(name) else { return [] }
    return stageNames.enumerated().filter { stage, _ in
      (cells[Key(stage: stage, arm: arm, population: population)]?.attempts ?? 0) > 0
    }.map(\.element)
  }

  package func timeline(arm name: String, _ population: Population) -> Timeline? {
    armPlace(name).flatMap { timelines[Key(stage: 0, arm: $0, population: population)] }
  }

  package func pairAccount(arm name: String) -> PairAccount? { armPlace(name).flatMap { pairs[$0] } }

  package func split(arm name: String) -> SplitAccount? { armPlace(name).flatMap { splits[$0] } }

  package func rescueCost(arm name: String) -> Double? { armPlace(name).flatMap { rescueCost[$0] } }

  package func keptAway(arm name: String) -> [String: Int] { armPlace(name).flatMap { keptAway[$0] } ?? [:] }

  package func drops(arm name: String) -> [String: Int] { armPlace(name).flatMap { drops[$0] } ?? [:] }
}
