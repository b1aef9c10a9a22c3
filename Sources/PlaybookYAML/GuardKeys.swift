/// The keys under `guards:`: what stands before the arms on the application's behalf, all of it optional.

import Guards
import RolloutJudge

extension PlaybookKeys {
  static let guards = ObjectShape(
    title: "guards",
    keys: [
      .init(
        "idempotency", .object(idempotency),
        "One key, one caller, one body: one upstream request; later ones get the same answer."),
      .init("duplicates", .object(duplicates), "The same without a key, for a double click."),
      .init("retries", .object(retries), "Attempts that failed are repeated here, before the client has a byte."),
      .init("retry_cap", .object(retryCap), "Beyond a share of repeats a caller is answered here."),
      .init("queue", .object(queue), "So many requests at a time to each arm; the others wait in a fair order."),
      .init(
        "failover", .object(failover),
        "The baseline's own failure is answered by a candidate that the stage trusts with live traffic."),
      .init(
        "limits", .list(.object(limit), 1...100),
        "Requests a minute and money a day; over it 429, before any arm is paid."),
    ], isNeverEmpty: true)

  static let idempotency = ObjectShape(
    title: "idempotency",
    keys: [
      .init("header", .scalar(.plainHeader), "The header that holds the key. Default idempotency-key."),
      .init("window", .scalar(.keptFor), "How long an answer is kept. Default 10m, at most 24h."),
      .init("answers", .scalar(.count(1...1_000_000)), "Answers remembered, at most. Default 10000."),
      .init("bytes", .scalar(.size), "Of all kept answers, in memory. Default 64MiB."),
      .init(
        "joiners", .scalar(.count(1...10_000)), "Requests that may share one answer under way. Default 100; then 429."),
    ])

  static let duplicates = ObjectShape(
    title: "duplicates",
    keys: [
      .init("window", .scalar(.clickWindow), "From the first one's arrival. Default 2s, at most 60s."),
      .init(
        "match", .map(.attribute, .scalarOrList(.text)),
        "Only requests that match: model, path, header.NAME, body.FIELD with globs. Default: all."),
    ])

  static let retries = ObjectShape(
    title: "retries",
    keys: [
      .init("max", .scalar(.count(1...5)), "Beyond the first attempt. Default 2."),
      .init("on", .list(.scalar(.guardTrigger), 1...GuardTrigger.allCases.count), "Failures. Default: all of them."),
      .init(
        "backoff", .scalar(.backoff),
        "The first wait at most, drawn from all of it; it doubles. Default 500ms. Retry-After goes first."),
      .init("budget", .scalar(.someShare), "Share of requests that all retries may be. Default 20%."),
    ])

  static let retryCap = ObjectShape(
    title: "retry_cap",
    keys: [
      .init("per", .scalar(.group), "Who is held to it: caller (default) or tag.NAME."),
      .init("share", .scalar(.someShare), "Share of repeats that passes. Default 20%."),
      .init(
        "then", .scalar(.choice(["429"])), "The answer to others, with a Retry-After that spreads them. Default 429."),
    ])

  static let queue = ObjectShape(
    title: "queue",
    keys: [
      .init(
        "in_flight", .scalar(.inFlight), "Requests of one arm at a time, or auto: learnt from its time to first token.",
        missing: "say in_flight: 100, or in_flight: auto"),
      .init("waiting", .scalar(.count(0...100_000)), "Requests that wait for one arm. Default 500; then 429."),
      .init("at_most", .scalar(.timeout), "How long one waits. Default 10s; then 429."),
      .init("fair_by", .scalar(.group), "Whose turns are equal: caller or tag.NAME. Default: the order of arrival."),
    ])

  static let failover = ObjectShape(
    title: "failover",
    keys: [
      .init("on", .list(.scalar(.guardTrigger), 1...GuardTrigger.allCases.count), "Failures. Default: all of them.")
    ])

  static let limit = ObjectShape(
    title: "limit",
    keys: [
      .init("tag", .scalar(.tagValue), "Only requests with this tag, such as team=search."),
      .init("per", .scalar(.group), "Each caller by itself, or each value of a tag: caller or tag.NAME."),
      .init("per_day", .scalar(.dayAmount), "What their answers may cost in a day (UTC)."),
      .init("per_minute", .scalar(.count(1...1_000_000)), "How many there may be in a minute."),
    ])
}

extension ScalarKind {
  static let guardTrigger = choice(GuardTrigger.allCases.map(\.rawValue))

  static let plainHeader = ScalarKind(
    noun: "a header's name such as idempotency-key", schema: pattern("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
  ) { text in
    guard isHeaderName(text) else { return Refusal("not a header's name", say: "say idempotency-key") }
    return namesCredential(text.lowercased()) ? Refusal("a credential is no key of a request") : nil
  }

  static let keptFor = bounded(.positiveDuration, by: .seconds(86_400), "an answer cannot be kept longer than 24h")

  static let clickWindow = bounded(.positiveDuration, by: .seconds(60), "who asks again after 60s means it")

  static let backoff = bounded(.positiveDuration, by: .seconds(30), "a retry does not wait longer than 30s")

  private static func bounded(_ base: ScalarKind, by most: Duration, _ message: String) -> ScalarKind {
    var kind = base
    kind.check = { text in
      if let refusal = base.check(text) { return refusal }
      return readDuration(text).value.map { $0 > most } ?? false
        ? Refusal(message, say: "say \(durationText(most)) or less") : nil
    }
    return kind
  }

  /// More than nothing.
  static let someShare = unit(
    "a share such as 20%", pattern("^0*(100(\\.0+)?|[0-9]{1,2}(\\.[0-9]+)?)%$"), readShare
  ) {
    $0 > 0 ? nil : Refusal("must be more than 0%", say: "remove the guard for none")
  }

  static let group = ScalarKind(noun: "caller or tag.NAME", schema: pattern("^(caller|tag\\.[A-Za-z0-9_]+)$")) { text in
    if text == "caller" { return nil }
    if text.hasPrefix("tag.") { return KeyKind.tag.check(String(text.dropFirst(4))) }
    let near = nearestWord(to: text, among: ["caller", "tag."])
    return Refusal("must be caller or tag.NAME", say: near.map { "did you mean '\($0)'?" } ?? "say tag.team")
  }

  static let inFlight = ScalarKind(
    noun: "a number such as 100, or auto",
    schema: .object([
      ("anyOf", .array([.object([("enum", .strings(["auto"]))]), count(1...100_000).schema]))
    ])
  ) { text in
    if text == "auto" { return nil }
    guard Int(text) == nil else { return count(1...100_000).check(text) }
    let near = nearestWord(to: text, among: ["auto"])
    return Refusal("must be a number or auto", say: near.map { "did you mean '\($0)'?" } ?? "say 100")
  }
}
