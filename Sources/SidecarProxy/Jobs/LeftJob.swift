/// A job that an earlier process began and nobody waits for: called off where its vendor can, else followed to its end, for
/// what it costs.

import MediaJobs
import NIOCore
import RolloutJudge
import TrafficSplit

final class LeftJob {
  private let loop: LoopState
  private let job: OpenJob
  private let form: JobForm
  private let line: JobLine
  private let clock: JobClock
  private var machine: JobMachine
  /// No vendor keeps a job for longer.
  private static let patience = Duration.seconds(3600)

  /// - Returns: nil where its arm makes nothing by jobs any more.
  init?(_ job: OpenJob, loop: LoopState) {
    guard loop.shadowPools.indices.contains(job.arm.rawValue) else { return nil }
    let pool = loop.shadowPools[job.arm.rawValue]
    // A vendor's pictures and videos are asked after alike.
    guard let row = pool.target.arm.outgoing.jobs?.row, let form = row.pictures ?? row.videos else { return nil }
    self.loop = loop
    self.job = job
    self.form = form
    line = JobLine(loop, loop.jobPool(beside: pool), form, loop.shared.patience)
    clock = JobClock(loop)
    var report = JobReport()
    report.id = job.id
    (report.pollPath, report.resultPath, report.cancelPath) = (job.pollPath, job.resultPath, job.cancelPath)
    machine = JobMachine(form, resuming: report)
  }

  func start() {
    guard form.cancel == nil else {
      line.callOff(at: job.cancelPath, id: job.id)
      return settle("was called off")
    }
    clock.set(.deadline, after: Self.patience.nanoseconds) { [self] in settle("never ended") }
    obey(machine.woke())
  }

  private func obey(_ actions: [JobMachine.Action]) {
    for action in actions {
      switch action {
      case .poll: ask(form.poll, at: machine.report.pollPath)
      case .askForResult: ask(form.result ?? form.poll, at: machine.report.resultPath)
      case .wait(let duration, _): clock.set(.next, after: duration.nanoseconds) { [self] in obey(machine.woke()) }
      case .finish: settle("was made for nobody, and is on the bill")
      case .fail: settle("came to nothing")
      case .submit, .journal, .fetch, .cancel, .possiblyBilled: break
      }
    }
  }

  private func ask(_ request: JobRequest, at path: String?) {
    let isAsked = line.ask(request, at: path, id: job.id) { [self] in polled($0) }
    if !isAsked { settle("cannot be asked after") }
  }

  private func polled(_ reply: JobDocument.Reply) {
    guard case .answered(let status, let body, let facts) = reply else { return obey(machine.pollLost()) }
    obey(machine.polled(JobMachine.Reply(status: status, body, form), retryAfter: facts.retryAfter))
  }

  private func settle(_ how: String) {
    clock.stop()
    if form.cancel == nil { line.drop() }
    loop.shared.observer.job(.settled(arm: job.arm, id: job.id, how))
    loop.shared.observer.job(.ended(arm: job.arm, id: job.id))
  }
}
