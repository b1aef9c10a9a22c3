/// What every arm did and cost, live and shadow apart, by stage, model and tag: the figures that a report is made of.
///
/// Fed with what the judge is fed with; nothing decides by it. Bounded by the limits of its parts.

import Dialects
package import Guards
import ResponseDiff
package import RolloutJudge
package import TrafficSplit

package struct Accounts: Sendable {
  /// By index, as the keys below have them; names of former playbooks stay.
  package private(set) var armNames: [String] = []
  package private(set) var stageNames: [String] = []
  var cells = AccountTable<AttemptAccount>()
  package internal(set) var models = Breakdown(name: "model", limit: Breakdown.modelLimit)
  /// By tag name, in the order in which they were first named.
  package internal(set) var tags: [Breakdown] = []
  package internal(set) var shapes = RequestShapes()
  /// The accounts of compared answers, by arm index.
  package internal(set) var pairs: [Int: PairAccount] = [:]
  /// Live and shadow attempts over time.
  var timelines = AccountTable<Timeline>()
  /// Copies that were not sent, by arm index and reason.
  package internal(set) var drops: [Int: [String: Int]] = [:]
  /// Requests that stayed away from a candidate, by arm index and reason.
  package internal(set) var keptAway: [Int: [String: Int]] = [:]
  package internal(set) var splits: [Int: SplitAccount] = [:]
  /// USD of the baseline's rescues, by the arm index of the candidate that had failed.
  package internal(set) var rescueCost: [Int: Double] = [:]
  /// By arm index: which models have answered.
  var served: [Int: ServedModels] = [:]
  /// By arm index: what was billed, of arms that say so.
  var bills: [Int: BillAccount] = [:]
  /// What the guards have done.
  package var guards = GuardCounts()
  /// The limits' names, in the order of the counts.
  package internal(set) var limitNames: [String] = []
  package var shadowSpend = DailySpend()
  /// The playbook's, in its order.
  var budgets: [NamedBudget] = []
  /// By the budget's name, so that a changed playbook keeps what is the same.
  var budgetSpend: [String: DailySpend] = [:]
  var routes = AccountRoutes()
  /// The playbook's indices as ours.
  var arms: [Int] = []
  var tagPlaces: [Int] = []
  private var stage = 0

  struct Key: Sendable, Hashable, Codable {
    var stage: Int
    var arm: Int
    var population: Population
  }

  package init() {}

  /// Continues, or begins, the accounts of a playbook's rollout.
  package mutating func adopt(_ playbook: Playbook) {
    arms = ([playbook.baseline] + playbook.candidates).map { Self.place(of: $0.name, in: &armNames) }
    tagPlaces = playbook.tags.map { tag in
      if let place = tags.firstIndex(where: { $0.name == tag.name }) { return place }
      tags.append(Breakdown(name: tag.name, limit: Tag.valueLimit))
      return tags.count - 1
    }
    budgets = playbook.budgets.map { NamedBudget($0, of: playbook) }
    if let limits = playbook.guards?.limits { limitNames = limits.map(\.name) }
    routes.forget()
    if let first = playbook.stages.first { enter(stage: first.name) }
  }

  /// What is told from here on happened in this stage.
  package mutating func enter(stage name: String) {
    if stageNames.indices.contains(stage), stageNames[stage] == name { return }
    stage = Self.place(of: name, in: &stageNames)
  }

  static func place(of name: String, in names: inout [String]) -> Int {
    if let place = names.firstIndex(of: name) { return place }
    names.append(name)
    return names.count - 1
  }

  /// Names what the indices of kept accounts' keys stand for.
  mutating func name(arms: [String], stages: [String]) {
    armNames = arms
    stageNames = stages
  }

  mutating func armPlace(named name: String) -> Int { Self.place(of: name, in: &armNames) }

  mutating func stagePlace(named name: String) -> Int { Self.place(of: name, in: &stageNames) }

  // MARK: events

  package mutating func started(_ start: AttemptStart) {
    guard start.population == .live else { return }
    for (candidate, share) in start.shares.enumerated() where share > 0 && arms.indices.contains(candidate + 1) {
      let isGiven = start.arm == .candidate(candidate)
      splits[arms[candidate + 1], default: SplitAccount()].record(share: share, isGiven: isGiven)
    }
  }

  /// - Parameter rescuing: the candidate whose failure made the attempt necessary, where it is a rescue.
  package mutating func ended(_ end: AttemptEnd, rescuing: ArmIndex? = nil) {
    guard arms.indices.contains(end.arm.rawValue) else { return }
    let arm = arms[end.arm.rawValue]
    let key = Key(stage: stage, arm: arm, population: end.population)
    cells.update(key, new: AttemptAccount()) { $0.record(end) }
    if end.servedModel != nil { served[arm, default: ServedModels()].record(end) }
    if let rescuing, arms.indices.contains(rescuing.rawValue), let cost = end.cost {
      rescueCost[arms[rescuing.rawValue], default: 0] += cost
    }
    guard end.population == .live || end.population == .shadow else { return }
    timelines.update(Key(stage: 0, arm: arm, population: end.population), new: Timeline()) { $0.record(end) }
    guard let labels = end.labels else { return }
    let route = route(labels)
    models.record(end, at: route.model, arm: arm)
    for (tag, place) in zip(tagPlaces, route.tags) { tags[tag].record(end, at: place, arm: arm) }
    shapes.update(route.shape, arm: arm) { count in
      if end.population == .live { count.live += 1 }
      if end.outcome.countsInDenominator { count.judged += 1 }
      if end.outcome == .rejected { count.rejected += 1 }
    }
  }

  package mutating func shadowDropped(_ arm: ArmIndex, _ reason: ShadowDrop) {
    guard arms.indices.contains(arm.rawValue) else { return }
    drops[arms[arm.rawValue], default: [:]][reason.rawValue, default: 0] += 1
  }

  /// Requests that could not be carried faithfully, and stayed on the baseline.
  package mutating func keptAway(_ arm: ArmIndex, _ reason: Ineligibility, _ requests: Int) {
    guard arms.indices.contains(arm.rawValue) else { return }
    keptAway[arms[arm.rawValue], default: [:]][reason.rawValue, default: 0] += requests
  }

  /// The baseline answered instead of a failed canary.
  package mutating func fellBack(_ arm: ArmIndex) {
    guard arms.indices.contains(arm.rawValue) else { return }
    let key = Key(stage: stage, arm: arms[arm.rawValue], population: .live)
    cells.update(key, new: AttemptAccount()) { $0.rescue() }
  }

  /// An exchange that had been this arm's failed, and its client has asked again.
  package mutating func retried(_ arm: ArmIndex) {
    guard arms.indices.contains(arm.rawValue) else { return }
    let key = Key(stage: stage, arm: arms[arm.rawValue], population: .live)
    cells.update(key, new: AttemptAccount()) { $0.retry() }
  }

  /// A video that had been promised to a live exchange of the present stage or of an earlier one.
  package mutating func videoSettled(_ arm: ArmIndex, _ job: JobFigures) {
    guard arms.indices.contains(arm.rawValue) else { return }
    let key = Key(stage: stage, arm: arms[arm.rawValue], population: .live)
    cells.update(key, new: AttemptAccount()) { $0.videoSettled(job) }
  }

  /// Crossfade itself held up a live exchange with this arm.
  package mutating func heldUp(_ arm: ArmIndex, nanoseconds: Int64) {
    guard arms.indices.contains(arm.rawValue) else { return }
    let key = Key(stage: stage, arm: arms[arm.rawValue], population: .live)
    cells.update(key, new: AttemptAccount()) { $0.heldUp(nanoseconds: nanoseconds) }
  }

  package mutating func compared(_ pair: CountedPair) {
    guard arms.indices.contains(pair.candidate.rawValue) else { return }
    let arm = arms[pair.candidate.rawValue]
    pairs[arm, default: PairAccount()].record(pair)
    guard let labels = pair.labels, pair.comparison.isComparable else { return }
    shapes.update(route(labels).shape, arm: arm) { count in
      count.pairs += 1
      if pair.comparison.isMismatch { count.mismatches += 1 }
    }
  }

  /// The application said what became of an exchange (`POST /outcomes`).
  ///
  /// - Parameter exchange: as `AnsweredExchange` remembered it when its attempt ended.
  package mutating func reported(_ exchange: AnsweredExchange, success: Bool, value: Double?) {
    guard arms.indices.contains(exchange.arm.rawValue) else { return }
    let arm = arms[exchange.arm.rawValue]
    let stage = Self.place(of: exchange.stage, in: &stageNames)
    let key = Key(stage: stage, arm: arm, population: exchange.population)
    let wasNormal = exchange.isNormalFinish
    cells.update(key, new: AttemptAccount()) { $0.report(success: success, value: value, wasNormal: wasNormal) }
    guard exchange.population == .live, let labels = exchange.labels else { return }
    let route = route(labels)
    models.report(success: success, value: value, wasNormal: wasNormal, at: route.model, arm: arm)
    for (tag, place) in zip(tagPlaces, route.tags) {
      tags[tag].report(success: success, value: value, wasNormal: wasNormal, at: place, arm: arm)
    }
  }

  private mutating func route(_ labels: ExchangeLabels) -> AccountRoutes.Route {
    if let route = routes[labels] { return route }
    let shape = RequestShape(
      endpoint: labels.endpoint, model: labels.model.map { String($0.prefix(100)) }, fields: labels.features.names,
      hasOtherFields: labels.features.hasOthers, isStream: labels.isStream)
    let route = AccountRoutes.Route(
      labels: labels, model: models.place(of: labels.model),
      tags: tagPlaces.enumerated().map { index, tag in
        tags[tag].place(of: labels.tags.indices.contains(index) ? labels.tags[index] : nil)
      }, shape: shapes.place(of: shape))
    routes.insert(route)
    return route
  }
}

/// What must be kept of an exchange until the application says what became of it.
package struct AnsweredExchange: Sendable {
  package var arm: ArmIndex
  package var population: Population
  package var stage: String
  package var isNormalFinish: Bool
  package var isCostKnown: Bool
  package var labels: ExchangeLabels?

  package init(
    arm: ArmIndex, population: Population, stage: String, isNormalFinish: Bool, isCostKnown: Bool,
    labels: ExchangeLabels?
  ) {
    self.arm = arm
    self.population = population
    self.stage = stage
    self.isNormalFinish = isNormalFinish
    self.isCostKnown = isCostKnown
    self.labels = labels
  }

  package init(_ end: AttemptEnd, stage: String) {
    self.init(
      arm: end.arm, population: end.population, stage: stage, isNormalFinish: end.isNormalFinish,
      isCostKnown: end.cost != nil, labels: end.labels)
  }
}
