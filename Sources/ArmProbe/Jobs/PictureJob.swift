/// One small picture, really made: the job's machine decides what comes next, and each step is a request.

import Dialects
import MediaJobs
import RolloutJudge

/// Blocks; used by one thread. The job is created once, on a connection of its own, and called off at the deadline.
struct PictureJob {
  let model: String
  let form: JobForm
  let url: ArmURL
  let submission: JobSubmission
  let headers: [String]
  let client: CurlClient
  let settings: ProbeSettings
  private var machine: JobMachine
  private var isOver = false
  private var finding: PictureFinding
  private let startedAt = ContinuousClock().now
  private static let fileBytes = 20 << 20
  private static let redirects = 3

  /// - Throws: what the vendor has no word for.
  init(
    _ model: String, _ jobs: ArmJobs, _ form: JobForm, _ changes: JobSubmission.Changes, headers: [String],
    client: CurlClient, settings: ProbeSettings
  ) throws(Untranslatable) {
    (self.model, self.form, url) = (model, form, jobs.url)
    (self.headers, self.client, self.settings) = (headers, client, settings)
    let wish = #"{"prompt":"A small red circle on white","n":1}"#
    submission = try JobSubmission(try MediaRequest(images: Array(wish.utf8)), form, model: model, changes)
    machine = JobMachine(form)
    finding = .failed(model: model, "it came to nothing")
  }

  mutating func run() -> PictureFinding {
    var actions = machine.start()
    while !actions.isEmpty, !isOver { actions += obey(actions.removeFirst()) }
    return finding
  }

  private mutating func obey(_ action: JobMachine.Action) -> [JobMachine.Action] {
    switch action {
    case .submit: return submit()
    case .journal, .possiblyBilled: return []
    case .wait(let duration, _): return wait(duration)
    case .poll: return ask(form.poll, at: machine.report.pollPath)
    case .askForResult: return ask(form.result ?? form.poll, at: machine.report.resultPath)
    case .fetch(let file): return fetch(machine.report.outputs[file])
    case .finish: isOver = true
    case .cancel:
      let isCalledOff = form.cancel.map { tell($0, at: machine.report.cancelPath)?.isSuccess == true } ?? false
      finding = .late(model: model, isCalledOff: isCalledOff)
    case .fail(let failure): fail(failure)
    }
    return []
  }

  private mutating func submit() -> [JobMachine.Action] {
    var request = CurlClient.Request(url: JobQuestion.address(submission.path, at: url), headers: headers)
    request.headers += ["Content-Type: application/json"] + submission.headers.map { "\($0.name): \($0.value)" }
    request.body = String(decoding: submission.body, as: UTF8.self)
    // On an open connection libcurl would send it twice where the first is lost.
    request.isFresh = true
    let answer = client.perform(request)
    guard let failure = answer.failure else { return machine.created(reply(answer)) }
    let wasSent = ![.dns, .connect, .tls, .local].contains(failure.kind)
    if !wasSent { finding = .failed(model: model, failure.text) }
    return machine.creationLost(wasSent: wasSent)
  }

  private func reply(_ answer: Transfer) -> JobMachine.Reply {
    JobMachine.Reply(status: answer.status ?? 0, answer.body, form)
  }

  private mutating func wait(_ duration: Duration) -> [JobMachine.Action] {
    guard ContinuousClock().now - startedAt + duration < settings.pictureTimeout, client.sleep(duration) else {
      return machine.deadlinePassed()
    }
    return machine.woke()
  }

  private mutating func ask(_ request: JobRequest, at path: String?) -> [JobMachine.Action] {
    guard let answer = tell(request, at: path) else {
      return machine.polled(.refused(status: 400, message: "the vendor names no address for it"), retryAfter: nil)
    }
    return answer.failure == nil ? machine.polled(reply(answer), retryAfter: nil) : machine.pollLost()
  }

  /// At the arm's own host, whatever the vendor's document names: the key goes along.
  private func tell(_ question: JobRequest, at path: String?) -> Transfer? {
    let id = machine.report.id ?? ""
    guard let path = path ?? question.path?.replacing("{id}", with: id) else { return nil }
    var request = CurlClient.Request(url: JobQuestion.address(path, at: url), headers: headers)
    if question.method != "GET" {
      request.headers.append("Content-Type: application/json")
      request.body = question.body.replacing("{id}", with: "\"\(id)\"")
      if question.method != "POST" { request.method = question.method }
    }
    return client.perform(request)
  }

  // MARK: its file

  /// The host is told nothing, the key above all.
  private mutating func fetch(_ address: String) -> [JobMachine.Action] {
    var address = address
    for _ in 0...Self.redirects {
      guard let place = MediaURL(address), mayFetch(place, address) else {
        return machine.fileFailed("the address of its file is none that is fetched from", mayTryAgain: false)
      }
      var request = CurlClient.Request(url: address)
      request.answerBytes = Self.fileBytes
      let answer = client.perform(request)
      if let next = answer.location {
        address = next
        continue
      }
      guard answer.failure == nil, answer.isSuccess, !answer.body.isEmpty else {
        let why = answer.failure?.text ?? "its file is answered \(answer.status ?? 0)"
        return machine.fileFailed(why, mayTryAgain: true)
      }
      finding = .made(
        model: model, time: ContinuousClock().now - startedAt, file: PictureFinding.PictureFile(answer.body))
      return machine.fetched()
    }
    return machine.fileFailed("its file is moved again and again", mayTryAgain: false)
  }

  /// No vendor's file is on this machine or its network, unless the arm is there itself. A public name may be given a
  /// private address, so that it is looked at before anything is asked there.
  private func mayFetch(_ place: MediaURL, _ address: String) -> Bool {
    if MediaURL("http://\(url.authority)/")?.isPrivate == true { return true }
    guard place.isTLS, !place.isPrivate else { return false }
    if settings.usesProxy { return true }
    let host = client.perform(CurlClient.Request(url: address, isHandshakeOnly: true)).remoteHost
    return host.map { !PrivateAddress.contains($0) } ?? false
  }

  private mutating func fail(_ failure: JobMachine.Failure) {
    isOver = true
    switch failure {
    case .refused(let status, let message):
      finding = .failed(model: model, "\(status)" + (message.map { ": \($0)" } ?? ""))
    case .failed(let message?): finding = .failed(model: model, message)
    case .failed(nil): break
    case .lost: finding = .lost(model: model)
    case .noFile(let reason): finding = .failed(model: model, reason)
    case .expired: if case .late = finding {} else { finding = .late(model: model, isCalledOff: false) }
    }
  }
}

extension Transfer {
  var isSuccess: Bool { failure == nil && status.map { (200..<300).contains($0) } == true }
}
