/// The operator's plan as values: arms, traffic rules, stages and the conditions that end it. Read by every part, changed by none.

package import Guards
package import TrafficSplit

/// A validated playbook. Built by `PlaybookYAML`; a value that exists has passed every check of the format.
package struct Playbook: Sendable, Equatable {
  /// Also names the rollout in the journal.
  package var name: String
  package var baseline: Arm
  /// At least one; a candidate's index here is its index everywhere (`ArmIndex` minus one).
  package var candidates: [Arm]
  package var traffic: Traffic
  package var shadow: ShadowPolicy
  /// Share in (0, 1): at most `1 - confidence` of rollouts of a good candidate are rolled back.
  package var confidence: Double
  package var test: TestKind
  package var rollbackWhen: [Condition]
  package var pauseWhen: [Condition]
  /// What a rollback takes back that one model has forced.
  package var rollbackScope = RollbackScope.candidate
  /// What follows where a rollback condition is crossed by our own mistakes.
  package var ownMistakes = OwnMistakePolicy.pause
  /// At least one, weights never falling.
  package var stages: [Stage]
  /// Who is told of decisions, in file order.
  package var onDecision: [DecisionHook]
  package var compare: ComparePolicy
  /// What exchanges are told apart by, in file order.
  package var tags: [Tag]
  package var budgets: [Budget]
  /// What stands before the arms; nil: nothing, and nothing is asked of a request for it.
  package var guards: GuardPolicy?
  /// Lower-case hex SHA-256 of the file's bytes as read, before substitution.
  package var sha256: String

  package init(
    name: String, baseline: Arm, candidates: [Arm], traffic: Traffic = Traffic(), shadow: ShadowPolicy = ShadowPolicy(),
    confidence: Double = 0.99, test: TestKind = .sequential, rollbackWhen: [Condition] = [],
    pauseWhen: [Condition] = [], stages: [Stage], onDecision: [DecisionHook] = [],
    compare: ComparePolicy = ComparePolicy(), tags: [Tag] = [], budgets: [Budget] = [], sha256: String = ""
  ) {
    self.name = name
    self.baseline = baseline
    self.candidates = candidates
    self.traffic = traffic
    self.shadow = shadow
    self.confidence = confidence
    self.test = test
    self.rollbackWhen = rollbackWhen
    self.pauseWhen = pauseWhen
    self.stages = stages
    self.onDecision = onDecision
    self.compare = compare
    self.tags = tags
    self.budgets = budgets
    self.sha256 = sha256
  }

  /// What may be spent on false alarms: `1 - confidence` without the subtraction's last bits, so that 99% gives limits of 100
  /// and not of 99.99999999999991.
  package var alpha: Double { ((1 - confidence) * 1e12).rounded() / 1e12 }

  /// What each of a number of conditions may spend: all candidates and all conditions of a kind share alike.
  package func alpha(sharedBy conditions: Int) -> Double {
    alpha / Double(candidates.count) / Double(max(1, conditions))
  }

  /// Whether the judge looks at models by themselves: there may be several, and the test can.
  package var tellsModelsApart: Bool {
    test == .sequential
      && candidates.contains { $0.models.lines.count > 1 || $0.models.lines.contains { !$0.from.isLiteral } }
  }

  /// The arm at an index: 0 is the baseline, `i` the candidate `i - 1`.
  package func arm(_ index: ArmIndex) -> Arm {
    index == .baseline ? baseline : candidates[index.candidate]
  }
}

/// What goes back where the requests of one model alone have crossed a rollback condition.
package enum RollbackScope: String, Sendable, CaseIterable {
  /// All of the candidate.
  case candidate
  /// That model; the candidate keeps the others, as long as there is one.
  case model
}

/// What a candidate's failures lead to that say nothing about it: a wrong key, an empty account, an unknown field or model.
package enum OwnMistakePolicy: String, Sendable, CaseIterable {
  /// Where the safety net answers for them, or they are of copies; else they roll back all the same.
  case pause
  case rollback
}

/// How a breach is established.
package enum TestKind: Sendable, Equatable {
  /// Anytime-valid e-processes; the default.
  case sequential
  /// A plain gate over a sliding window, for those who bring another tool's numbers.
  case threshold(ThresholdRule)

  package static func threshold(window: Duration, minSamples: Int) -> TestKind {
    .threshold(ThresholdRule(window: window, minSamples: minSamples))
  }
}
