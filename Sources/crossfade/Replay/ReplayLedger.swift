/// The account that limit and budget of a replay are held by: what it has sent, what came of it, and what it has cost.

import Dialects
import RolloutJudge
import SidecarProxy

/// Fed by the proxy's batches; asked before every request.
actor ReplayLedger {
  private(set) var figures = ReplayFigures()
  private let budget: Double?
  private var asked: Set<UInt64> = []
  /// The cost of an exchange by the baseline's word, where its answer was played: nothing was spent on these.
  private var baselineCosts: [UInt64: Double] = [:]
  private var waiting: [(condition: @Sendable (ReplayFigures) -> Bool, resume: CheckedContinuation<Void, Never>)] = []
  private var isOver = false

  init(budget: Double?) { self.budget = budget }

  // MARK: sending

  /// Why no further request may be sent.
  enum Stop: Error, Equatable {
    case budgetSpent
    /// An answer came without a cost, so what is left is not known.
    case costUnknown
    case notReached(String)
  }

  /// - Parameter expected: USD that the next request may cost at most; nil: not known, and then as much as the dearest
  ///   so far.
  func admit(expected: Double?) throws(Stop) {
    if let budget {
      if figures.unknownCosts > 0 { throw .costUnknown }
      guard figures.spent < budget, figures.spent + (expected ?? figures.dearest) <= budget else { throw .budgetSpent }
    }
    figures.sent += 1
  }

  /// The application's side of an exchange has ended.
  ///
  /// - Parameters:
  ///   - exchange: nil where none came about.
  ///   - wasAsked: whether the baseline itself answered, and is to be paid.
  func answered(exchange: UInt64?, status: Int?, wasAsked: Bool) {
    figures.answered += 1
    if let status, status < 400 { figures.answeredWell += 1 }
    if wasAsked, let exchange {
      asked.insert(exchange)
      if let cost = baselineCosts.removeValue(forKey: exchange) { spend(cost) }
    }
    wake()
  }

  func receive(_ batch: LedgerBatch) {
    for entry in batch.entries {
      switch entry {
      case .ended(let end) where end.population == .shadow: copyEnded(end)
      case .ended(let end) where end.population == .live: liveEnded(end)
      case .shadowDropped(_, let reason, _): figures.dropped[reason.rawValue, default: 0] += 1
      default: break
      }
    }
    wake()
  }

  private func copyEnded(_ end: AttemptEnd) {
    figures.outcomes[end.outcome.rawValue, default: 0] += 1
    if let cost = end.cost {
      spend(cost)
      figures.candidateCost += cost
    } else if end.outcome == .ok {
      figures.unknownCosts += 1
    }
  }

  private func liveEnded(_ end: AttemptEnd) {
    figures.baselineEnded += 1
    guard let cost = end.cost else { return }
    if asked.contains(end.exchange) { spend(cost) } else { baselineCosts[end.exchange] = cost }
  }

  private func spend(_ cost: Double) {
    figures.spent += cost
    figures.dearest = max(figures.dearest, cost)
  }

  // MARK: waiting

  /// Returns at once after `stop`.
  func wait(until condition: @escaping @Sendable (ReplayFigures) -> Bool) async {
    if isOver || condition(figures) { return }
    await withCheckedContinuation { waiting.append((condition, $0)) }
  }

  /// Nobody waits any more.
  func stop() {
    isOver = true
    wake()
  }

  private func wake() {
    let figures = figures
    let isOver = isOver
    let ready = waiting.filter { isOver || $0.condition(figures) }
    waiting.removeAll { isOver || $0.condition(figures) }
    for waiter in ready { waiter.resume.resume() }
  }
}

/// The figures of a replay.
struct ReplayFigures: Sendable, Equatable {
  /// Requests sent through the proxy.
  var sent = 0
  /// Those of them that the baseline answered, played or asked.
  var answered = 0
  /// Under a status below 400.
  var answeredWell = 0
  var baselineEnded = 0
  /// Ended copies by outcome.
  var outcomes: [String: Int] = [:]
  /// Copies that were not sent, by reason.
  var dropped: [String: Int] = [:]
  /// USD: the candidate's copies, and the baseline where it was asked.
  var spent = 0.0
  var candidateCost = 0.0
  /// USD of the dearest single answer.
  var dearest = 0.0
  /// Good answers of the candidate without a cost.
  var unknownCosts = 0

  var copies: Int { outcomes.values.reduce(0, +) }
  var dropCount: Int { dropped.values.reduce(0, +) }
  /// Copies that have ended or will never be sent.
  var copiesOver: Int { copies + dropCount }
  /// Every request that was sent has come to its ends.
  var isSettled: Bool { answered == sent && baselineEnded >= answered && copiesOver >= sent }
}
