/// The guards' counts by name, as metrics, status and report have them: one name for one thing.

package struct GuardRow: Sendable, Equatable {
  package var name: String
  package var result: String
  package var count: Double
  /// What it says, in words.
  package var words: String
}

extension GuardCounts {
  /// - Parameter limits: the playbook's, by their names.
  package func rows(limits names: [String]) -> [GuardRow] {
    func row(_ name: String, _ result: String, _ count: Int, _ words: String) -> GuardRow {
      GuardRow(name: name, result: result, count: Double(count), words: words)
    }
    var rows = [
      row("idempotency", "joined", joined, "requests that shared an answer under way, sent once"),
      row("idempotency", "replayed", replayed, "requests that got an answer that was kept"),
      row("idempotency", "other_body", otherBodies, "keys used with another body, answered 422"),
      row("idempotency", "crowded", joinersRefused, "requests beyond as many as may share one answer, answered 429"),
      row("idempotency", "cut", joinersCut, "clients too far behind a shared answer, cut off"),
      row("idempotency", "not_kept", notKept, "answers too long to be shared"),
      row("retries", "sent", retries, "attempts repeated: what they cost is waste"),
      row("retries", "helped", retriesHelped, "of them that brought an answer"),
      row("retries", "over_budget", retriesUnaffordable, "failures not repeated, beyond the budget"),
      row("retry_cap", "refused", capped, "repeats of a storm kept from every arm, answered 429"),
      row("queue", "waited", queued, "requests that waited for their turn"),
      row("queue", "full", queueFull, "requests that found no room to wait, answered 429"),
      row("queue", "overdue", queueOverdue, "requests that waited for as long as one may, answered 429"),
      row("failover", "sent", failovers, "failures of the baseline that a candidate was asked to answer for"),
      row("failover", "helped", failoversHelped, "of them that brought an answer"),
    ]
    for (limit, count) in limited.enumerated() {
      let name = names.indices.contains(limit) ? names[limit] : "\(limit)"
      rows.append(row("limits", name, count, "requests over the limit for \(name), kept from every arm, answered 429"))
    }
    return rows
  }

  package var queueSeconds: Double { Double(queueNanoseconds) / 1e9 }
}
