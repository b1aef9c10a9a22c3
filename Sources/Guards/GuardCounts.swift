/// What the guards have done: counted where it happens, added up by whoever receives batches.

package struct GuardCounts: Sendable, Equatable, Codable {
  /// Requests that got the answer of one under way, and of one that was over.
  package var joined = 0
  package var replayed = 0
  /// A key with another body: 422.
  package var otherBodies = 0
  /// Beyond as many as may join: 429.
  package var joinersRefused = 0
  /// Cut off, since they had fallen too far behind.
  package var joinersCut = 0
  /// Answers that there was no room to keep.
  package var notKept = 0
  /// USD that joined and replayed answers would have cost again, as far as known.
  package var dollarsSaved = 0.0
  package var retries = 0
  /// Retries after which the client got an answer.
  package var retriesHelped = 0
  /// Beyond their share of requests.
  package var retriesUnaffordable = 0
  /// Answered here, since their caller repeats too much: 429.
  package var capped = 0
  package var queued = 0
  /// There was no room to wait: 429.
  package var queueFull = 0
  /// Waited for as long as one may: 429.
  package var queueOverdue = 0
  package var queueNanoseconds = 0
  package var failovers = 0
  package var failoversHelped = 0
  /// Over a limit: 429, by the limit's place in the playbook.
  package var limited: [Int] = []

  package init() {}

  package mutating func noteLimited(_ limit: Int, _ count: Int = 1) {
    while limited.count <= limit { limited.append(0) }
    limited[limit] += count
  }

  package static func += (a: inout GuardCounts, b: GuardCounts) {
    a.joined += b.joined
    a.replayed += b.replayed
    a.otherBodies += b.otherBodies
    a.joinersRefused += b.joinersRefused
    a.joinersCut += b.joinersCut
    a.notKept += b.notKept
    a.dollarsSaved += b.dollarsSaved
    a.retries += b.retries
    a.retriesHelped += b.retriesHelped
    a.retriesUnaffordable += b.retriesUnaffordable
    a.capped += b.capped
    a.queued += b.queued
    a.queueFull += b.queueFull
    a.queueOverdue += b.queueOverdue
    a.queueNanoseconds += b.queueNanoseconds
    a.failovers += b.failovers
    a.failoversHelped += b.failoversHelped
    for (limit, count) in b.limited.enumerated() where count > 0 { a.noteLimited(limit, count) }
  }
}
