/// Every key of the scenario format: name, form, meaning; the checks walk it, the JSON Schema is printed from it.

enum ScenarioKeys {
  static let root = ObjectShape(
    title: "scenario",
    keys: [
      .init("runs", .scalar(.count(1...1_000_000)), "How many rollouts are imagined. Default 1000."),
      .init("seed", .scalar(.count(0...1_000_000_000)), "The same seed gives the same runs. Default 1."),
      .init(
        "rate", .scalarOrObjects(.rate, rateStep, 1...1000),
        "Requests that arrive on average (10/s, 600/m), or a list of {at, rate}, repeated daily within a day. Default 1/s."
      ),
      .init("mix", .list(.object(kind), 1...100), "Kinds of requests, by shares of them; absent: all alike."),
      .init("units", .object(units), "Sticky units; absent: every request is its own."),
      .init("baseline", .object(behavior), "How the baseline answers."),
      .init("candidate", .object(behavior), "How every candidate answers; what is not said is as the baseline's."),
      .init("changes", .list(.object(change), 0...1000), "How an arm changes; what is not said stays."),
      .init("outages", .object(outages), "Hit both arms alike, at a phase drawn for each run."),
      .init("incidents", .objectOrList(incident, 1...100), "One arm's own troubles, at a phase drawn for each run."),
      .init("hours", .list(.object(hour), 1...1000), "How slow both arms are by the hour, daily."),
      .init("store", .object(recurrence), "Times at which nothing can be journaled."),
      .init("bad_units", .object(badUnits), "Units that fail by their own doing, on whichever arm."),
      .init("patience", .object(latency), "How long a client waits for a live answer, log-normal. Default: for ever."),
      .init("retries", .object(retries), "What the application sends again. Default: nothing."),
      .init(
        "until", .scalar(.positiveDuration),
        "When a run still under way is given up. Default: a day after every hold has passed."),
    ])

  static let rateStep = ObjectShape(
    title: "rate_step",
    keys: [
      .init("at", .scalar(.duration), "Since the rollout began, or since midnight.", missing: "say at: 6h"),
      .init("rate", .scalar(.rate), "From then on.", missing: "say rate: 10/s"),
    ])

  static let units = ObjectShape(
    title: "units",
    keys: [
      .init("count", .scalar(.count(1...1_000_000)), "How many there are.", missing: "say count: 400"),
      .init(
        "heavy", .scalar(.spread), "Skew of their activity, the sigma of a log-normal; 0: all alike. Default 0."),
      .init(
        "latency", .scalar(.spread), "How much slower some are answered than others, a sigma like that. Default 0."),
    ])

  static let behavior = ObjectShape(
    title: "behavior",
    keys: [
      .init("error_rate", .scalar(.share), "Share of attempts that fail. Default 1%."),
      .init("latency", .object(latency), "Of answers, log-normal. Default 900ms, sigma 0.6."),
      .init(
        "error_latency", .scalar(.duration),
        "How long errors take; from the playbook's first_byte on they are time-outs. Default 120ms."),
      .init("cost", .object(cost), "USD an answer, log-normal. Default: unknown."),
      .init(
        "jobs", .object(jobs),
        "What it makes is made by jobs, asked after until they end: latency is the vendor's own. Default: no."),
      .init(
        "mismatch_rate", .scalar(.share),
        "Share of answers that are another than the baseline's; the baseline's own: of its second answers. Default 0%."),
    ])

  static let jobs = ObjectShape(
    title: "jobs",
    keys: [.init("stuck", .scalar(.share), "Share of jobs that never end. Default 0%.")])

  static let latency = ObjectShape(
    title: "latency",
    keys: [
      .init("median", .scalar(.positiveDuration), "Half of the answers are quicker.", missing: "say median: 900ms"),
      .init("sigma", .scalar(.spread), "Of the logarithm. Default 0.6."),
    ])

  static let cost = ObjectShape(
    title: "cost",
    keys: [
      .init("mean", .scalar(.cost), "USD an answer.", missing: "say mean: 0.002"),
      .init("sigma", .scalar(.spread), "Of the logarithm. Default 1."),
    ])

  static let change = ObjectShape(
    title: "change",
    keys: [
      .init("at", .scalar(.duration), "Since the rollout began.", missing: "say at: 2h"),
      .init("model", .scalar(.text), "Only for requests of the mix with this model. Default: all."),
      .init("baseline", .object(behavior), "What becomes different about the baseline."),
      .init("candidate", .object(behavior), "What becomes different about every candidate."),
    ])

  static let outages = ObjectShape(
    title: "outages",
    keys: [
      .init("every", .scalar(.positiveDuration), "From the start of one to the next.", missing: "say every: 30m"),
      .init("lasting", .scalar(.positiveDuration), "Of each.", missing: "say lasting: 20s"),
      .init("error_rate", .scalar(.share), "Meanwhile, on both arms.", missing: "say error_rate: 50%"),
    ])

  static let badUnits = ObjectShape(
    title: "bad_units",
    keys: [
      .init("share", .scalar(.share), "Of all units.", missing: "say share: 3%"),
      .init("error_rate", .scalar(.share), "Of their requests.", missing: "say error_rate: 50%"),
    ])

  static let kind = ObjectShape(
    title: "kind",
    keys: [
      .init("share", .scalar(.share), "Of all requests.", missing: "say share: 20%"),
      .init("model", .scalar(.text), "What they ask for. Default: a model that most candidates serve."),
      .init("path", .scalar(.text), "Where they go. Default /v1/chat/completions."),
      .init("header", .map(.header, .scalar(.text)), "Their headers, for the playbook's rules."),
      .init("body", .map(.bodyPath, .scalar(.text)), "Their body's fields by dotted path, for the playbook's rules."),
      .init("baseline", .object(behavior), "What is different about the baseline's answers to them."),
      .init("candidate", .object(behavior), "What is different about every candidate's."),
    ])

  static let recurrence = ObjectShape(title: "recurrence", keys: times)

  private static let times: [ObjectShape.Key] = [
    .init("every", .scalar(.positiveDuration), "From the start of one to the next.", missing: "say every: 3h"),
    .init("lasting", .scalar(.positiveDuration), "Of each.", missing: "say lasting: 1m"),
  ]

  static let incident = ObjectShape(
    title: "incident",
    keys: times + [
      .init("baseline", .object(behavior), "What is different about the baseline meanwhile."),
      .init("candidate", .object(behavior), "What is different about every candidate meanwhile."),
    ])

  static let hour = ObjectShape(
    title: "hour",
    keys: [
      .init("at", .scalar(.duration), "Since midnight, when every rollout begins.", missing: "say at: 9h"),
      .init(
        "latency", .scalar(.ratio), "A factor on the time of every answer from then on.", missing: "say latency: 1.5"),
    ])

  static let retries = ObjectShape(
    title: "retries",
    keys: [
      .init("share", .scalar(.share), "Of failed requests.", missing: "say share: 80%"),
      .init("at_most", .scalar(.count(1...20)), "Of one request. Default 2."),
      .init("after", .scalar(.duration), "How long after the failure. Default 500ms."),
    ])

  /// Every mapping with fixed keys, with the path it stands at.
  static let everywhere: [(path: String, shape: ObjectShape)] = [
    ("the top level", root), ("rate[]", rateStep), ("units", units), ("baseline", behavior), ("candidate", behavior),
    ("latency", latency), ("cost", cost), ("jobs", jobs), ("changes[]", change), ("outages", outages),
    ("bad_units", badUnits),
    ("mix[]", kind), ("incidents", incident), ("hours[]", hour), ("store", recurrence), ("retries", retries),
  ]
}

extension KeyKind {
  static let bodyPath = KeyKind(noun: "a field", pattern: "^.+$") {
    $0.isEmpty ? Refusal("a field must not be empty") : nil
  }
}

extension ScalarKind {
  /// `10/s`, `600/m`, `36000/h`.
  static let rate = ScalarKind(
    noun: "a rate such as 10/s", schema: pattern("^[0-9]+(\\.[0-9]+)?/(s|m|h|d)$")
  ) { text in
    switch readRate(text) {
    case .value: nil
    case .refused(let message, let say): Refusal(message, say: say)
    }
  }

  /// The sigma of a log-normal; beyond 5 its mean lies where no draw ever falls.
  static let spread = ScalarKind(
    noun: "a number from 0 to 5", schema: number("number", [("minimum", 0), ("maximum", 5)])
  ) { text in
    switch readNumber(text) {
    case .value(let value): value <= 5 ? nil : Refusal("cannot be more than 5")
    case .refused(let message, let say): Refusal(message, say: say)
    }
  }

  /// USD, with or without its sign.
  static let cost = ScalarKind(
    noun: "an amount of money such as 0.002",
    schema: .object([
      (
        "anyOf",
        .array([.object([("type", "number"), ("minimum", 0)]), pattern("^\\$?[0-9]+(\\.[0-9]+)?$")])
      )
    ])
  ) { text in
    switch readCost(text) {
    case .value: nil
    case .refused(let message, let say): Refusal(message, say: say)
    }
  }
}

func readCost(_ text: String) -> UnitReading<Double> {
  text.hasPrefix("$") ? readDollars(text) : readNumber(text)
}

/// Requests a second, at most a million.
func readRate(_ text: String) -> UnitReading<Double> {
  let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
  guard parts.count == 2 else {
    let isBare = readNumber(text).value != nil
    return .refused(isBare ? "a rate needs its unit" : "not a rate", say: isBare ? "say \(text)/s" : "say 10/s")
  }
  let seconds: Double
  switch parts[1] {
  case "s": seconds = 1
  case "m": seconds = 60
  case "h": seconds = 3600
  case "d": seconds = 86400
  default: return .refused("a rate is per s, m, h or d", say: "say 10/s")
  }
  // A day's requests may exceed what a plain number may be.
  guard let number = readCount(String(parts[0])).value.map(Double.init) ?? readNumber(String(parts[0])).value else {
    return .refused("not a rate", say: "say 10/s")
  }
  guard number / seconds <= 1e6 else { return .refused("a rate cannot be more than 1000000/s", say: nil) }
  return .value(number / seconds)
}
