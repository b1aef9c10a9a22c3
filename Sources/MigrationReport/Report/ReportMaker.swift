/// Makes the report of what the store holds: playbook, decisions and accounts go in, one value comes out.

package import RolloutJudge

package struct ReportMaker: Sendable {
  let rollout: String
  /// nil: the report does without vendors, prices and the field policy.
  let playbook: Playbook?
  let decisions: [Decision]
  let accounts: Accounts
  let figuresAt: Instant?
  let now: Instant
  /// The baseline first.
  let arms: [ReportArm]

  /// - Parameters:
  ///   - decisions: of this rollout, oldest first.
  ///   - figuresAt: when the accounts were last kept; nil where there are none.
  package init(
    rollout: String, playbook: Playbook?, decisions: [Decision], accounts: Accounts, figuresAt: Instant?, now: Instant
  ) {
    self.rollout = rollout
    self.playbook = playbook
    self.decisions = decisions
    self.accounts = accounts
    self.figuresAt = figuresAt
    self.now = now
    if let playbook {
      arms = ([playbook.baseline] + playbook.candidates).enumerated().map { index, arm in
        ReportArm(name: arm.name, vendor: arm.vendor, isBaseline: index == 0, effortDays: arm.effortDays)
      }
    } else {
      let known = accounts.armNames.isEmpty ? ["baseline"] : accounts.armNames
      arms = known.enumerated().map { ReportArm(name: $1, vendor: "", isBaseline: $0 == 0, effortDays: nil) }
    }
  }

  package func report() -> RolloutReport {
    let bases = arms.map(basis)
    let findings = AnswerFindings.all(arms.dropFirst().map(\.name), accounts)
    return RolloutReport(
      rollout: rollout, playbookSHA256: decisions.last?.playbookSHA256 ?? playbook?.sha256 ?? "", generatedAt: now,
      startedAt: decisions.first?.at, figuresAt: figuresAt, state: state, stage: decisions.last?.stage ?? "",
      confidence: playbook?.confidence, arms: arms,
      verdicts: arms.dropFirst().map { verdict($0, bases) }, basis: bases.map(\.shown), worksheet: worksheet(bases),
      costStack: costStack(bases), bills: ReportedBills.all(arms, accounts), figures: allFigures,
      breakdowns: breakdowns, comparisons: findings,
      otherModels: accounts.otherModels, guards: accounts.reportedGuards, inventory: inventory,
      decisions: decisions.map(ReportedDecision.init),
      timelines: timelines,
      distributions: distributions, notMeasured: notMeasured(bases))
  }

  /// As the decisions leave it.
  var state: RolloutState {
    var state = RolloutState.running
    var closed: Set<String> = []
    for decision in decisions {
      switch decision.decision {
      case .start, .resume: state = .running
      case .rearm:
        if let candidate = decision.candidate { closed.remove(candidate) } else { closed = [] }
        if state != .paused { state = .running }
      case .pause: state = .paused
      case .complete: state = .completed
      case .abort: state = .aborted
      case .rollback where decision.model != nil: break
      case .rollback:
        if let candidate = decision.candidate {
          closed.insert(candidate)
        } else {
          closed.formUnion(arms.dropFirst().map(\.name))
        }
        if closed.isSuperset(of: arms.dropFirst().map(\.name)) { state = .rolledBack }
      case .advance, .hold, .configChanged: break
      }
    }
    return state
  }

  // MARK: what the columns are taken of

  /// An arm's column: its live attempts where it had some, else its shadows; the baseline's only of the stages in
  /// which a candidate had them too, so that both saw the same hours.
  struct ArmBasis: Sendable {
    var arm: ReportArm
    var population: Population?
    var stages: [String]
    var account: AttemptAccount

    var shown: Basis {
      Basis(arm: arm.name, population: population?.name, stages: stages, attempts: account.attempts)
    }

    var isShadow: Bool { population == .shadow }
  }

  func basis(_ arm: ReportArm) -> ArmBasis {
    if arm.isBaseline {
      let shared = arms.dropFirst().flatMap { candidate in
        candidatePopulation(candidate).map { accounts.stages(arm: candidate.name, $0) } ?? []
      }
      let common = accounts.stages(arm: arm.name, .live).filter { shared.contains($0) }
      let stages = common.isEmpty ? accounts.stages(arm: arm.name, .live) : common
      return ArmBasis(
        arm: arm, population: stages.isEmpty ? nil : .live, stages: stages,
        account: accounts.account(arm: arm.name, .live, stages: Set(stages)))
    }
    guard let population = candidatePopulation(arm) else {
      return ArmBasis(arm: arm, population: nil, stages: [], account: AttemptAccount())
    }
    return ArmBasis(
      arm: arm, population: population, stages: accounts.stages(arm: arm.name, population),
      account: accounts.account(arm: arm.name, population))
  }

  private func candidatePopulation(_ arm: ReportArm) -> Population? {
    [Population.live, .shadow].first { !accounts.stages(arm: arm.name, $0).isEmpty }
  }

  // MARK: plots

  private var timelines: [ReportTimeline] {
    arms.flatMap { arm in
      [Population.live, .shadow].compactMap { population in
        accounts.timeline(arm: arm.name, population).map {
          ReportTimeline(arm: arm.name, population: population.name, buckets: $0.buckets)
        }
      }
    }
  }

  private var distributions: [LatencyDistribution] {
    arms.flatMap { arm in
      [Population.live, .shadow].compactMap { population in
        LatencyDistribution(
          arm: arm.name, population: population.name,
          accounts.account(arm: arm.name, population).times.latency)
      }
    }
  }
}
