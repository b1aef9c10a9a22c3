/// The guards in words, a sentence for each.

import Guards
import RolloutJudge
import TrafficSplit

func guardTexts(_ playbook: Playbook) -> [String] {
  guard let guards = playbook.guards else { return [] }
  var texts = guards.limits.map { limitText($0, playbook) }
  if let cap = guards.retryCap {
    texts.append(
      "\(groupText(cap.per, playbook)) that repeats more than \(percentText(cap.share)) of its requests is answered 429 "
        + "here, with a Retry-After that spreads the crowd")
  }
  if let idempotency = guards.idempotency {
    let bounds = idempotency.bounds
    texts.append(
      "requests of one caller with the same \(idempotency.header) and body are sent once, and share the answer for "
        + "\(durationText(idempotency.window)) (\(bounds.answers) answers, \(sizeText(bounds.bytes)), "
        + "\(bounds.joiners) at a time); the same key with another body is answered 422")
  }
  if let duplicates = guards.duplicates {
    let match = duplicates.match.first.map { " with \(matchText($0))" } ?? ""
    texts.append(
      "the same body of one caller\(match) within \(durationText(duplicates.window)) is a double click, and is sent once; "
        + "callers are told apart by their keys")
  }
  if let queue = guards.queue { texts.append(queueText(queue, playbook)) }
  if let retries = guards.retries {
    texts.append(
      "an attempt that fails before its first byte (\(triggersText(retries.on))) is repeated up to \(retries.max) "
        + "\(retries.max == 1 ? "time" : "times") after up to \(durationText(retries.backoff)), doubling, or as Retry-After "
        + "says; all retries are at most \(percentText(retries.budget)) of requests, and none is of what may have had an effect"
    )
  }
  if let failover = guards.failover {
    texts.append(
      "where \(playbook.baseline.name) itself fails (\(triggersText(failover.on))), a candidate answers that the stage "
        + "gives live traffic and the request may go to; it counts for nobody")
  }
  return texts
}

private func triggersText(_ triggers: Set<GuardTrigger>) -> String {
  orList(GuardTrigger.allCases.filter(triggers.contains).map(\.rawValue))
}

private func groupText(_ group: Group, _ playbook: Playbook) -> String {
  switch group {
  case .caller: "a caller"
  case .tag(let index): "a \(playbook.tags.indices.contains(index) ? playbook.tags[index].name : "tag")"
  }
}

private func queueText(_ queue: GuardPolicy.QueuePolicy, _ playbook: Playbook) -> String {
  let limit =
    switch queue.inFlight {
    case .fixed(let count): "at most \(count) requests are under way"
    case .automatic: "as many requests are under way as its time to first token bears"
    }
  let order = queue.fairBy.map { ", \(groupText($0, playbook)) having its turn as often as any other," } ?? ""
  return
    "to each arm \(limit); \(queue.waiting) more wait\(order) for up to \(durationText(queue.atMost)), and others are "
    + "answered 429"
}

private func limitText(_ limit: GuardPolicy.Limit, _ playbook: Playbook) -> String {
  let who =
    switch limit.scope {
    case .everyone: "all requests together"
    case .each(let group): "each \(groupText(group, playbook).dropFirst(2)) by itself"
    case .tag(let index, let value): "requests with \(playbook.tags[index].name)=\(value)"
    }
  let may = [
    limit.perMinute.map { "be \($0) a minute" }, limit.dollarsPerDay.map { "cost \(dollarsText($0)) a day (UTC)" },
  ].compactMap(\.self)
  return "\(who) may \(may.joined(separator: " and ")); over it they are answered 429, before any arm is paid"
}
