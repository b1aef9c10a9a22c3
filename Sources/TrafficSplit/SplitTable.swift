/// The split as it stands between two decisions: made once when one takes effect, read by every request.

package import Dialects

/// Immutable, and shared by all who read it. Assignment is a function of the table, the request's attributes, its unit and
/// its draw, and of nothing else.
package final class SplitTable: Sendable {
  /// No request can reach a candidate: nothing of the request needs to be read.
  package let isQuiet: Bool
  /// Live share by candidate index of a request that no rule matches; 0 for a closed candidate.
  package let weights: [Double]
  package let sticky: [StickyKey]
  /// Candidates that a playbook may have at most.
  package static let maxCandidates = CandidateSet.capacity

  let salt: UInt64
  let open: CandidateSet
  let stageLane: Lane
  private let rules: [(rule: TrafficRule, lane: Lane)]
  /// The candidates that get anything at all, live or as copies.
  private let active: CandidateSet
  let directory: ModelDirectory
  /// The policies by candidate index.
  private let policies: [EligibilityPolicy]
  private let someMindEndpoints: Bool
  /// One bit for each endpoint whose requests are copied.
  private let copied: UInt8

  /// - Parameters:
  ///   - salt: From `salt(rollout:)`; a unit's places in two rollouts have nothing to do with each other.
  ///   - stages: Weights by candidate of the playbook's stages, in order; those after `stage` do not matter.
  ///   - stage: The current stage's index.
  ///   - closed: By candidate: rolled back; it gets neither live requests nor copies.
  ///   - rules: First match wins. A rule gives a candidate live requests only where the stage's own weight for it is
  ///     above 0.
  ///   - shadow: By candidate: share of the baseline's exchanges that are copied, where a rule does not say otherwise.
  ///   - models: By candidate; their number, at most `maxCandidates`, is the number of candidates.
  ///   - withheld: By candidate: models that were taken back from it.
  ///   - copied: Endpoints whose requests are copied; nil: all.
  ///   - policies: By candidate: what keeps requests from it. Those that are missing keep away what every gateway must.
  package init(
    salt: UInt64, stages: [[Double]], stage: Int, closed: [Bool], rules: [TrafficRule], shadow: [Double],
    models: [ModelMap], withheld: [WithheldModels] = [], policies: [EligibilityPolicy] = [],
    copied: [Endpoint]? = nil, sticky: [StickyKey]
  ) {
    self.copied = copied.map { $0.reduce(0) { $0 | 1 << $1.number } } ?? .max
    precondition(models.count <= Self.maxCandidates, "more than \(Self.maxCandidates) candidates")
    let candidates = models.indices
    let past = stages.prefix(stage + 1).map { weights in candidates.map { $0 < weights.count ? weights[$0] : 0 } }
    let open = CandidateSet(
      candidates.filter { !($0 < closed.count && closed[$0]) && !models[$0].lines.isEmpty })
    let copies = candidates.map { $0 < shadow.count && open.contains($0) ? shadow[$0] : 0 }
    let stageLane = Lane(stages: past, live: open, copies: copies)
    self.salt = salt
    self.open = open
    self.sticky = sticky
    self.stageLane = stageLane
    self.rules = rules.map { rule in
      let weights = candidates.map { $0 < rule.weights.count ? rule.weights[$0] : 0 }
      let ruled = candidates.map { candidate -> Double in
        guard copies[candidate] > 0 else { return 0 }
        guard let own = rule.shadow else { return weights[candidate] > 0 ? copies[candidate] : 0 }
        return candidate < own.count ? own[candidate] : 0
      }
      return (rule, Lane(stages: [weights], live: stageLane.live, copies: ruled))
    }
    weights = candidates.map { stageLane.live.contains($0) ? stageLane.layout.share(of: $0) : 0 }
    directory = ModelDirectory(maps: models, withheld: withheld)
    active = stageLane.live.union(CandidateSet(candidates.filter { stageLane.copies[$0] > 0 }))
    isQuiet = active.isEmpty
    self.policies = candidates.map { $0 < policies.count ? policies[$0] : EligibilityPolicy() }
    someMindEndpoints = policies.contains(where: \.mindsEndpoints)
  }

  /// Everything to the baseline: before a rollout starts, or after it was aborted.
  package static let baselineOnly = SplitTable(
    salt: 0, stages: [], stage: 0, closed: [], rules: [], shadow: [], models: [], sticky: [])

  package static func salt(rollout: String) -> UInt64 {
    var hasher = UnitHasher()
    hasher.combine(rollout)
    return hasher.finish()
  }

  /// The unit by this table's sticky keys.
  package func unit(of request: some UnitSource, draw: UInt64) -> Unit {
    Unit(of: request, keys: sticky, draw: draw)
  }

  /// The arm for one exchange.
  ///
  /// A request without a model, or with one that no candidate maps, is the baseline's and is not copied; so is one that
  /// no candidate may be given.
  /// - Parameters:
  ///   - unit: Decides the arm: equal units get equal arms for as long as the table says so.
  ///   - draw: Random bits of this exchange; decide which candidates get a copy, independently of the unit.
  ///   - turnedAway: Told of each candidate that would get something else and may not get this, and why.
  package func assign<R: RequestAttributes>(
    _ request: R, unit: UInt64, draw: UInt64, turnedAway: (Int, Ineligibility) -> Void = { _, _ in }
  ) -> Assignment {
    guard !isQuiet else { return .baseline }
    guard let model = request.model else {
      tell(turnedAway, ofAllBut: CandidateSet(), request.isReadable ? .modelUnmapped : .unreadable)
      return .baseline
    }
    let resolution = directory.resolve(model)
    var served = resolution.candidates.intersection(open)
    if served != open { tell(turnedAway, resolution, served) }
    let traits = request.traits
    if someMindEndpoints || !traits.isEmpty { turnAway(request, model, traits, from: &served, turnedAway) }
    guard !served.isEmpty else { return .baseline }

    var assignment = Assignment.baseline
    let lane = rules.isEmpty ? stageLane : lane(for: request)
    if !stageLane.live.isEmpty {
      let allowed = lane.live.intersection(served)
      assignment.shares = lane.shares(of: allowed)
      if let candidate = lane.candidate(ofUnit: unit, salt: salt, among: allowed) {
        assignment.arm = .candidate(candidate)
        assignment.candidateModel = directory.candidateModel(candidate, for: model, resolution)
        return assignment
      }
    }
    if copied != .max, let endpoint = request.endpoint, copied >> endpoint.number & 1 == 0 { return assignment }
    for candidate in lane.copies.indices where lane.copies[candidate] > 0 && served.contains(candidate) {
      guard lane.isCopied(to: candidate, draw: draw),
        let model = directory.candidateModel(candidate, for: model, resolution)
      else { continue }
      assignment.shadows.append(ShadowCopy(arm: .candidate(candidate), model: model))
    }
    return assignment
  }

  /// Why a request that names its candidate may not go there; nil where it may.
  package func ineligibility(of request: some RequestAttributes, for candidate: Int) -> Ineligibility? {
    guard policies.indices.contains(candidate) else { return nil }
    return reason(request.traits, of: request, request.model ?? "", for: candidate)
  }

  private func reason(
    _ traits: RequestTraits, of request: some RequestAttributes, _ model: String, for candidate: Int
  ) -> Ineligibility? {
    let variant = traits.contains(.modelVariant) ? RequestTraits.variant(of: model) : nil
    let namesVariant = variant.map { directory.names($0, of: model, for: candidate) } ?? true
    var policy = policies[candidate]
    if policy.mindsModels, !traits.isEmpty {
      policy = policy.policy(for: model, directory.candidateModel(candidate, for: model, directory.resolve(model)))
    }
    let reason = TrafficSplit.ineligibility(
      of: traits, on: request.endpoint, for: policy, namesVariant: namesVariant)
    guard reason == nil, let endpoint = request.endpoint,
      policy.translates(endpoint) || policy.worksByJobs(endpoint, traits),
      let own = directory.candidateModel(candidate, for: model, directory.resolve(model))
    else { return reason }
    return request.untranslatable(for: candidate, model: own)
  }

  /// A body that was not kept may go nowhere else.
  package func turnAwayLarge(_ turnedAway: (Int, Ineligibility) -> Void) {
    tell(turnedAway, ofAllBut: CandidateSet(), .tooLarge)
  }

  private func tell(
    _ turnedAway: (Int, Ineligibility) -> Void, ofAllBut served: CandidateSet, _ reason: Ineligibility
  ) {
    for candidate in policies.indices where active.contains(candidate) && !served.contains(candidate) {
      turnedAway(candidate, reason)
    }
  }

  /// Candidates that do not serve the request's model: no line maps it, or it was taken back from them.
  private func tell(
    _ turnedAway: (Int, Ineligibility) -> Void, _ resolution: ModelDirectory.Resolution, _ served: CandidateSet
  ) {
    tell(turnedAway, ofAllBut: served.union(resolution.withheld), .modelUnmapped)
    for candidate in policies.indices where active.contains(candidate) && resolution.withheld.contains(candidate) {
      turnedAway(candidate, .modelRolledBack)
    }
  }

  /// Takes the candidates out of `served` that may not be given this request.
  func turnAway(
    _ request: some RequestAttributes, _ model: String, _ traits: RequestTraits, from served: inout CandidateSet,
    _ turnedAway: (Int, Ineligibility) -> Void
  ) {
    for candidate in policies.indices where served.contains(candidate) {
      guard let reason = reason(traits, of: request, model, for: candidate) else { continue }
      served.remove(candidate)
      if active.contains(candidate) { turnedAway(candidate, reason) }
    }
  }

  func lane(for request: some RequestAttributes) -> Lane {
    for (rule, lane) in rules where rule.matches(request) { return lane }
    return stageLane
  }
}
