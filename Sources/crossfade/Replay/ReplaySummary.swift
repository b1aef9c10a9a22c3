/// The result of a replay, in words, with what the store holds of it.

import Foundation
import Journal
import MigrationReport
import RolloutJudge
import RolloutSteering
import Synchronization

struct ReplaySummary {
  var result: ReplayResult
  var candidate: String
  var storePath: String
  /// Requests whose baseline answer was recorded.
  var recorded: Int
  var pairs: PairAccount?

  /// - Throws: `JournalError`, or what a decoder says of figures that are not as they were written.
  static func comparisons(in storePath: String, rollout: String, candidate: String) throws -> PairAccount? {
    guard let stored = try Journal.reading(path: storePath).accounts(rollout: rollout) else { return nil }
    let accounts = try JSONDecoder.admin.decode(Accounts.self, from: Data(stored.blob))
    return accounts.armNames.firstIndex(of: candidate).flatMap { accounts.pairs[$0] }
  }

  var lines: [String] {
    let figures = result.figures
    var lines = ["\(figures.sent) of \(FigureText.counted(result.planned, "request")) sent to \(candidate)"]
    if let stop = result.stop { lines.append("stopped: \(Self.text(stop))") }
    lines.append("outcomes:   \(Self.tally(figures.outcomes, none: "no copy has ended"))")
    if figures.dropCount > 0 { lines.append("not copied: \(Self.tally(figures.dropped, none: ""))") }
    lines.append("cost:       \(cost)")
    lines += comparison
    lines += ["", "kept in \(storePath); to see more:"]
    lines += ["  crossfade diffs --store \(storePath)", "  crossfade report --store \(storePath)"]
    return lines
  }

  private var cost: String {
    let figures = result.figures
    var text = FigureText.dollars(figures.candidateCost) + " at the candidate"
    if figures.spent > figures.candidateCost {
      text += ", \(FigureText.dollars(figures.spent - figures.candidateCost)) at the baseline"
    }
    if figures.unknownCosts > 0 {
      text += "; \(FigureText.counted(figures.unknownCosts, "answer")) said no cost, and it could not be derived"
    }
    return text
  }

  private var comparison: [String] {
    guard let pairs, pairs.pairs + pairs.incomparable > 0 else { return ["compared:   no pair"] }
    var lines = [
      "compared:   \(FigureText.counted(pairs.pairs, "pair")), \(pairs.mismatches) mismatched"
        + (pairs.incomparable > 0 ? ", \(pairs.incomparable) more could not be compared" : "")
    ]
    if pairs.mismatches > 0 { lines.append("mismatches: \(Self.tally(pairs.breaking.named, none: "none"))") }
    let other = pairs.kinds.named.filter { pairs.breaking.named[$0.key] == nil }
    if !other.isEmpty { lines.append("minor:      \(Self.tally(other, none: ""))") }
    if recorded > 0 {
      lines.append(
        "The baseline's answers to \(FigureText.counted(recorded, "request")) were played from the recording: its "
          + "latency means nothing here, and how much it differs from itself was not learnt.")
    }
    return lines
  }

  private static func text(_ stop: ReplayLedger.Stop) -> String {
    switch stop {
    case .budgetSpent: "the budget does not hold another request"
    case .costUnknown: "an answer said no cost, and it could not be derived, so the budget cannot be held"
    case .notReached(let reason): reason
    }
  }

  private static func tally(_ counts: [String: Int], none: String) -> String {
    guard !counts.isEmpty else { return none }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.key) \(FigureText.count($0.value))" }.joined(separator: ", ")
  }
}

/// On standard error: one line that is rewritten on a terminal, else one for each news.
final class ReplayProgress: Sendable {
  private let planned: Int
  private let isTerminal = isatty(2) == 1
  private let shown = Mutex<ReplayFigures?>(nil)

  init(planned: Int) { self.planned = planned }

  func show(_ figures: ReplayFigures) {
    let isNews = shown.withLock { shown in
      defer { shown = figures }
      return shown != figures
    }
    guard isNews else { return }
    let line =
      "\(figures.sent)/\(planned) sent, \(figures.copies) ended, \(figures.dropCount) not copied, "
      + FigureText.dollars(figures.spent)
    let text = isTerminal ? "\r\(line)\u{1b}[K" : line + "\n"
    // A terminal that has gone away takes the progress with it, nothing else.
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  func close() {
    if isTerminal { try? FileHandle.standardError.write(contentsOf: Data("\n".utf8)) }
  }
}
