/// The figures of one arm's attempts in the order of WIRE's list, K1 to K20; what was not measured is nil.

import Dialects
import RolloutJudge

enum KPISheet {
  static func figures(_ account: AttemptAccount) -> FigureList {
    FigureList(
      counts(account) + errors(account) + times(account) + money(account) + jobs(account)
        + content(account))
  }

  /// The few that fit a row of a breakdown.
  static func brief(_ account: AttemptAccount) -> FigureList {
    FigureList([
      Figure("attempts", "attempts", account.attempts),
      Figure("errors_per_thousand", "errors per 1,000", .perThousand, account.errorRate.map { $0 * 1000 }),
      Figure("latency_p50", "latency p50", .milliseconds, account.times.latency.milliseconds(at: 0.5)),
      Figure("latency_p95", "latency p95", .milliseconds, account.times.latency.milliseconds(at: 0.95)),
      Figure("ttft_p95", "TTFT p95", .milliseconds, account.times.ttft.milliseconds(at: 0.95)),
      Figure("cost", "cost", .dollars, account.cost.total),
      Figure("cost_per_outcome", "cost per outcome", .dollars, account.costPerOutcome),
      Figure("cached_share", "cached tokens", .share, account.tokens.cachedShare),
    ])
  }

  private static func counts(_ account: AttemptAccount) -> [Figure] {
    [
      Figure("attempts", "attempts", account.attempts),
      Figure("errors", "errors", account.errors),
      Figure("client_gone", "clients gone", account.outcomes.count(.clientGone)),
      Figure("pictures", "pictures", .count, account.pictures.map(Double.init)),
      Figure("videos", "videos taken on", .count, account.videos.map(Double.init)),
    ]
  }

  private static func errors(_ account: AttemptAccount) -> [Figure] {
    [
      Figure("errors_per_thousand", "errors per 1,000", .perThousand, account.errorRate.map { $0 * 1000 }),
      Figure("faults_per_thousand", "not the caller's (K1)", .perThousand, account.faultsPerThousand),
      Figure(
        "faults_without_capacity_per_thousand", "without rate limits (K1)", .perThousand,
        account.faultsWithoutCapacityPerThousand),
      Figure("success_rate", "success rate (K2)", .share, account.successRate),
      Figure("retry_rate", "retry rate (K3)", .share, account.retryRate),
      Figure("amplification", "attempts per request (K3)", .ratio, account.amplification),
      Figure("rescued_rate", "rescued by the baseline (K4)", .share, account.rescuedRate),
    ]
  }

  private static func times(_ account: AttemptAccount) -> [Figure] {
    let times = account.times
    func quantiles(_ id: String, _ label: String, _ histogram: DurationHistogram, _ at: [Int]) -> [Figure] {
      at.map {
        Figure("\(id)_p\($0)", "\(label) p\($0)", .milliseconds, histogram.milliseconds(at: Double($0) / 100))
      }
    }
    return quantiles("latency", "latency (K5)", times.latency, [50, 95, 99])
      + quantiles("latency_streamed", "streamed", times.streamed, [50, 95, 99])
      + quantiles("latency_plain", "not streamed", times.plain, [50, 95, 99])
      + [
        Figure(
          "latency_p95_with_failures", "p95 with failures as endless", .milliseconds,
          account.latencyWithFailures(at: 0.95))
      ]
      + quantiles("ttft", "TTFT (K6)", times.ttft, [50, 95, 99])
      + quantiles("first_visible", "first visible content (K6)", times.firstVisible, [50, 95])
      + quantiles("first_byte", "first byte", times.firstByte, [50, 95])
      + quantiles("overhead", "Crossfade's own (K17)", times.overhead, [50, 95, 99])
      + [Figure("tokens_per_second", "tokens per second (K7)", .tokensPerSecond, account.tokensPerSecond)]
      + quantiles("longest_gap", "longest gap", times.longestGap, [99])
      + [Figure("stall_rate", "streams with a gap over 10 s", .share, account.stallRate)]
  }

  private static func money(_ account: AttemptAccount) -> [Figure] {
    let cost = account.cost
    func known(_ dollars: Double, _ count: Int) -> Double? { count > 0 ? dollars : nil }
    return [
      Figure("cost", "cost", .dollars, cost.total),
      Figure("cost_reported", "as the arm reported", .dollars, known(cost.reported, cost.reportedCount)),
      Figure("cost_derived", "from tokens and prices", .dollars, known(cost.derived, cost.derivedCount)),
      Figure("cost_unknown_share", "answers of unknown cost", .share, cost.unknownShare),
      Figure("cost_per_request", "cost per request (K8)", .dollars, account.costPerRequest),
      Figure("cost_per_outcome", "cost per outcome (K9)", .dollars, account.costPerOutcome),
      Figure("successes", "outcomes that were a success", account.successes),
      Figure("reported_outcomes", "of them said by the application", account.reports.count),
      Figure("cost_failed", "cost of failed attempts", .dollars, cost.wasted),
      Figure("waste_share", "waste (K10)", .share, account.wasteShare),
    ]
  }

  /// Of arms that make something by jobs.
  private static func jobs(_ account: AttemptAccount) -> [Figure] {
    guard let jobs = account.jobs else { return [] }
    let (result, vendor) = (jobs.timeToResult, jobs.vendorTime)
    return [
      Figure("jobs_created", "jobs created", jobs.created),
      Figure("jobs_succeeded", "of them succeeded", jobs.succeeded),
      Figure("jobs_failed", "of them failed", jobs.failed),
      Figure("jobs_failed_after_promise", "after a video was promised", jobs.failedAfterPromise),
      Figure("jobs_called_off", "of them called off", jobs.calledOff),
      Figure("jobs_open", "of them left open", jobs.open),
      Figure("polls_per_job", "polls per job", .ratio, jobs.pollsPerJob),
      Figure("time_to_result_p50", "time to result p50", .milliseconds, result.milliseconds(at: 0.5)),
      Figure("time_to_result_p95", "time to result p95", .milliseconds, result.milliseconds(at: 0.95)),
      Figure("vendor_time_p50", "by the vendor's own count p50", .milliseconds, vendor.milliseconds(at: 0.5)),
      Figure("cost_per_asset", "cost of a picture or video", .dollars, jobs.costPerAsset),
      Figure("jobs_wasted", "jobs paid for nothing", jobs.wasted),
      Figure("job_waste", "what they cost", .dollars, jobs.waste),
      Figure("jobs_possibly_billed", "jobs for nothing that may be billed", jobs.possiblyBilled),
      Figure("job_waste_at_most", "what they can have cost at most", .dollars, jobs.wasteAtMost),
    ]
  }

  private static func content(_ account: AttemptAccount) -> [Figure] {
    let tokens = account.tokens
    func counted(_ id: String, _ label: String, _ value: Int) -> Figure {
      Figure(id, label, .count, tokens.count > 0 ? Double(value) : nil)
    }
    return [
      counted("prompt_tokens", "prompt tokens", tokens.prompt),
      counted("completion_tokens", "completion tokens", tokens.completion),
      counted("reasoning_tokens", "of them reasoning", tokens.reasoning),
      Figure("cached_share", "cached prompt tokens (K11)", .share, tokens.cachedShare),
      Figure("cached_share_steady", "from the third turn on (K11)", .share, tokens.steadyCachedShare),
      Figure("length_per_thousand", "cut at the token limit per 1,000 (K13)", .perThousand, account.lengthPerThousand),
      Figure(
        "content_filter_per_thousand", "refused or filtered per 1,000 (K13)", .perThousand,
        account.contentFilterPerThousand),
      Figure("cancel_rate", "clients gone (K18)", .share, account.cancelRate),
      Figure("abandoned_rate", "gone before any content (K18)", .share, account.abandonedRate),
      Figure("rate_limited_per_thousand", "rate limited per 1,000 (K19)", .perThousand, account.rateLimitedPerThousand),
      Figure(
        "retry_after_p50", "Retry-After, median (K19)", .milliseconds, account.times.retryAfter.milliseconds(at: 0.5)),
    ]
  }
}
