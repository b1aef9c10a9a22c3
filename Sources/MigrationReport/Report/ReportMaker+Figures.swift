/// The tables of figures: every arm over the whole rollout, then by stage, model and tag.

import RolloutJudge
import TrafficSplit

extension ReportMaker {
  var allFigures: [ArmFigures] {
    arms.flatMap { arm in
      [Population.live, .shadow, .noise, .rescue, .retry, .failover].compactMap { population in
        let account = accounts.account(arm: arm.name, population)
        guard account.attempts > 0 else { return nil }
        var sheet = KPISheet.figures(account)
        if population == .live { sheet.figures += liveOnly(arm) }
        if population == .shadow { sheet.figures += shadowOnly(arm) }
        return ArmFigures(
          arm: arm.name, population: population.name, figures: sheet, outcomes: account.outcomes.named)
      }
    }
  }

  private func liveOnly(_ arm: ReportArm) -> [Figure] {
    guard !arm.isBaseline else { return [] }
    let split = accounts.split(arm: arm.name)
    return [
      Figure("split_expected", "exchanges that its weight promised (K20)", .count, split?.expected),
      Figure("split_observed", "exchanges that it was given (K20)", .count, split.map { Double($0.observed) }),
      Figure("split_p", "chance of such a gap by luck (K20)", .share, split?.chiSquare.map(upperTail(chiSquare:))),
      Figure("rescue_cost", "cost of the baseline's rescues", .dollars, accounts.rescueCost(arm: arm.name)),
      Figure("cold_cache_cost", "cost of a colder prompt cache (K12)", .dollars, coldCacheCost(arm)),
    ]
  }

  /// K12: what the candidate's live prompts would have cost less, had its cache held as much of them as the baseline's
  /// does for the same model; negative where it holds more. Nil without a model whose two prices the playbook has.
  private func coldCacheCost(_ arm: ReportArm) -> Double? {
    guard let candidate = playbook?.candidates.first(where: { $0.name == arm.name }),
      let ours = accounts.armPlace(arm.name), let theirs = accounts.armPlace(arms[0].name)
    else { return nil }
    let parts = accounts.models.values.indices.compactMap { place -> Double? in
      guard let name = candidate.models.candidateModel(for: accounts.models.values[place]),
        let price = candidate.prices[name], let cachedInput = price.cachedInput,
        let own = accounts.models.account(place, arm: ours, population: .live)?.tokens,
        let other = accounts.models.account(place, arm: theirs, population: .live)?.tokens,
        let share = own.cachedShare, let usual = other.cachedShare
      else { return nil }
      return Double(own.prompt) * (usual - share) * (price.input - cachedInput) / 1e6
    }
    return parts.isEmpty ? nil : parts.reduce(0, +)
  }

  private func shadowOnly(_ arm: ReportArm) -> [Figure] {
    let live = accounts.account(arm: arms[0].name, .live).cost.total
    let shadow = accounts.account(arm: arm.name, .shadow).cost.total
    let tax = shadow.flatMap { shadow in live.flatMap { $0 > 0 ? shadow / $0 : nil } }
    let dropped = accounts.drops(arm: arm.name).values.reduce(0, +)
    return [
      Figure("shadow_tax", "shadow cost over the baseline's live cost (K10)", .share, tax),
      Figure("shadow_dropped", "copies that were not sent", dropped),
    ]
  }

  var breakdowns: [BreakdownTable] {
    let stages = BreakdownTable(
      by: "stage",
      rows: accounts.stageNames.flatMap { stage in
        rows(stage) { arm, population in accounts.account(arm: arm, population, stages: [stage]) }
      })
    let others = ([accounts.models] + accounts.tags).map { breakdown in
      BreakdownTable(
        by: breakdown.name,
        rows: byUse(breakdown).flatMap { place in
          rows(breakdown.values[place]) { arm, population in
            accounts.armPlace(arm).flatMap { breakdown.account(place, arm: $0, population: population) }
              ?? AttemptAccount()
          }
        })
    }
    return ([stages] + others).filter { !$0.rows.isEmpty }
  }

  private func rows(_ value: String, _ account: (String, Population) -> AttemptAccount) -> [BreakdownRow] {
    arms.flatMap { arm in
      [Population.live, .shadow].compactMap { population in
        let found = account(arm.name, population)
        guard found.attempts > 0 else { return nil }
        return BreakdownRow(
          value: value, arm: arm.name, population: population.name, figures: KPISheet.brief(found))
      }
    }
  }

  /// Most used first.
  private func byUse(_ breakdown: Breakdown) -> [Int] {
    let uses = breakdown.values.indices.map { place in
      arms.reduce(0) { sum, arm in
        let live = accounts.armPlace(arm.name).flatMap { breakdown.account(place, arm: $0, population: .live) }
        return sum + (live?.attempts ?? 0)
      }
    }
    return breakdown.values.indices.sorted { (uses[$1], $0) < (uses[$0], $1) }
  }
}
