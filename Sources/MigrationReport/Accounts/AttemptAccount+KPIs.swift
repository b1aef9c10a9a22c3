/// The figures K1 to K20 that follow from attempts, each nil where it was not measured: shares as fractions, durations
/// in milliseconds, money in USD.

import Dialects
import RolloutJudge

extension AttemptAccount {
  package var attempts: Int { outcomes.total }

  /// Attempts whose client did not leave: what `error_rate` is taken of.
  package var judged: Int { attempts - outcomes.count(.clientGone) }

  package var succeeded: Int { outcomes.count(.ok) }

  /// Anything but `ok` and `client_gone`.
  package var errors: Int { judged - succeeded }

  /// `error_rate` as the playbook's conditions have it.
  package var errorRate: Double? { share(errors, of: judged) }

  /// K1: errors that were not the caller's, per 1,000 attempts that were neither the caller's error nor given up.
  package var faultsPerThousand: Double? { share(errors - rejected, of: judged - rejected).map { $0 * 1000 } }

  /// K1 without `rate_limited`: a capacity that can be bought.
  package var faultsWithoutCapacityPerThousand: Double? {
    share(errors - rejected - outcomes.count(.rateLimited), of: judged - rejected).map { $0 * 1000 }
  }

  /// K2.
  package var successRate: Double? { share(succeeded, of: judged - rejected) }

  /// K3, as `retry_rate` in a playbook: share of attempts that repeat a failed one.
  package var retryRate: Double? { share(retries, of: judged) }

  /// K3: attempts for each logical request.
  package var amplification: Double? {
    attempts > retries ? Double(attempts) / Double(attempts - retries) : nil
  }

  /// K4: share of attempts that failed and that the baseline answered instead.
  package var rescuedRate: Double? { share(rescued, of: attempts) }

  /// K5 with failures as if they took for ever; nil where the quantile falls among them.
  package func latencyWithFailures(at quantile: Double) -> Double? {
    guard judged > 0, succeeded > 0 else { return nil }
    let rank = quantile * Double(judged) / Double(succeeded)
    return rank <= 1 ? times.latency.milliseconds(at: rank) : nil
  }

  /// K7: tokens a second, of the median stream.
  package var tokensPerSecond: Double? {
    times.perToken.value(at: 0.5).flatMap { $0 > 0 ? 1e9 / Double($0) : nil }
  }

  /// K7: share of streams with a gap over 10 s.
  package var stallRate: Double? { share(times.stalls, of: times.longestGap.count) }

  /// K8: USD of an attempt whose cost is known.
  package var costPerRequest: Double? { cost.mean }

  /// What counts as a success: the application's word where it gave one, else a normal finish.
  package var successes: Int { normalFinishes - reports.normalFailures + reports.otherSuccesses }

  /// K9: all known cost, of failures too, over successes.
  package var costPerOutcome: Double? {
    guard let total = cost.total, successes > 0 else { return nil }
    return total / Double(successes)
  }

  /// K10: share of the cost that went into attempts that did not end `ok`.
  package var wasteShare: Double? {
    guard let total = cost.total, total > 0, let wasted = cost.wasted else { return nil }
    return wasted / total
  }

  /// K13, per 1,000 attempts that ended `ok`.
  package var lengthPerThousand: Double? { share(finishes.count(.length), of: finishes.total).map { $0 * 1000 } }

  package var contentFilterPerThousand: Double? {
    share(finishes.count(.contentFilter), of: finishes.total).map { $0 * 1000 }
  }

  /// K18.
  package var cancelRate: Double? { share(outcomes.count(.clientGone), of: attempts) }

  package var abandonedRate: Double? { share(abandoned, of: attempts) }

  /// K19.
  package var rateLimitedPerThousand: Double? {
    share(outcomes.count(.rateLimited), of: judged).map { $0 * 1000 }
  }

  private var rejected: Int { outcomes.count(.rejected) }

  private func share(_ part: Int, of whole: Int) -> Double? {
    whole > 0 ? Double(part) / Double(whole) : nil
  }
}
