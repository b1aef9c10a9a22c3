/// The comparison's side of the runner: what compared pairs mean for the judge and the figures, and what is asked of those kept.

import AdminServer
import Journal
import MigrationReport
import RolloutJudge
import RolloutSteering
import SidecarProxy

extension RolloutRunner: ComparisonSink {
  @discardableResult
  func receive(_ pairs: [ComparedPair], generation: Int) async -> String {
    await untilSteady()
    for pair in pairs {
      guard let arm = translated(pair.candidate.arm, from: generation) else { continue }
      if var verdict = pair.verdict {
        verdict.candidate = arm
        machine.record(.compared(verdict))
      }
      count(
        CountedPair(
          candidate: arm, comparison: pair.comparison, noise: pair.noise, toolCalls: pair.toolCalls,
          labels: pair.baseline.labels))
    }
    let stage = machine.judge.directive.stage
    feed(.observed)
    return stage
  }

  func diffs(_ query: DiffsQuery) async throws -> [UInt8]? {
    guard let store else {
      throw CommandRefusal(.journalUnavailable, "the store is unavailable: \(machine.outage?.words ?? "not open")")
    }
    guard let journal = store.ownJournal else { return query.id == nil ? try SampleJSON.list([]) : nil }
    let rollout = playbook.name
    guard let id = query.id else {
      let samples = try await access.thread.perform { () throws(JournalError) in
        try journal.samples(
          rollout: rollout, candidate: query.candidate, order: query.isByDistance ? .distance : .newest,
          limit: query.limit)
      }
      return try SampleJSON.list(samples)
    }
    let samples = try await access.thread.perform { () throws(JournalError) in try journal.samples(exchange: id) }
      .filter { $0.candidate == query.candidate ?? $0.candidate }
    return samples.isEmpty ? nil : try SampleJSON.list(samples)
  }

  /// Counters of the comparison, for `/metrics`.
  func comparisonMetrics(_ counts: ComparisonService.Counts) -> [MetricFamily] {
    func counter(_ name: String, _ help: String, _ value: Int) -> MetricFamily {
      MetricFamily(name: "crossfade_\(name)", help: help, kind: .counter, samples: [.init([:], Double(value))])
    }
    var families = [
      counter("pairs_compared_total", "Copies' answers held against the baseline's.", counts.pairs),
      counter(
        "pairs_incomparable_total", "Of these, pairs of which one answer could not be read.", counts.incomparable),
      counter(
        "comparisons_dropped_total", "Exchanges not compared for want of room.",
        counts.dropped + counters.comparisonsDropped),
    ]
    if let samples = counts.samples {
      families.append(counter("samples_kept_total", "Compared pairs written to the store.", samples.kept))
      families.append(counter("samples_dropped_total", "Pairs that the store would not take.", samples.dropped))
    }
    if let semantic = counts.semantic {
      families.append(counter("semantic_asked_total", "Questions to the embeddings endpoint.", semantic.asked))
      families.append(
        counter("semantic_skipped_total", "Questions not asked: enough were under way.", semantic.skipped))
      families.append(counter("semantic_failed_total", "Questions without a usable answer.", semantic.failed))
    }
    return families
  }
}
