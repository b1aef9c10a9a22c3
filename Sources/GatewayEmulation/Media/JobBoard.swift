/// The jobs of an emulated gateway, bounded by number, and what was done with them.
import NIOCore

/// Running totals over all jobs.
package struct JobCounts: Sendable, Equatable {
  package var created = 0
  package var polled = 0
  /// Those that ended because they were cancelled.
  package var cancelled = 0
  package var filesFetched = 0
  /// Of those, the ones whose request carried a key, which a file's host should never see.
  package var filesFetchedWithKey = 0
  /// Files that were asked for through the vendor's API, key and all.
  package var contents = 0
  /// Requests that name a job of nobody's, such as those that another vendor sent here.
  package var strays = 0
  /// Of those, the ones with a key.
  package var straysWithKey = 0
  /// Jobs no longer known, because the board is bounded.
  package var forgotten = 0

  package init() {}
}

struct JobBoard: Sendable {
  static let limit = 10_000

  private var jobs: [String: EmulatedJob] = [:]
  private var order = CircularBuffer<String>()
  private(set) var counts = JobCounts()

  subscript(id: String) -> EmulatedJob? { jobs[id] }

  /// Oldest first.
  var all: [EmulatedJob] { order.compactMap { jobs[$0] } }

  mutating func add(_ job: EmulatedJob) {
    counts.created += 1
    jobs[job.id] = job
    order.append(job.id)
    while order.count > Self.limit, let oldest = order.popFirst() {
      jobs[oldest] = nil
      counts.forgotten += 1
    }
  }

  mutating func polled(_ id: String) {
    counts.polled += 1
    jobs[id]?.tally.polled += 1
  }

  /// - Returns: false where it had ended, or is not known.
  mutating func cancel(_ id: String, at now: Duration) -> Bool {
    guard let job = jobs[id] else { return false }
    jobs[id]?.tally.cancels += 1
    guard !job.isOver(at: now) else { return false }
    jobs[id]?.cancelledAt = now
    counts.cancelled += 1
    return true
  }

  mutating func contentAsked(_ id: String) {
    counts.contents += 1
    jobs[id]?.tally.contents += 1
  }

  mutating func strayed(withKey: Bool) {
    counts.strays += 1
    if withKey { counts.straysWithKey += 1 }
  }

  mutating func fetched(_ id: String, withKey: Bool) {
    counts.filesFetched += 1
    jobs[id]?.tally.fetched += 1
    guard withKey else { return }
    counts.filesFetchedWithKey += 1
    jobs[id]?.tally.fetchedWithKey += 1
  }
}
