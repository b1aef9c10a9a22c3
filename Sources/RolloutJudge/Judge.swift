/// The judge of a rollout: attempts go in, decisions come out; nothing takes effect before it has been journaled.

import TrafficSplit

/// The very code that decides, in production, in tests and in rehearsals: a value without a clock.
///
/// Drain the ledgers into `record`, then call `decide` until it returns nil, journaling each proposal and handing it back
/// with `take`. A rollback is taken even where journaling it failed; any other decision then is not, `journalBecame(available:)`
/// says so, and the judge proposes nothing but rollbacks until the journal is back.
package struct Judge: Sendable {
  let playbook: Playbook
  let candidateNames: [String]
  var progress: RolloutProgress
  var evidence: RolloutEvidence
  var gates: ThresholdGates
  var baseline: BaselineWatch
  var statistics: RolloutStatistics
  var peak = PeakWatch()
  /// By candidate: the part of a condition's budget for live and for shadow evidence.
  let budgets: [(live: Double, shadow: Double)]
  /// By candidate and planned condition: what crossed, once it has.
  var breaches: [[Breach?]]
  /// Whether any has.
  var hasBreach = false
  /// The journal ends under another playbook.
  var hasChangedPlaybook = false
  var isJournalAvailable = true

  /// A rollout that the journal does not know; the first `decide` proposes `start`.
  package init(playbook: Playbook, at: Instant) {
    self.playbook = playbook
    candidateNames = playbook.candidates.map(\.name)
    progress = RolloutProgress(playbook, at: at)
    evidence = RolloutEvidence(playbook, since: at)
    gates = ThresholdGates(playbook, evidence.plan)
    baseline = BaselineWatch(evidence.plan)
    statistics = RolloutStatistics(arms: playbook.candidates.count + 1)
    budgets = playbook.candidates.indices.map { playbook.budget(ofCandidate: $0) }
    breaches = playbook.candidates.map { [plan = evidence.plan] _ in plan.conditions.map { _ in nil } }
  }

  /// An attempt started or ended. Well under a microsecond.
  package mutating func record(_ entry: LedgerEntry) {
    switch entry {
    case .started(let start): record(start)
    case .ended(let end): record(end)
    case .withdrawn(let end):
      if progress.isStarted { evidence.ended(end) }
    case .shadowDropped(let arm, _, _):
      statistics.shadowDropped(arm)
    case .fellBack, .outcomeReported, .overhead:
      // The canary's own end has said what there is to say; the rescue counts for nobody. What the application makes of an
      // answer is told by `reported`, once it is known whose answer it was.
      break
    case .compared(let pair):
      guard progress.isStarted else { return }
      gates.compared(pair)
      evidence.compared(pair)
    }
  }

  package mutating func record(_ start: AttemptStart) {
    guard progress.isStarted else { return }
    if start.population == .live { peak.began(at: start.at) }
    evidence.started(start)
  }

  package mutating func record(_ end: AttemptEnd) {
    guard progress.isStarted else { return }
    statistics.record(end)
    gates.record(end)
    baseline.record(end)
    evidence.ended(end)
  }

  /// The application says what became of an exchange; each is told once.
  package mutating func reported(_ outcome: ApplicationOutcome) {
    guard progress.isStarted, outcome.population == .live else { return }
    gates.reported(outcome)
    evidence.reported(outcome)
  }

  /// The decision has been journaled: now it takes effect.
  package mutating func take(_ decision: Decision) {
    let wasClosed = progress.isClosed
    progress.apply(decision, playbook)
    for candidate in wasClosed.indices {
      if progress.isClosed[candidate] && !wasClosed[candidate] { evidence.close(candidate) }
      if wasClosed[candidate] && !progress.isClosed[candidate] { reopen(candidate, at: decision.at) }
    }
    switch decision.decision {
    case .start, .advance, .rearm:
      evidence.stageEntered(playbook.stages[progress.stageIndex])
      statistics.stageEntered()
      peak.stageEntered()
    case .configChanged:
      hasChangedPlaybook = false
    default:
      break
    }
  }

  private mutating func reopen(_ candidate: Int, at: Instant) {
    evidence.reopen(candidate, at: at)
    gates.reopen(candidate)
    breaches[candidate] = breaches[candidate].map { _ in nil }
    hasBreach = breaches.contains { $0.contains { $0 != nil } }
  }

  /// While the journal is unavailable the judge serves weight 0 and proposes nothing but rollbacks.
  package mutating func journalBecame(available: Bool, at: Instant) { isJournalAvailable = available }

  var stage: Stage { playbook.stages[progress.stageIndex] }

  /// What the traffic has to follow now.
  package var directive: Directive {
    let isServing = progress.isStarted && progress.state != .aborted
    func open(_ shares: [Double], _ isOpen: Bool) -> [Double] {
      playbook.candidates.indices.map {
        isOpen && !progress.isClosed[$0] && shares.indices.contains($0) ? shares[$0] : 0
      }
    }
    return Directive(
      state: progress.state, stageIndex: progress.stageIndex, stage: stage.name,
      weights: open(stage.weights, isServing && isJournalAvailable), shadow: open(stage.shadow, isServing),
      isClosed: progress.isClosed)
  }
}

extension Judge {
  /// Weights by candidate name as they would be in a stage, rolled-back candidates at 0.
  func weights(in stage: Stage, closing: Set<Int> = [], reopening: Bool = false) -> [String: Double] {
    var weights: [String: Double] = [:]
    for (index, name) in candidateNames.enumerated() {
      let isClosed = (progress.isClosed[index] && !reopening) || closing.contains(index)
      weights[name] = isClosed || !stage.weights.indices.contains(index) ? 0 : stage.weights[index]
    }
    return weights
  }

  /// As journaled: what the stage gives, whether or not the journal is available just now.
  var journaledWeights: [String: Double] {
    guard progress.isStarted, progress.state != .aborted else { return weights(in: stage).mapValues { _ in 0 } }
    return weights(in: stage)
  }

  var noWeights: [String: Double] { Dictionary(uniqueKeysWithValues: candidateNames.map { ($0, 0) }) }

  /// A decision with everything filled in that follows from the state.
  func proposal(
    _ kind: Decision.Kind, at: Instant, stage index: Int? = nil, candidate: String? = nil, breach: Breach? = nil,
    weightsAfter: [String: Double]? = nil, message: String, reason: String? = nil, actor: String = "crossfade"
  ) -> Decision {
    let index = index ?? progress.stageIndex
    let before = journaledWeights
    return Decision(
      seq: progress.nextSeq, at: at, decision: kind, rollout: playbook.name, stage: playbook.stages[index].name,
      stageIndex: index, candidate: candidate, metric: breach?.condition.metric,
      condition: breach.map { Decision.Limits(above: $0.condition.above, ratioAbove: $0.condition.ratioAbove) },
      weightsBefore: before, weightsAfter: weightsAfter ?? before, evidence: breach?.evidence, message: message,
      reason: reason, actor: actor, playbookSHA256: playbook.sha256)
  }
}
