/// The judge of a rollout: attempts go in, decisions come out; nothing takes effect before it has been journaled.

import Dialects
import TrafficSplit

/// The very code that decides, in production, in tests and in rehearsals: a value without a clock.
///
/// Drain the ledgers into `record`, then call `decide` until it returns nil, journaling each proposal and handing it back
/// with `take`. A rollback is taken even where journaling it failed; any other decision then is not, `journalBecame(available:)`
/// says so, and the judge proposes nothing but rollbacks until the journal is back.
package struct Judge: Sendable {
  /// Behind a reference: it is two kilobytes that never change, in a value that is handed around.
  private let kept: Kept
  var playbook: Playbook { _read { yield kept.playbook } }
  let candidateNames: [String]
  var progress: RolloutProgress
  var evidence: RolloutEvidence
  var gates: ThresholdGates
  var baseline: BaselineWatch
  var statistics: RolloutStatistics
  var peak = PeakWatch()
  var failures: FailureMemory
  /// By candidate: the part of a condition's budget for live and for shadow evidence.
  let budgets: [(live: Double, shadow: Double)]
  /// By candidate and planned condition: what crossed, once it has.
  var breaches: [[Breach?]]
  /// Whether any has.
  var hasBreach = false
  /// The journal ends under another playbook: what that changes, until it has been journaled.
  var change: PlaybookChange?
  package internal(set) var isJournalAvailable = true
  /// The latest instant that it was asked at; no clock of its own.
  var now: Instant

  private final class Kept: Sendable {
    let playbook: Playbook

    init(_ playbook: Playbook) { self.playbook = playbook }
  }

  /// A rollout that the journal does not know; the first `decide` proposes `start`.
  ///
  /// - Parameters:
  ///   - isSteady: The baseline is taken to be within bounds all the time, as in an estimate.
  ///   - keepsFigures: Whether anybody will look at the arms' figures; no decision does.
  package init(playbook: Playbook, at: Instant, isSteady: Bool = false, keepsFigures: Bool = true) {
    kept = Kept(playbook)
    candidateNames = playbook.candidates.map(\.name)
    now = at
    progress = RolloutProgress(playbook, at: at)
    evidence = RolloutEvidence(playbook, since: at, isSteady: isSteady)
    gates = ThresholdGates(playbook, evidence.plan)
    baseline = BaselineWatch(evidence.plan)
    statistics = RolloutStatistics(arms: playbook.candidates.count + 1, keepsFigures: keepsFigures)
    failures = FailureMemory(candidates: playbook.candidates.count)
    budgets = playbook.candidates.indices.map { playbook.budget(ofCandidate: $0) }
    breaches = playbook.candidates.map { [plan = evidence.plan] _ in plan.conditions.map { _ in nil } }
  }

  /// An attempt started or ended. Well under a microsecond.
  package mutating func record(_ entry: LedgerEntry) {
    switch entry {
    case .started(let start): record(start)
    case .ended(let end): record(end)
    case .withdrawn(let end):
      if progress.isStarted { evidence.withdrawn(end) }
    case .shadowDropped(let arm, let drop, _):
      statistics.shadowDropped(arm, drop)
    case .videoSettled(let arm, let note):
      // Its attempt has been weighed by the promise, as the baseline's are, whose videos nobody follows.
      statistics.videoSettled(arm, note.figures)
    case .fellBack(_, _, let exchange, _):
      if progress.isStarted { evidence.rescueBegan(exchange) }
    case .retried(let arm, let exchange, let at):
      guard progress.isStarted else { return }
      statistics.retried(arm)
      gates.retried(arm, at: at)
      evidence.retried(exchange, at: at)
    case .outcomeReported, .overhead:
      // What the application makes of an answer is told by `reported`, once it is known whose answer it was.
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
    gates.record(start)
    evidence.started(start)
  }

  package mutating func record(_ end: AttemptEnd) {
    guard progress.isStarted else { return }
    statistics.record(end)
    baseline.record(end)
    // Asked here, since whoever calls a method on a judge without changing it hands it a copy of the judge.
    if end.mistake != nil, let end = withoutMistake(end) { weigh(end) } else { weigh(end) }
  }

  private mutating func weigh(_ end: AttemptEnd) {
    if end.outcome.countsAsError { failures.record(end, stratum: evidence.stratum(ofOpen: end.attempt)) }
    gates.record(end)
    evidence.ended(end)
  }

  /// The application says what became of an exchange, or an evaluator what an answer is worth.
  ///
  /// - Returns: Whether a copied exchange waits for it.
  @discardableResult
  package mutating func reported(_ outcome: ApplicationOutcome) -> Bool {
    guard progress.isStarted else { return false }
    let isOfPair = evidence.reported(outcome)
    if outcome.population == .live || isOfPair { gates.reported(outcome) }
    return isOfPair
  }

  /// The decision has been journaled: now it takes effect.
  package mutating func take(_ decision: Decision) {
    let before = progress
    progress.apply(decision, playbook, at: now)
    evidence.withheld = progress.withheld
    for candidate in candidateNames.indices {
      let isRenewed = decision.renewed?.contains(candidateNames[candidate]) ?? false
      if progress.isClosed[candidate] && !before.isClosed[candidate] { evidence.close(candidate) }
      if isRenewed { statistics.forget(arm: candidate + 1) }
      let isMistaken = decision.isForMistake && decision.candidate == candidateNames[candidate]
      let isGivenBack = progress.withheld[candidate].isEmpty && !before.withheld[candidate].isEmpty
      if isRenewed || isMistaken || isGivenBack || before.isClosed[candidate] && !progress.isClosed[candidate] {
        reopen(candidate, at: now)
      } else if progress.withheld[candidate] != before.withheld[candidate] {
        beginRest(candidate, at: now)
      }
      if progress.isClosed[candidate] { evidence.close(candidate) }
      if let own = progress.own[candidate], own.enteredBy != before.own[candidate]?.enteredBy {
        evidence.stageEntered(by: candidate, stage(ofCandidate: candidate))
        statistics.stageEntered(by: candidate + 1)
      }
    }
    if progress.place.enteredBy != before.place.enteredBy {
      evidence.stageEntered()
      for candidate in candidateNames.indices where progress.own[candidate] == nil {
        evidence.stageEntered(by: candidate, stage)
      }
      statistics.stageEntered()
      peak.stageEntered()
    }
    evidence.isCopying = isCopying
    if decision.decision == .configChanged { change = nil }
  }

  /// Whether any candidate's stage asks for copies.
  var isCopying: Bool {
    progress.isStarted
      && candidateNames.indices.contains {
        let shadow = stage(ofCandidate: $0).shadow
        return !progress.isClosed[$0] && shadow.indices.contains($0) && shadow[$0] > 0
      }
  }

  private mutating func reopen(_ candidate: Int, at: Instant) {
    evidence.reopen(candidate, at: at)
    gates.reopen(candidate)
    failures.forget(candidate)
    forgetBreaches(candidate)
  }

  /// A model has been taken back: what it has failed in is no evidence about the others, nor what they have done about what they
  /// do without it.
  private mutating func beginRest(_ candidate: Int, at: Instant) {
    evidence.beginRest(candidate, at: at)
    statistics.stageEntered(by: candidate + 1)
    forgetBreaches(candidate)
  }

  private mutating func forgetBreaches(_ candidate: Int) {
    breaches[candidate] = breaches[candidate].map { _ in nil }
    hasBreach = breaches.contains { $0.contains { $0 != nil } }
  }

  /// While the journal is unavailable the judge serves weight 0 and proposes nothing but rollbacks.
  package mutating func journalBecame(available: Bool, at: Instant) {
    isJournalAvailable = available
    now = at
  }

  /// The rollout's; a candidate that is behind is in another.
  var stage: Stage { playbook.stages[progress.stageIndex] }

  /// What the traffic has to follow now.
  package var directive: Directive {
    let isServing = progress.isStarted && progress.state != .aborted
    let behind = progress.behind
    func open(_ shares: (Stage) -> [Double], _ isOpen: Bool) -> [Double] {
      playbook.candidates.indices.map {
        let shares = shares(stage(ofCandidate: $0))
        return isOpen && !progress.isClosed[$0] && shares.indices.contains($0) ? shares[$0] : 0
      }
    }
    return Directive(
      state: progress.state, stageIndex: progress.stageIndex, stage: stage.name,
      weights: open(\.weights, isServing && isJournalAvailable), shadow: open(\.shadow, isServing),
      isClosed: progress.isClosed, isBehind: candidateNames.indices.map(behind.contains),
      withheld: progress.withheld, noise: noise)
  }
}

extension Judge {
  /// Weights by candidate name as the playbook has them for a place in the rollout, whether or not the journal is available.
  func weights(at progress: RolloutProgress) -> [String: Double] {
    var weights: [String: Double] = [:]
    let isServing = progress.isStarted && progress.state != .aborted
    for (index, name) in candidateNames.enumerated() {
      let given = playbook.stages[progress.place(of: index).stageIndex].weights
      weights[name] = isServing && !progress.isClosed[index] && given.indices.contains(index) ? given[index] : 0
    }
    return weights
  }

  var journaledWeights: [String: Double] { weights(at: progress) }

  /// A decision with everything filled in that follows from the state. Never older than the one before it, whatever the
  /// clock says.
  func proposal(
    _ kind: Decision.Kind, at: Instant, stage index: Int? = nil, candidate: String? = nil, breach: Breach? = nil,
    renewed: [String]? = nil, message: String, reason: String? = nil, actor: String = "crossfade",
    skipped: Obstacle? = nil, taking part: ModelPart? = nil
  ) -> Decision {
    let index = index ?? progress.stageIndex
    let before = journaledWeights
    var decision = Decision(
      seq: progress.nextSeq, at: max(at, progress.lastDecision?.at ?? at), decision: kind, rollout: playbook.name,
      stage: playbook.stages[index].name, stageIndex: index, candidate: candidate, metric: breach?.condition.metric,
      condition: breach.map(\.condition.stated),
      weightsBefore: before, weightsAfter: before, evidence: breach?.evidence, message: message,
      reason: reason, actor: actor, playbookSHA256: playbook.sha256)
    decision.renewed = renewed
    decision.skipped = skipped?.rawValue
    (decision.model, decision.othersThan) = (part?.model, part?.othersThan)
    var after = progress
    after.apply(decision, playbook, at: at)
    decision.weightsAfter = weights(at: after)
    return decision
  }
}
