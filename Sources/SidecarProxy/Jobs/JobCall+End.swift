/// A job's end: what it made, why it made nothing, or nobody to make it for.

import HTTPFraming
import MediaJobs
import NIOCore
import RolloutJudge

extension JobCall {
  /// Who asks for a video gets its name at once, and asks after it by that: the job is the application's from here on.
  func promise(_ id: String) {
    guard let receiver else { return line.callOff(at: machine.report.cancelPath, id: id) }
    began()
    readFigures()
    tellFigures()
    let job = VideoJob(id: id, machine.report, order.form)
    writer.promise(VideoID(arm: line.pool.target.arm.name, job: job.text), at: order.address, to: receiver)
    isLeft = true
    end(.complete)
  }

  /// It exists.
  func began() {
    createdAt = loop.time
    figures.fate = .open
  }

  func finish() {
    readFigures()
    figures.fate = .succeeded
    figures.timeToResult = loop.time - (createdAt ?? startedAt)
    figures.cost = figures.cost(order.price, order.media)
    tellFigures()
    if let receiver {
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
    if createdAt != nil { figures.fate = .failed }
    figures.cost = figures.costOfFailure(order.form, order.price)
    tellFigures()
    switch failure {
    case .lost: end(lostBy ?? .lost("its creation was not answered", isStale: false))
    case .failed(nil) where lostBy != nil: end(lostBy ?? .cut)
    case .expired: end(.timedOut(after: loop.time - startedAt))
    case .refused(let status, let message): refuse(status: status, message ?? "the vendor refused it")
    case .failed(let message): tell(failed: message ?? "the job failed")
    case .noFile(let reason): tell(failed: reason)
    }
  }

  /// Nobody waits for it any more. Called off while it runs or not, it costs what it costs.
  func leave() {
    readFigures()
    if case .fetching = machine.phase {
      figures.fate = .succeeded
      figures.cost = figures.cost(order.price, order.media)
    } else if createdAt != nil {
      figures.fate = .calledOff
      figures.cost = figures.counted(order.price)
    }
    figures.isPossiblyBilled = isSubmitted
    tellFigures()
  }

  /// Once, before the end: whatever comes of it afterwards is no longer this attempt's.
  private func tellFigures() {
    guard !areFiguresTold else { return }
    areFiguresTold = true
    receiver?.jobEnded(figures)
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
    leave()
    obey(machine.deadlinePassed())
  }

  /// The process is about to stop. The job stays written down: the next process has it called off.
  func abandon() {
    isLeft = true
    leave()
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
