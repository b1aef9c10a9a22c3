/// The tests of each model by itself: a dead model with a hundredth of the traffic hides among the others for ever.

import TrafficSplit

/// The first ten models that are seen have tests of their own, the rest have theirs together. Each is an e-process under the null that
/// the candidate is within its limits in that model; they share a twentieth of what a condition may spend, equally, and all requests
/// together have the rest, so that what all see is seen as soon as without them.
struct ModelStrata: Sendable {
  static let capacity = 10
  static let share = 0.05
  /// The part of a condition's budget for one of them.
  static let part = share / Double(capacity + 1)

  let isAsked: Bool
  /// Models that no candidate serves are not looked at, and must not take the others' places.
  private let maps: [ModelMap]
  private var unserved: Set<String> = []
  private static let maxUnserved = 100
  private static let maxPlaces = 1000
  /// In the order in which they were first seen.
  private(set) var models: [String] = []
  private var places: [String: Int] = [:]
  /// By candidate and stratum.
  var live: [[TestSet]]
  var shadow: [[TestSet]]

  init(isAsked: Bool, maps: [ModelMap]) {
    self.isAsked = isAsked
    self.maps = maps
    live = maps.map { _ in [] }
    shadow = live
  }

  var count: Int { live.first?.count ?? 0 }

  /// Whether models beyond the tenth have been seen.
  var hasOthers: Bool { count > Self.capacity }

  /// Whether a test of the candidate's may have risen, or a look was put off.
  func isStale(_ candidate: Int) -> Bool {
    live[candidate].indices.contains { live[candidate][$0].isStale || shadow[candidate][$0].isStale }
  }

  /// As people know it.
  func name(_ stratum: Int) -> String { stratum < models.count ? models[stratum] : WithheldModels.others }

  /// The place of a model, and whether it is a new one; -1: it is not looked at.
  mutating func place(of model: String?) -> (stratum: Int, isNew: Bool) {
    guard isAsked, let model else { return (-1, false) }
    if let known = places[model] { return (known, false) }
    guard isServed(model) else { return (-1, false) }
    if models.count < Self.capacity {
      models.append(model)
      places[model] = models.count - 1
      return (models.count - 1, true)
    }
    if places.count < Self.maxPlaces { places[model] = Self.capacity }
    return (Self.capacity, count <= Self.capacity)
  }

  private mutating func isServed(_ model: String) -> Bool {
    // As a checkpoint has it.
    if model == WithheldModels.others, models.count == Self.capacity { return true }
    if unserved.contains(model) { return false }
    if maps.contains(where: { $0.candidateModel(for: model) != nil }) { return true }
    if unserved.count < Self.maxUnserved { unserved.insert(model) }
    return false
  }

  subscript(candidate: Int, population: Population, stratum: Int) -> TestSet {
    _read {
      if population == .live { yield live[candidate][stratum] } else { yield shadow[candidate][stratum] }
    }
    _modify {
      if population == .live { yield &live[candidate][stratum] } else { yield &shadow[candidate][stratum] }
    }
  }
}

extension EvidencePlan.PlannedCondition {
  /// The part of a population's budget that all requests together have, or one model by itself.
  func part(isOfModel: Bool) -> Double {
    if strata.isEmpty { return 1 }
    return isOfModel ? ModelStrata.part : 1 - ModelStrata.share
  }

  /// What evidence of a population may spend, as a part of `alpha`.
  func budget(_ playbook: Playbook, _ candidate: Int, isShadow: Bool, isOfModel: Bool) -> Double {
    playbook.budget(of: condition.metric, candidate, isShadow: isShadow) * part(isOfModel: isOfModel)
  }
}

extension RolloutEvidence {
  /// The record's place, with tests for its model where it is the first of it.
  mutating func stratum(of model: String?) -> Int {
    let (stratum, isNew) = strata.place(of: model)
    guard isNew else { return stratum }
    for candidate in live.indices {
      strata.live[candidate].append(freshStratum(candidate, .live, stratum, at: latest))
      strata.shadow[candidate].append(freshStratum(candidate, .shadow, stratum, at: latest))
    }
    return stratum
  }

  /// The place of the model that an attempt under way is for; -1: none.
  func stratum(ofOpen attempt: UInt64) -> Int {
    guard strata.count > 0, let index = ring.index(ofOpen: attempt) else { return -1 }
    return ring.view(index) { $0.stratum }
  }

  func freshStratum(_ candidate: Int, _ population: Population, _ stratum: Int, at: Instant) -> TestSet {
    TestSet(
      plan, candidate: .candidate(candidate), population, stratum: stratum, remembersUnits: remembersUnits,
      entries: population == .live ? entries.live[candidate] : entries.shadow[candidate], firstIndex: ring.tail,
      since: at)
  }

  /// The tests of the record's model, where they were there when it began.
  mutating func withStratum(
    _ record: borrowing AttemptRecord, at index: Int, _ candidate: Int, _ population: Population,
    _ change: (inout TestSet) -> Void
  ) {
    let stratum = record.stratum
    guard stratum >= 0, index >= strata[candidate, population, stratum].firstIndex else { return }
    change(&strata[candidate, population, stratum])
  }
}

extension RolloutEvidence {
  struct SavedStratum: Sendable, Equatable, Codable {
    var model: String
    /// By candidate name.
    var live: [String: TestSet.Saved]
    var shadow: [String: TestSet.Saved]
  }

  func savedStrata(_ names: [String]) -> [SavedStratum]? {
    guard strata.count > 0 else { return nil }
    return (0..<strata.count).map { stratum in
      func byName(_ sets: [[TestSet]]) -> [String: TestSet.Saved] {
        Dictionary(
          zip(names, sets.map { $0[stratum].saved(plan, next: ring.tail) }), uniquingKeysWith: { first, _ in first })
      }
      return SavedStratum(model: strata.name(stratum), live: byName(strata.live), shadow: byName(strata.shadow))
    }
  }

  mutating func restore(_ saved: [SavedStratum], _ names: [String], at: Instant) {
    for known in saved {
      let stratum = stratum(of: known.model)
      guard stratum >= 0 else { continue }
      for (candidate, name) in names.enumerated() {
        if let set = known.live[name] { strata.live[candidate][stratum].restore(set, plan, at: at) }
        if let set = known.shadow[name] { strata.shadow[candidate][stratum].restore(set, plan, at: at) }
      }
    }
  }
}
