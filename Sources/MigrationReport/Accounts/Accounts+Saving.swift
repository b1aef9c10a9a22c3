/// The accounts as the store keeps them, and the sum of two: of replicas, or of a run and the ones before it.

import Guards
import RolloutJudge

extension Accounts: Codable {
  private enum CodingKeys: String, CodingKey {
    case arms, stages, cells, models, tags, shapes, pairs, timelines, drops, splits, served, bills, guards
    case limitNames = "limit_names"
    case rescueCost = "rescue_cost"
    case shadowSpend = "shadow_spend"
    case budgetSpend = "budget_spend"
    case keptAway = "kept_away"
  }

  private struct Entry<Value: Codable>: Codable {
    var key: Key
    var value: Value
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(armNames, forKey: .arms)
    try container.encode(stageNames, forKey: .stages)
    try container.encode(cells.entries.map { Entry(key: $0, value: $1) }, forKey: .cells)
    try container.encode(models, forKey: .models)
    try container.encode(tags, forKey: .tags)
    try container.encode(shapes, forKey: .shapes)
    try container.encode(pairs, forKey: .pairs)
    try container.encode(timelines.entries.map { Entry(key: $0, value: $1) }, forKey: .timelines)
    try container.encode(drops, forKey: .drops)
    try container.encode(keptAway, forKey: .keptAway)
    try container.encode(splits, forKey: .splits)
    try container.encode(served, forKey: .served)
    try container.encode(bills, forKey: .bills)
    try container.encode(rescueCost, forKey: .rescueCost)
    try container.encode(shadowSpend, forKey: .shadowSpend)
    try container.encode(budgetSpend, forKey: .budgetSpend)
    guard guards != GuardCounts() else { return }
    try container.encode(guards, forKey: .guards)
    try container.encode(limitNames, forKey: .limitNames)
  }

  /// Not of use until a playbook is adopted.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    var accounts = Accounts()
    accounts.name(
      arms: try container.decode([String].self, forKey: .arms),
      stages: try container.decode([String].self, forKey: .stages))
    for entry in try container.decode([Entry<AttemptAccount>].self, forKey: .cells) {
      try accounts.check(entry.key, container)
      accounts.cells.update(entry.key, new: entry.value) { $0 = entry.value }
    }
    for entry in try container.decode([Entry<Timeline>].self, forKey: .timelines) {
      try accounts.check(entry.key, container)
      accounts.timelines.update(entry.key, new: entry.value) { $0 = entry.value }
    }
    accounts.models = try container.decode(Breakdown.self, forKey: .models)
    accounts.tags = try container.decode([Breakdown].self, forKey: .tags)
    accounts.shapes = try container.decode(RequestShapes.self, forKey: .shapes)
    accounts.pairs = try container.decode([Int: PairAccount].self, forKey: .pairs)
    accounts.drops = try container.decode([Int: [String: Int]].self, forKey: .drops)
    accounts.splits = try container.decode([Int: SplitAccount].self, forKey: .splits)
    // Accounts of before there were any have none.
    accounts.keptAway = try container.decodeIfPresent([Int: [String: Int]].self, forKey: .keptAway) ?? [:]
    accounts.keptAway = accounts.keptAway.filter { accounts.armNames.indices.contains($0.key) }
    accounts.served = try container.decodeIfPresent([Int: ServedModels].self, forKey: .served) ?? [:]
    accounts.served = accounts.served.filter { accounts.armNames.indices.contains($0.key) }
    accounts.bills = try container.decodeIfPresent([Int: BillAccount].self, forKey: .bills) ?? [:]
    accounts.bills = accounts.bills.filter { accounts.armNames.indices.contains($0.key) }
    accounts.guards = try container.decodeIfPresent(GuardCounts.self, forKey: .guards) ?? GuardCounts()
    accounts.limitNames = try container.decodeIfPresent([String].self, forKey: .limitNames) ?? []
    accounts.rescueCost = try container.decode([Int: Double].self, forKey: .rescueCost)
    accounts.shadowSpend = try container.decode(DailySpend.self, forKey: .shadowSpend)
    accounts.budgetSpend = try container.decode([String: DailySpend].self, forKey: .budgetSpend)
    self = accounts
  }

  private func check(_ key: Key, _ container: KeyedDecodingContainer<CodingKeys>) throws {
    guard armNames.indices.contains(key.arm), stageNames.indices.contains(key.stage) else {
      throw DecodingError.dataCorruptedError(forKey: .cells, in: container, debugDescription: "an account of no arm")
    }
  }

  /// What both have counted, arms and stages by their names.
  package mutating func add(_ other: Accounts) {
    let arms = other.armNames.map { armPlace(named: $0) }
    let stages = other.stageNames.map { stagePlace(named: $0) }
    func ours(_ key: Key) -> Key {
      Key(stage: stages[key.stage], arm: arms[key.arm], population: key.population)
    }
    for (key, account) in other.cells.entries { cells.update(ours(key), new: AttemptAccount()) { $0.add(account) } }
    for (key, timeline) in other.timelines.entries {
      let key = Key(stage: 0, arm: arms[key.arm], population: key.population)
      timelines.update(key, new: Timeline()) { $0.add(timeline) }
    }
    models.add(other.models, arms: arms)
    for breakdown in other.tags {
      if let place = tags.firstIndex(where: { $0.name == breakdown.name }) {
        tags[place].add(breakdown, arms: arms)
      } else {
        tags.append(Breakdown(name: breakdown.name, limit: breakdown.limit))
        tags[tags.count - 1].add(breakdown, arms: arms)
      }
    }
    shapes.add(other.shapes, arms: arms)
    for (arm, pair) in other.pairs { pairs[arms[arm], default: PairAccount()].add(pair) }
    for (arm, split) in other.splits { splits[arms[arm], default: SplitAccount()].add(split) }
    for (arm, models) in other.served { served[arms[arm], default: ServedModels()].add(models) }
    for (arm, account) in other.bills { bills[arms[arm], default: BillAccount()].add(account) }
    for (arm, cost) in other.rescueCost { rescueCost[arms[arm], default: 0] += cost }
    guards += other.guards
    if limitNames.isEmpty { limitNames = other.limitNames }
    shadowSpend.add(other.shadowSpend)
    for (name, spend) in other.budgetSpend { budgetSpend[name, default: DailySpend()].add(spend) }
    for (arm, reasons) in other.keptAway {
      keptAway[arms[arm], default: [:]].merge(reasons, uniquingKeysWith: +)
    }
    for (arm, reasons) in other.drops {
      drops[arms[arm], default: [:]].merge(reasons, uniquingKeysWith: +)
    }
  }
}
