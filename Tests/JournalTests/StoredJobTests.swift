/// Jobs that are not known to have ended outlive the process, and are struck out one by one.

import RolloutJudge
import Testing

@testable import Journal

struct StoredJobTests {
  private func job(_ id: String, at seconds: Int64, rollout: String = "pictures") -> StoredJob {
    StoredJob(
      rollout: rollout, arm: "replicate", id: id, at: Instant(nanoseconds: seconds * 1_000_000_000),
      pollPath: "/v1/predictions/\(id)", cancelPath: "/v1/predictions/\(id)/cancel")
  }

  @Test("what began and has not ended is found by the next process, oldest first")
  func outlives() throws {
    let file = try TestStore()
    let first = try Journal(path: file.path)
    for (id, at) in [("b", 2), ("a", 1), ("c", 3)] { try first.begin(job(id, at: Int64(at))) }
    try first.begin(job("x", at: 1, rollout: "another"))
    try first.end(jobOf: "replicate", id: "b", rollout: "pictures")
    try first.close()
    let next = try Journal(path: file.path)
    #expect(try next.openJobs(rollout: "pictures") == [job("a", at: 1), job("c", at: 3)])
    try next.close()
  }

  @Test("a job that is written down twice is one, and one that is unknown ends quietly")
  func twice() throws {
    let file = try TestStore()
    let journal = try Journal(path: file.path)
    try journal.begin(job("a", at: 1))
    try journal.begin(job("a", at: 1))
    try journal.end(jobOf: "replicate", id: "nobody's", rollout: "pictures")
    #expect(try journal.openJobs(rollout: "pictures").count == 1)
    try journal.close()
  }
}
