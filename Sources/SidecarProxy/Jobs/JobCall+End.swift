/// A job's end: what it made, why it made nothing, or nobody to make it for.

import HTTPFraming
import MediaJobs
import NIOCore
import RolloutJudge

extension JobCall {
  /// Who asks for a video gets its name at once, and asks after it by that: the job is the application's from here on.
  func promise(_ id: String) {
    guard let receiver else { return line.callOff(at: machine.report.cancelPath, id: id) }
    let job = VideoJob(id: id, machine.report, order.form)
    writer.promise(VideoID(arm: line.pool.target.arm.name, job: job.text), at: order.address, to: receiver)
    isLeft = true
    end(.complete)
  }

  func finish() {
    readFigures()
    figures.cost = figures.cost(order.price, order.media)
    if let receiver {
      receiver.jobEnded(figures)
      if order.media.kind == .videos {
        // A copy's: what its application would have been told, long ago.
        let job = VideoJob(id: machine.report.id ?? "", machine.report, order.form)
        writer.promise(VideoID(arm: line.pool.target.arm.name, job: job.text), at: order.address, to: receiver)
      } else {
        writer.end(cost: figures.cost, receiver)
      }
    }
    end(.complete)
  }

  private func readFigures() {
    figures.read(machine)
    figures.bound = order.bound
    // What a video's application waits for is the promise; the baseline's is timed like that, too.
    if order.media.kind == .videos, let createdAt { figures.waited = loop.time - createdAt }
  }

  func fail(_ failure: JobMachine.Failure) {
    readFigures()
    figures.cost = figures.costOfFailure(order.form, order.price)
    receiver?.jobEnded(figures)
    switch failure {
    case .lost: end(lostBy ?? .lost("its creation was not answered", isStale: false))
    case .failed(nil) where lostBy != nil: end(lostBy ?? .cut)
    case .expired: end(.timedOut(after: loop.time - startedAt))
    case .refused(let status, let message): refuse(status: status, message ?? "the vendor refused it")
    case .failed(let message): tell(failed: message ?? "the job failed")
    case .noFile(let reason): tell(failed: reason)
    }
  }

  private func refuse(status: Int, _ message: String, code: String? = nil) {
    guard let receiver else { return }
    writer.refuse(status: status, line.pool.target.blotted(message), code: code, retryAfter: retryAfter, to: receiver)
    end(.complete)
  }

  /// A refusal for what is in the picture is the request's fault; everything else is the vendor's.
  private func tell(failed message: String) {
    // A part of a picture has gone, in the middle of a line: nothing readable can follow it.
    guard !writer.hasBegun else { return end(.cut) }
    let isModerated = JobFigures.tellsOfModeration(message)
    refuse(status: isModerated ? 400 : 502, message, code: isModerated ? "content_policy_violation" : nil)
  }

  func deadlinePassed() {
    // What is on its way to the client takes as long as the client takes.
    guard receiver != nil, !writer.hasBegun else { return }
    line.drop()
    obey(machine.deadlinePassed())
  }

  /// The process is about to stop. The job stays written down: the next process has it called off.
  func abandon() {
    isLeft = true
    end(.abandoned)
  }

  func end(_ ending: CallEnding) {
    let receiver = receiver
    letGoOfAll()
    receiver?.callEnded(ending)
  }

  func letGoOfAll() {
    receiver = nil
    clock.stop()
    line.drop()
    if let id = machine.report.id, !isLeft {
      loop.shared.observer.job(.ended(arm: line.pool.target.index, id: id))
    }
    loop.jobs.remove(self)
  }
}
