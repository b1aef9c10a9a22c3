/// The instants at which a job is asked after, by the machine that asks in production: what a vendor has made is known at the next.

import MediaJobs
import RolloutJudge

struct JobPolls: Sendable {
  /// Nanoseconds since the job's creation, rising.
  private let instants: [Int64]
  /// Share of the jobs that never end.
  let stuck: Double

  /// - Parameter deadline: when a job is called off.
  init(_ jobs: ArmBehavior.Jobs, deadline: Duration) {
    stuck = jobs.stuck
    let form = JobForm(submit: "", names: MediaNames(), poll: JobRequest(path: ""), outputs: [], error: [])
    var machine = JobMachine(form)
    var running = JobReport()
    (running.id, running.state) = ("job", .running)
    var (instants, now): ([Int64], Int64) = ([], 0)
    var actions = machine.start() + machine.created(.report(running))
    while now < deadline.nanoseconds {
      guard case .wait(let duration, _)? = actions.last else { break }
      now += duration.nanoseconds
      instants.append(now)
      _ = machine.woke()
      actions = machine.polled(.report(running), retryAfter: nil)
    }
    self.instants = instants.filter { $0 < deadline.nanoseconds }
  }

  /// - Parameter nanoseconds: when the vendor has it.
  /// - Returns: when that is known; nil: after the deadline.
  func found(_ nanoseconds: Double) -> Int64? {
    var (low, high) = (0, instants.count)
    while low < high {
      let middle = (low + high) / 2
      if Double(instants[middle]) < nanoseconds { low = middle + 1 } else { high = middle }
    }
    return low < instants.count ? instants[low] : nil
  }
}
