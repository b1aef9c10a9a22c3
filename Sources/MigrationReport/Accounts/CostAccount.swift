/// What attempts cost, by where the figure comes from; what is unknown is counted and never taken for zero.

import Dialects
import RolloutJudge

package struct CostAccount: Sendable, Codable {
  /// USD and attempts, as the arm reported.
  package private(set) var reported = 0.0
  package private(set) var reportedCount = 0
  /// USD and attempts, from tokens and the playbook's prices.
  package private(set) var derived = 0.0
  package private(set) var derivedCount = 0
  package private(set) var unknownCount = 0
  /// The attempts with unknown cost whose answer had begun, so that it has a price.
  package private(set) var unknownAnswered = 0
  /// Attempts whose answer had begun.
  package private(set) var answered = 0
  /// USD squared, for how sure the mean is.
  package private(set) var squares = 0.0
  /// USD of attempts that did not end `ok`, where they told a cost.
  package private(set) var failed = 0.0
  /// Attempts that did not end `ok`, and those of them that told a cost.
  package private(set) var failedCount = 0
  package private(set) var failedKnown = 0
  /// USD of attempts that repeated one that had failed.
  package private(set) var repeated = 0.0
  /// Pictures beyond the first of each answer whose cost is known; nil in older stores.
  private var furtherAssets: Int? = 0

  package init() {}

  mutating func record(_ end: AttemptEnd) {
    let isAnswered = end.outcome == .ok || end.ttft != nil
    if isAnswered { answered += 1 }
    if end.outcome != .ok { failedCount += 1 }
    guard let cost = end.cost, end.costSource != .unknown else {
      unknownCount += 1
      if isAnswered { unknownAnswered += 1 }
      return
    }
    if end.costSource == .derived {
      derived += cost
      derivedCount += 1
    } else {
      reported += cost
      reportedCount += 1
    }
    squares += cost * cost / Double(end.assets)
    furtherAssets = (furtherAssets ?? 0) + end.assets - 1
    if end.outcome != .ok {
      failed += cost
      failedKnown += 1
    }
    if end.isRetry { repeated += cost }
  }

  mutating func add(_ other: CostAccount) {
    reported += other.reported
    reportedCount += other.reportedCount
    derived += other.derived
    derivedCount += other.derivedCount
    unknownCount += other.unknownCount
    unknownAnswered += other.unknownAnswered
    answered += other.answered
    squares += other.squares
    failed += other.failed
    failedCount += other.failedCount
    failedKnown += other.failedKnown
    repeated += other.repeated
    furtherAssets = (furtherAssets ?? 0) + (other.furtherAssets ?? 0)
  }

  package var knownCount: Int { reportedCount + derivedCount }

  /// USD; nil where no cost is known.
  package var total: Double? { knownCount > 0 ? reported + derived : nil }

  /// USD of attempts that did not end `ok`; nil where none of them told a cost.
  package var wasted: Double? {
    guard knownCount > 0, failedCount == 0 || failedKnown > 0 else { return nil }
    return failed
  }

  /// Answers of known cost, and each picture of those that are pictures.
  private var assets: Int { knownCount + (furtherAssets ?? 0) }

  /// USD of an answer whose cost is known, of a picture where it is pictures; nil where none is.
  package var mean: Double? { total.map { $0 / Double(assets) } }

  /// The standard error of the mean; nil below two known costs.
  package var standardError: Double? {
    guard let mean, knownCount > 1 else { return nil }
    let n = Double(assets)
    return (max(0, squares / n - mean * mean) / (n - 1)).squareRoot()
  }

  /// Share of answered attempts whose cost is unknown: above 5% no cost is compared.
  package var unknownShare: Double? { answered > 0 ? Double(unknownAnswered) / Double(answered) : nil }
}
