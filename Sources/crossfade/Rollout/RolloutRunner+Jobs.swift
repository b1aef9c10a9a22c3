/// Jobs at vendors of pictures: written down while they run, so that those that a crash left behind are called off.

import Journal
import Logging
import OperatorLog
import RolloutJudge
import RolloutSteering
import SidecarProxy
import TrafficSplit

extension RolloutRunner {
  /// A job that could not be written down goes on all the same; the store's own troubles are told where it is looked after.
  func receive(_ event: JobEvent, generation: Int) async {
    switch event {
    case .began(let job):
      if let arm = translated(job.arm, from: generation) {
        var own = job
        own.arm = arm
        reserve(own)
      }
      guard let stored = stored(job, generation) else { return }
      await keep { journal throws(JournalError) in try journal.begin(stored) }
    case .ended(let arm, let id):
      guard let arm = translated(arm, from: generation) else { return }
      let (name, rollout) = (playbook.arm(arm).name, playbook.name)
      await keep { journal throws(JournalError) in try journal.end(jobOf: name, id: id, rollout: rollout) }
    case .settled(let arm, let id, let how):
      guard let arm = translated(arm, from: generation) else { return }
      log.logger(label: "crossfade").notice(
        "a job of \(playbook.arm(arm).name) that an earlier process had begun \(how): \(id.prefix(80))")
    }
  }

  private func stored(_ job: OpenJob, _ generation: Int) -> StoredJob? {
    guard let arm = translated(job.arm, from: generation) else { return nil }
    return StoredJob(
      rollout: playbook.name, arm: playbook.arm(arm).name, id: job.id, at: job.at, pollPath: job.pollPath,
      resultPath: job.resultPath, cancelPath: job.cancelPath)
  }

  /// The jobs that an earlier process left, by the arms of the present playbook. Those of other arms stay where they are.
  func leftJobs() async -> [OpenJob] {
    let rollout = playbook.name
    let stored = await keep { journal throws(JournalError) in try journal.openJobs(rollout: rollout) }
    return (stored ?? []).compactMap { job in
      guard let index = playbook.candidates.firstIndex(where: { $0.name == job.arm && $0.outgoing.jobs != nil }) else {
        return nil
      }
      return OpenJob(
        arm: .candidate(index), id: job.id, at: job.at, pollPath: job.pollPath, resultPath: job.resultPath,
        cancelPath: job.cancelPath)
    }
  }
}
