/// Every key of the format: name, form, meaning. Add a key here, then read it in the reader beside its neighbours.

import Dialects
import RolloutJudge
import Vendors

enum PlaybookKeys {
  static let root = ObjectShape(
    title: "playbook",
    keys: [
      .init("crossfade", .scalar(.version), "Format version: 1.", missing: "say crossfade: 1"),
      .init("name", .scalar(.name), "Also names the rollout in the journal.", missing: "say name: my-migration"),
      .init(
        "baseline", .object(baseline), "The arm used today.",
        missing: "say baseline: { name: openrouter, vendor: openrouter }"),
      .init(
        "candidates", .list(.object(candidate), 1...16), "The arms on trial.",
        missing: "a rollout needs an arm to move to"),
      .init("traffic", .object(traffic), "How live requests are shared out and bounded."),
      .init("shadow", .object(shadow), "Bounds on copies of requests; the stages say how many are copied."),
      .init(
        "confidence", .scalar(.properShare),
        "At most 1 - confidence of rollouts of a candidate no worse than allowed are rolled back. Default 99%."),
      .init(
        "test", .scalarOrObject(.choice(["sequential"]), test),
        "How a breach is established: sequential (default), or a threshold over a sliding window."),
      .init(
        "rollback", .scalar(.choice(RollbackScope.allCases.map(\.rawValue))),
        "What goes back where one model's requests alone crossed a condition: the candidate (default), or that model."),
      .init("rollback_when", .object(conditions("rollback_when")), "What takes a candidate back to weight 0."),
      .init("pause_when", .object(conditions("pause_when")), "What keeps the weights and stops advancing."),
      .init(
        "own_mistakes", .scalar(.choice(OwnMistakePolicy.allCases.map(\.rawValue))),
        "What a wrong key, an empty account, an unknown field or model at a candidate leads to: pause (default) or rollback."
      ),
      .init(
        "stages", .list(.object(stage), 1...100), "The steps, in order; weights never fall.",
        missing: "say what happens, such as stages: [{ name: canary, weight: 5%, hold: 24h }]"),
      .init(
        "on_decision", .objectOrList(onDecision, 0...16),
        "Who is told of every decision: one of the forms, or a list of them."),
      .init("compare", .object(compare), "What two answers to one request are held against each other by."),
      .init(
        "samples", .scalarOrObject(.choice(["off"]), samples),
        "Compared pairs that are kept in the store, redacted; off: none is."),
      .init(
        "redact", .list(.scalar(.textPattern), 0...50),
        "Regular expressions of what is blotted out of kept pairs, beyond keys, e-mail, phone and card numbers."),
      .init(
        "tags", .map(.tag, .scalar(.tagSource)),
        "What figures and budgets are broken down by: a name, and header.NAME or body.FIELD where its value is."),
      .init(
        "budgets", .list(.object(budget), 0...100), "What a candidate may cost in a day, live and copied together."),
      .init("guards", .object(guards), "What stands before the arms on the application's behalf."),
    ])

  private static let armKeys: [ObjectShape.Key] =
    [
      .init("name", .scalar(.name), "Names the arm in headers, metrics and mappings.", missing: "give the arm a name"),
      .init(
        "vendor", .scalar(.vendor), "The vendor profile: base URL, authentication, field policy.",
        missing: "for a gateway without a profile say vendor: \(Vendor.generic)"),
      .init(
        "url", .scalar(.url), "Base URL in place of the profile's; what follows /v1/ in a request's path is appended."),
      .init(
        "media_url", .scalar(.url),
        "Where its pictures and videos are asked for, where that is not its vendor's nor url; by jobs, with the same key."
      ),
      .init(
        "key", .scalar(.secret),
        "The arm's key, best as ${NAME}. Without, a baseline gets the caller's own and a candidate gets none."),
      .init(
        "auth", .scalar(.authentication),
        "How it takes its key, where that is not its vendor's way: bearer, header:NAME, or scheme:WORD for Authorization: WORD KEY."
      ),
      .init(
        "proxy", .scalar(.proxy),
        "What it is reached through, by CONNECT: http://HOST:PORT, or environment for HTTPS_PROXY and NO_PROXY. Default: nothing."
      ),
      .init("headers", .map(.header, .scalar(.secret)), "Further headers for every request to this arm."),
      .init("effort_days", .scalar(.effort), "Person-days that moving to this arm takes, for the report."),
    ] + priceKeys

  static let baseline = ObjectShape(title: "baseline", keys: armKeys)

  static let candidate = ObjectShape(
    title: "candidate",
    keys: armKeys + [
      .init(
        "models", .map(.modelGlob, .scalar(.text)),
        "The application's model id to this arm's; * in both keeps the matched part. Any other model stays away.",
        missing: "without it no request can go to this candidate; to send every model under its own name say "
          + "models: { \"*\": \"*\" }")
    ] + outgoingKeys)

  static let traffic = ObjectShape(
    title: "traffic",
    keys: [
      .init(
        "sticky", .scalarOrList(.sticky),
        "Together stay: conversation (default), header:NAME, body:FIELD, none; in a list the first present wins."
      ),
      .init("rules", .list(.object(rule), 0...256), "First match wins; without a match the stage's weight applies."),
      .init(
        "fallback", .list(.scalar(.choice(FallbackTrigger.allCases.map(\.rawValue))), 0...10),
        "A canary that fails this way before its first token is answered by the baseline. Default: all."),
      .init("safety_net", .object(safetyNet), "How long a canary's answer is held back for that."),
      .init("timeouts", .object(timeouts), "Time-outs of candidates; the baseline gets what the client would wait."),
      .init("max_body", .scalar(.size), "Larger requests go to the baseline unshadowed. Default 32MiB."),
      .init("override", .scalar(.flag), "Whether a request may name its arm with x-crossfade-arm. Default false."),
    ])

  static let rule = ObjectShape(
    title: "rule",
    keys: [
      .init(
        "match", .map(.attribute, .scalarOrList(.text)),
        "model, path, header.NAME, body.FIELD: globs, of which all must match; a list matches when one of it does.",
        missing: "say match: { model: \"openai/*\" }"),
      .init(
        "weight", .scalarOrMap(.share, .candidate, .scalar(.share)), "Share of the matching requests, by candidate.",
        missing: "say weight: 0% to keep these requests on the baseline"),
      .init(
        "shadow", .scalarOrMap(.share, .candidate, .scalar(.share)),
        "Share of the matching requests that is copied, in stages that copy any. Default: the stage's; nothing where the "
          + "weight is 0%."),
    ])

  static let safetyNet = ObjectShape(
    title: "safety net",
    keys: [
      .init(
        "until", .scalar(.choice(SafetyNetHold.Until.allCases.map(\.rawValue))),
        "first_token (default), or head: nothing is held back."),
      .init("at_most", .scalar(.timeout), "A stream without a token is passed on after this. Default 5s."),
      .init("bytes", .scalar(.size), "As much of an answer is held at most. Default 64KiB."),
    ])

  static let timeouts = ObjectShape(
    title: "timeouts",
    keys: [
      .init("connect", .scalar(.timeout), "Until connected. Default 2s."),
      .init("first_byte", .scalar(.timeout), "From the last request byte to the answer's first. Default 60s."),
      .init("idle", .scalar(.timeout), "Between two bytes of an answer. Default 60s."),
      .init("total", .scalar(.timeout), "From the first request byte to the last answer byte. Default 10m."),
    ])

  static let shadow = ObjectShape(
    title: "shadow",
    keys: [
      .init("max_in_flight", .scalar(.count(1...65536)), "Beyond it copies are dropped and counted. Default 64."),
      .init("budget", .scalar(.dailyBudget), "Spent: shadowing stops until the next day (UTC). Default: none."),
      .init(
        "noise", .scalar(.share),
        "Share of copies also repeated on the baseline, to learn its own variation. Default 0%."),
      .init(
        "endpoints", .list(.scalar(.choice(Endpoint.allCases.map(\.word))), 1...Endpoint.allCases.count),
        "Endpoints whose requests are copied. Default: all that a candidate takes part in."),
    ])

  static let test = ObjectShape(
    title: "test",
    keys: [
      .init("threshold", .object(threshold), "A plain gate over a sliding window.", missing: "say test: sequential")
    ])

  static let threshold = ObjectShape(
    title: "threshold",
    keys: [
      .init("window", .scalar(.positiveDuration), "How far back it looks.", missing: "say window: 5m"),
      .init(
        "min_samples", .scalar(.count(1...1_000_000)), "Requests it needs to judge.", missing: "say min_samples: 50"),
      .init("interval", .scalar(.positiveDuration), "Between two looks. Default: after every request."),
      .init(
        "failures", .scalar(.count(1...1000)), "Looks in a row that must find the limit exceeded. Default 1."),
      .init("initial_delay", .scalar(.duration), "From a stage's entry to the first look. Default none."),
    ])

  static func conditions(_ title: String) -> ObjectShape {
    ObjectShape(
      title: title,
      keys: Metric.allCases.map {
        .init(
          $0.rawValue, .objectOrList(limits($0), 1...8),
          "Breached when every limit given here is exceeded at the same time; a list is so many conditions.")
      })
  }

  static func limits(_ metric: Metric) -> ObjectShape {
    let title =
      switch metric.unit {
      case .share: metric.isWorseBelow ? "least_share_limits" : "share_limits"
      case .milliseconds: "time_limits"
      case .dollars: "money_limits"
      case .tokensPerSecond: "speed_limits"
      case .score: "score_limits"
      }
    let kind = ScalarKind.limit(metric.unit)
    return ObjectShape(
      title: title,
      keys: metric.limitKinds.map { limit in
        limit.isRatio
          ? .init(limit.rawValue, .scalar(.ratio), "Candidate over baseline.")
          : .init(limit.rawValue, .scalar(kind), "In the metric's own unit: \(kind.noun).")
      }, isNeverEmpty: true)
  }

  static let stage = ObjectShape(
    title: "stage",
    keys: [
      .init("name", .scalar(.name), "Names the stage in decisions.", missing: "give the stage a name"),
      .init(
        "weight", .scalarOrMap(.share, .candidate, .scalar(.share)),
        "Share of live requests a candidate answers; by candidate where there are several. Default 0%."),
      .init(
        "shadow", .scalarOrMap(.share, .candidate, .scalar(.share)),
        "Share of the baseline's requests copied to a candidate; by candidate where there are several. Default 0%."),
      .init("hold", .scalar(.duration), "How long the stage lasts at least.", missing: "say hold: 24h"),
      .init(
        "min_samples", .scalar(.count(0...1_000_000_000)),
        "Requests each active candidate must have had here. Default 0."),
      .init(
        "min_rate", .scalar(.shareOfPeak),
        "How busy it must have been here: a share of the busiest minute of the rollout so far. Default: no matter."),
      .init(
        "advance", .scalar(.choice(["held", "proven"])),
        "held (default): the hold has passed; proven: not worse than allowed, established at the confidence."),
      .init("max_hold", .scalar(.positiveDuration), "How long proven may stay undecided before the rollout pauses."),
      .init("approval", .scalar(.flag), "Waits for 'crossfade promote'. Default false."),
      .init("holdback", .scalar(.properShare), "Kept on the baseline as the control of a stage at 100%. Default none."),
    ])

  /// Every mapping of the format with fixed keys, each once, with the path it stands at.
  static let everywhere: [(path: String, shape: ObjectShape)] = [
    ("the top level", root), ("baseline", baseline), ("candidates[]", candidate), ("candidates[].fields", fields),
    ("candidates[].fields.for", modelFields),
    ("prices", price), ("traffic", traffic), ("traffic.rules[]", rule), ("traffic.timeouts", timeouts),
    ("traffic.safety_net", safetyNet),
    ("shadow", shadow), ("test", test), ("test.threshold", threshold), ("rollback_when", conditions("rollback_when")),
    ("stages[]", stage), ("on_decision", onDecision), ("compare", compare), ("compare.text", text),
    ("compare.semantic", semantic), ("samples", samples), ("budgets[]", budget),
    ("guards", guards), ("guards.idempotency", idempotency), ("guards.duplicates", duplicates),
    ("guards.retries", retries), ("guards.retry_cap", retryCap), ("guards.queue", queue),
    ("guards.failover", failover), ("guards.limits[]", limit),
  ]
}
