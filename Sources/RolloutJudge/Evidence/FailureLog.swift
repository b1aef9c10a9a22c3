/// What a candidate's attempts have failed of lately, by kind: what a decision's sentence names beside the share.

package import Dialects
import TrafficSplit

/// Attempts that failed in one way.
package struct FailureCount: Sendable, Equatable, Codable {
  package var outcome: Outcome
  /// Nil where no head was read.
  package var status: Int?
  /// Nil where the failure is the arm's own.
  package var mistake: OwnMistake?
  /// What the arm names of it: a field of the request.
  package var name: String?
  package var n: Int

  package init(outcome: Outcome, status: Int? = nil, mistake: OwnMistake? = nil, name: String? = nil, n: Int) {
    self.outcome = outcome
    self.status = status
    self.mistake = mistake
    self.name = name
    self.n = n
  }
}

/// Of one candidate and one population; the most recent `limit` failures.
struct FailureLog: Sendable {
  static let limit = 200
  /// Kinds that are told apart; further ones are counted by their outcome alone.
  static let maxKinds = 32

  private var kinds: [FailureCount] = []
  private var failures = LatestRing<Failure>(limit: limit)

  private struct Failure: Sendable {
    /// When the attempt began, in nanoseconds.
    var began: Int64
    var kind: Int
    /// The place of its model; -1: none.
    var stratum: Int
  }

  init() {}

  mutating func record(_ end: AttemptEnd, stratum: Int) {
    guard end.outcome.countsAsError else { return }
    failures.append(Failure(began: end.at.nanoseconds - end.latency, kind: kind(of: end), stratum: stratum))
  }

  private mutating func kind(of end: AttemptEnd) -> Int {
    var kind = FailureCount(
      outcome: end.outcome, status: end.status, mistake: end.mistake, name: end.mistaken, n: 0)
    if let known = kinds.firstIndex(of: kind) { return known }
    if kinds.count >= Self.maxKinds {
      kind = FailureCount(outcome: end.outcome, mistake: end.mistake, n: 0)
      if let known = kinds.firstIndex(of: kind) { return known }
    }
    kinds.append(kind)
    return kinds.count - 1
  }

  /// The most frequent first.
  ///
  /// - Parameters:
  ///   - since: Only of attempts that began then or later.
  ///   - stratum: Only of this model's; nil: of all.
  func counts(since: Instant, stratum: Int?) -> [FailureCount] {
    var counts = kinds
    for failure in failures.elements
    where failure.began >= since.nanoseconds && stratum ?? failure.stratum == failure.stratum {
      counts[failure.kind].n += 1
    }
    return counts.enumerated().filter { $0.element.n > 0 }
      .sorted { ($0.element.n, $1.offset) > ($1.element.n, $0.offset) }.map(\.element)
  }
}

extension FailureLog {
  /// By when the attempts began, in nanoseconds; the oldest failure first.
  struct Saved: Sendable, Equatable, Codable {
    var kinds: [FailureCount]
    var began: [Int64]
    var of: [Int]
    /// The places of their models; nil in older ones.
    var strata: [Int]?
  }

  var saved: Saved {
    let failures = failures.oldestFirst
    return Saved(
      kinds: kinds, began: failures.map(\.began), of: failures.map(\.kind), strata: failures.map(\.stratum))
  }

  init(_ saved: Saved) {
    guard saved.began.count == saved.of.count, saved.began.count <= Self.limit,
      saved.of.allSatisfy(saved.kinds.indices.contains)
    else { return }
    kinds = saved.kinds
    let strata = saved.strata ?? saved.began.map { _ in -1 }
    guard strata.count == saved.began.count else { return }
    for place in saved.began.indices {
      failures.append(Failure(began: saved.began[place], kind: saved.of[place], stratum: strata[place]))
    }
  }
}

/// All candidates' failures, live and shadow apart.
struct FailureMemory: Sendable {
  private var live: [FailureLog]
  private var shadow: [FailureLog]

  init(candidates: Int) {
    live = Array(repeating: FailureLog(), count: candidates)
    shadow = live
  }

  mutating func record(_ end: AttemptEnd, stratum: Int) {
    guard !end.arm.isBaseline, live.indices.contains(end.arm.candidate) else { return }
    if end.population == .live { live[end.arm.candidate].record(end, stratum: stratum) }
    if end.population == .shadow { shadow[end.arm.candidate].record(end, stratum: stratum) }
  }

  func counts(
    _ candidate: Int, _ population: Population, since: Instant, stratum: Int? = nil
  ) -> [FailureCount] {
    (population == .live ? live : shadow)[candidate].counts(since: since, stratum: stratum)
  }

  mutating func forget(_ candidate: Int) { (live[candidate], shadow[candidate]) = (FailureLog(), FailureLog()) }

  /// By candidate's name: live, then shadow.
  func saved(_ names: [String]) -> [String: [FailureLog.Saved]] {
    Dictionary(
      names.enumerated().map { ($1, [live[$0].saved, shadow[$0].saved]) }, uniquingKeysWith: { first, _ in first })
  }

  mutating func restore(_ saved: [String: [FailureLog.Saved]], _ names: [String]) {
    for (index, name) in names.enumerated() {
      guard let logs = saved[name], logs.count == 2 else { continue }
      (live[index], shadow[index]) = (FailureLog(logs[0]), FailureLog(logs[1]))
    }
  }
}
