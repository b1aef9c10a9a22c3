/// A job at a vendor, seen by an attempt as one long HTTP exchange: what it makes comes back as an answer of the
/// application's own form.
///
/// `JobMachine` decides, `JobLine` asks, `AnswerWriter` answers; its end is in `JobCall+End`.

import HTTPFraming
import MediaJobs
import NIOCore
import RolloutJudge

final class JobCall: ArmCall {
  let loop: LoopState
  let order: JobOrder
  private let submission: OutboundRequest
  let startedAt: Int64
  private let total: Int64?
  /// Held until the call ends, and let go then.
  var receiver: (any CallReceiver)?
  var machine: JobMachine
  let line: JobLine
  let clock: JobClock
  let writer: AnswerWriter
  /// The end of the creation, where that had no answer.
  private(set) var lostBy: CallEnding?
  /// As the answer to the creation says.
  private(set) var retryAfter: Duration?
  var figures = JobFigures()
  var areFiguresTold = false
  /// When the job was created, by the loop's clock.
  var createdAt: Int64?
  /// The request that creates it is on its way.
  var isSubmitted = false
  /// Nobody here looks after the job any more, and it goes on.
  var isLeft = false
  /// Bytes of one file; pictures are put into an answer whole.
  private static let fileLimit = 20 << 20
  private static let commentInterval: Int64 = 10_000_000_000

  init(
    loop: LoopState, order: JobOrder, submission: OutboundRequest, pool: UpstreamPool, receiver: any CallReceiver,
    patience: Patience, startedAt: Int64
  ) {
    self.loop = loop
    self.order = order
    self.submission = submission
    self.receiver = receiver
    self.startedAt = startedAt
    total = patience.total
    // A video is asked after by whoever wants it: of a copy's it is enough that it was made.
    machine = JobMachine(order.form, fetchesFiles: order.media.kind == .pictures)
    line = JobLine(loop, pool, order.form, patience)
    clock = JobClock(loop)
    writer = AnswerWriter(order, loop, isForCopies: pool.isForCopies)
  }

  // MARK: from the attempt

  /// Always on a connection of its own: what creates something is never sent twice.
  func start(fresh: Bool) {
    loop.jobs.insert(self)
    if let total { clock.set(.deadline, after: startedAt + total - loop.time) { [self] in deadlinePassed() } }
    if !line.pool.isForCopies { waitAloud(after: min(loop.shared.hold.atMost.nanoseconds, Self.commentInterval)) }
    obey(machine.start())
  }

  /// A stream that waits for its picture says so: there are clients, and hosts between, that give up a silent one.
  private func waitAloud(after nanoseconds: Int64) {
    clock.set(.comment, after: nanoseconds) { [self] in
      guard let receiver, !writer.hasBegun else { return }
      receiver.callWaits()
      waitAloud(after: Self.commentInterval)
    }
  }

  func send(_ bytes: ByteBuffer, last: Bool) { assertionFailure("a job's request is sent whole") }

  var isCongested: Bool { false }
  func pauseReading() { line.pauseReading() }
  func resumeReading() { line.resumeReading() }

  func cancel() {
    guard receiver != nil else { return }
    // The process may be gone before its vendor hears of it: then the next one calls it off once more.
    isLeft = loop.isDraining
    leave()
    receiver = nil
    obey(machine.clientLeft())
    if machine.phase == .ended { letGoOfAll() }
  }

  func letGo() { cancel() }

  /// Only what is held back is woken for, and that is whole by then or not there at all.
  func wake(after nanoseconds: Int64) {}

  // MARK: what the machine wants

  func obey(_ actions: [JobMachine.Action]) {
    for action in actions {
      switch action {
      case .submit:
        line.submit(submission, sent: { [self] in submitted() }, done: { [self] in created($0) })
      case .journal(let id) where order.media.kind == .videos && !line.pool.isForCopies: return promise(id)
      case .journal(let id):
        let report = machine.report
        began()
        figures.reserved = line.pool.isForCopies ? order.bound : 0
        loop.shared.observer.job(
          .began(
            OpenJob(
              arm: line.pool.target.index, id: id, at: loop.now(), pollPath: report.pollPath,
              resultPath: report.resultPath, cancelPath: report.cancelPath,
              reserved: figures.reserved)))
      case .wait(let duration, let isAsked): wait(duration, isAsked: isAsked)
      case .poll: ask(order.form.poll, at: machine.report.pollPath)
      case .askForResult: ask(order.form.result ?? order.form.poll, at: machine.report.resultPath)
      case .fetch(let file): fetch(machine.report.outputs[file])
      case .finish: finish()
      case .cancel: line.callOff(at: machine.report.cancelPath, id: machine.report.id ?? "")
      case .possiblyBilled: figures.isPossiblyBilled = true
      case .fail(let failure): fail(failure)
      }
    }
  }

  private func submitted() {
    isSubmitted = true
    receiver?.callSent()
  }

  private func created(_ reply: JobDocument.Reply) {
    switch reply {
    case .ended(let ending, let wasSent):
      lostBy = ending
      if ending == .exhausted || ending == .abandoned { return end(ending) }
      obey(machine.creationLost(wasSent: wasSent))
    case .answered(let status, let body, let facts):
      retryAfter = facts.retryAfter
      obey(machine.created(read(status, body, facts)))
    }
    if machine.phase == .ended, receiver == nil { letGoOfAll() }
  }

  private func ask(_ request: JobRequest, at path: String?) {
    let isAsked = line.ask(request, at: path, id: machine.report.id ?? "") { [self] in polled($0) }
    if isAsked { return }
    obey(machine.polled(.refused(status: 400, message: "the vendor names no address for it"), retryAfter: nil))
  }

  private func polled(_ reply: JobDocument.Reply) {
    switch reply {
    case .ended(.abandoned, _): end(.abandoned)
    case .ended: obey(machine.pollLost())
    case .answered(let status, let body, let facts):
      obey(machine.polled(read(status, body, facts), retryAfter: facts.retryAfter))
    }
  }

  private func read(_ status: Int, _ body: [UInt8], _ facts: JobDocument.Facts) -> JobMachine.Reply {
    figures.units = facts.units ?? figures.units
    return JobMachine.Reply(status: status, body, order.form)
  }

  private func wait(_ duration: Duration, isAsked: Bool) {
    // Many jobs that were created together are not to be asked after together.
    let jitter = isAsked ? 1 : 0.85 + 0.3 * loop.random.unit()
    clock.set(.next, after: Int64(Double(duration.nanoseconds) * jitter)) { [self] in obey(machine.woke()) }
  }

  private func fetch(_ url: String) {
    if case .images(links: true) = order.media.form {
      if let receiver { writer.link(to: url, receiver) }
      return obey(machine.fetched())
    }
    if !line.fetch(url, limit: Self.fileLimit, for: self) { fileEnded(Self.nowhere) }
  }

  private static let nowhere =
    JobFile.End.failed("the address of its file is none that is fetched from", mayTryAgain: false)
}

extension JobCall: JobFileReader {
  func fileBegan(type: String) { if let receiver { writer.open(type: type, receiver) } }

  func fileBytes(_ bytes: RawSpan) { if let receiver { writer.write(bytes, receiver) } }

  func fileBurstEnded() { receiver?.readBurstEnded() }

  func fileEnded(_ end: JobFile.End) {
    switch end {
    case .complete:
      line.drop()
      if let receiver { writer.close(receiver) }
      obey(machine.fetched())
    case .stalled:
      leave()
      self.end(.clientStalled)
    case .moved(let url):
      if !line.follow(url, limit: Self.fileLimit, for: self) { fileEnded(Self.nowhere) }
    case .failed(let reason, let mayTryAgain):
      line.drop()
      obey(machine.fileFailed(reason, mayTryAgain: mayTryAgain))
    }
  }
}
