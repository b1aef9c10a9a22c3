/// Asks an arm after a video, and says the answer in OpenRouter's words, or passes the video on.

import HTTPFraming
import MediaJobs
import NIOCore
import RolloutJudge

final class VideoCall: ArmCall {
  private let loop: LoopState
  private let question: VideoQuestion
  private let line: JobLine
  private var receiver: (any CallReceiver)?
  /// Some of the video has been given.
  private var hasBegun = false
  /// Bytes of a video that are passed on.
  private static let fileLimit = 2 << 30

  init(
    loop: LoopState, question: VideoQuestion, pool: UpstreamPool, receiver: any CallReceiver, patience: Patience
  ) {
    self.loop = loop
    self.question = question
    self.receiver = receiver
    line = JobLine(loop, pool, question.form, patience)
  }

  // MARK: from the attempt

  func start(fresh: Bool) { ask(question.form.poll, at: question.job.pollPath) { $0.polled($1) } }

  func send(_ bytes: ByteBuffer, last: Bool) { assertionFailure("a question is sent whole") }

  var isCongested: Bool { false }
  func pauseReading() { line.pauseReading() }
  func resumeReading() { line.resumeReading() }

  func cancel() {
    receiver = nil
    line.drop()
  }

  func letGo() { cancel() }

  /// Nothing of it is held back.
  func wake(after nanoseconds: Int64) {}

  // MARK: asking

  private func ask(_ request: JobRequest, at path: String?, _ done: @escaping (VideoCall, JobDocument.Reply) -> Void) {
    let isAsked = line.ask(
      request, at: path, id: question.job.id, sent: { [self] in receiver?.callSent() },
      done: { [self] in done(self, $0) })
    if !isAsked { refuse(404, "no such video") }
  }

  private func polled(_ reply: JobDocument.Reply) {
    guard let report = read(reply) else { return }
    guard report.state == .succeeded, report.outputs.isEmpty, let result = question.form.result else {
      return tell(report)
    }
    ask(result, at: question.job.resultPath) { call, reply in
      guard var report = call.read(reply) else { return }
      report.state = report.outputs.isEmpty ? .failed : .succeeded
      call.tell(report)
    }
  }

  /// - Returns: nil where it was no report, and has been answered.
  private func read(_ reply: JobDocument.Reply) -> JobReport? {
    guard case .answered(let status, let body, _) = reply else {
      if case .ended(let ending, _) = reply { end(ending) }
      return nil
    }
    let report = JobReport(body, question.form)
    let isSuccess = (200..<300).contains(status)
    guard isSuccess, let report, !report.isRefused else {
      refuse(isSuccess ? 502 : status, report?.error ?? "the video's state cannot be read")
      return nil
    }
    return report
  }

  private func tell(_ report: JobReport) {
    note(report)
    guard let receiver else { return }
    guard question.wantsContent else {
      receiver.giveHead(status: 200, type: "application/json")
      var shown = report
      shown.error = report.error.map(line.pool.target.blotted)
      receiver.give(MediaAnswer.state(of: question.id.text, shown))
      receiver.giveEnd()
      return end(.complete)
    }
    guard report.state == .succeeded, let url = report.outputs.first else {
      return refuse(409, report.error ?? "the video is not made yet")
    }
    if !line.fetch(url, limit: Self.fileLimit, for: self) {
      refuse(502, "the address of the video is none that is fetched from")
    }
  }

  /// What became of it counts once, whoever asks how often.
  private func note(_ report: JobReport) {
    guard report.state != .running, report.state != .unsaid, loop.shared.videoArms.settle(video: question.id.text)
    else { return }
    let target = line.pool.target
    var figures = JobFigures()
    figures.fate = report.state == .succeeded ? .succeeded : .failed
    figures.assets = report.outputs.count
    figures.seconds = report.seconds
    figures.cost = report.dollars.map { $0 * target.arm.costFactor }
    loop.record(.videoSettled(target.index, JobNote(figures)))
  }

  private func refuse(_ status: Int, _ message: String) {
    guard let receiver else { return }
    receiver.giveHead(status: status, type: "application/json")
    receiver.give(MediaAnswer.error(status: status, line.pool.target.blotted(message)))
    receiver.giveEnd()
    end(.complete)
  }

  private func end(_ ending: CallEnding) {
    let receiver = receiver
    self.receiver = nil
    line.drop()
    receiver?.callEnded(ending)
  }
}

extension VideoCall: JobFileReader {
  func fileBegan(type: String) {
    hasBegun = true
    receiver?.giveHead(status: 200, type: type)
  }

  func fileBytes(_ bytes: RawSpan) {
    bytes.withUnsafeBytes { bytes in receiver?.give(Array(bytes)) }
  }

  func fileBurstEnded() { receiver?.readBurstEnded() }

  func fileEnded(_ end: JobFile.End) {
    switch end {
    case .complete:
      receiver?.giveEnd()
      self.end(.complete)
    case .stalled: self.end(.clientStalled)
    case .moved(let url):
      if !line.follow(url, limit: Self.fileLimit, for: self) { refuse(502, "the video is nowhere to be fetched from") }
    // A part of it may have gone: it ends where it is.
    case .failed(let reason, _): if hasBegun { self.end(.cut) } else { refuse(502, reason) }
    }
  }
}
