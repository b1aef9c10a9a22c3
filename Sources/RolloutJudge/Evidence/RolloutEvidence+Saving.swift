/// The rollout's evidence as it is kept across a restart.

extension RolloutEvidence {
  struct Saved: Sendable, Equatable, Codable {
    /// By candidate name.
    var live: [String: TestSet.Saved]
    var shadow: [String: TestSet.Saved]
    var limits: BaselineLimits.Saved
    /// Nil where nothing asks for costs.
    var costs: BaselineCosts.Saved?
    /// Nil where models are not looked at apart.
    var strata: [SavedStratum]?
  }

  /// What has been weighed, and what is finished up to the first attempt under way; the few behind it are left out
  /// whichever arm's they are.
  func saved(_ names: [String]) -> Saved {
    var finished = self
    for index in ring.indices {
      guard ring.view(index, { $0.isOver }) else { break }
      finished.weigh(ring[index], index)
    }
    let byName = { (sets: [TestSet]) in
      Dictionary(zip(names, sets.map { $0.saved(plan, next: ring.tail) }), uniquingKeysWith: { first, _ in first })
    }
    return Saved(
      live: byName(finished.live), shadow: byName(finished.shadow), limits: limits.saved, costs: costs.saved,
      strata: finished.savedStrata(names))
  }

  mutating func restore(_ saved: Saved, _ names: [String], at: Instant) {
    limits.restore(saved.limits)
    if let known = saved.costs { costs.restore(known) }
    limitsKnown()
    restore(saved.strata ?? [], names, at: at)
    for (candidate, name) in names.enumerated() {
      if let set = saved.live[name] { live[candidate].restore(set, plan, at: at) }
      if let set = saved.shadow[name] { shadow[candidate].restore(set, plan, at: at) }
    }
  }
}
