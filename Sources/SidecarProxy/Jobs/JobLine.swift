/// The requests about a job, one at a time: to the arm's own host, whatever a vendor's document names, and to its files'
/// hosts, which are told no key.

import HTTPFraming
import MediaJobs
import NIOCore
import RolloutJudge

final class JobLine {
  private let loop: LoopState
  let pool: UpstreamPool
  private let form: JobForm
  private let patience: Patience
  /// The request that is under way.
  private var call: UpstreamCall?
  private var isPaused = false
  private var redirects = 0
  /// Where the present file is.
  private var place: MediaURL?
  /// A question is answered within this, or asked again.
  private static let questionPatience = Duration.seconds(30)
  private static let redirectLimit = 3

  init(_ loop: LoopState, _ pool: UpstreamPool, _ form: JobForm, _ patience: Patience) {
    self.loop = loop
    self.pool = pool
    self.form = form
    self.patience = patience
  }

  /// The request that creates the job, on a connection of its own: it is never sent twice.
  func submit(_ request: OutboundRequest, sent: @escaping () -> Void, done: @escaping (JobDocument.Reply) -> Void) {
    let document = JobDocument(loop, unitsHeader: form.bill.unitsHeader, sent: sent) { [self] in end($0, done) }
    begin(.post, request, document, pool, patience, fresh: true)
  }

  /// - Parameters:
  ///   - path: as the vendor gave it, where it did.
  ///   - id: the vendor's own.
  /// - Returns: whether there is anywhere to ask.
  func ask(
    _ request: JobRequest, at path: String?, id: String, sent: (() -> Void)? = nil,
    done: @escaping (JobDocument.Reply) -> Void
  ) -> Bool {
    guard let outbound = outbound(request, at: path, id: id) else { return false }
    let document = JobDocument(loop, unitsHeader: form.bill.unitsHeader, sent: sent) { [self] in end($0, done) }
    begin(Self.method(request), outbound, document, pool, questionPatience)
    return true
  }

  /// Calls the job off; nobody waits for the answer.
  func callOff(at path: String?, id: String) {
    drop()
    guard let cancel = form.cancel, let outbound = outbound(cancel, at: path, id: id) else { return }
    begin(Self.method(cancel), outbound, JobDocument(loop) { _ in }, pool, questionPatience)
    call = nil
  }

  /// - Returns: whether it is somewhere that a vendor's file can be.
  func fetch(_ url: String, limit: Int, for reader: any JobFileReader) -> Bool {
    redirects = 0
    return get(MediaURL(url), limit: limit, for: reader)
  }

  private func get(_ place: MediaURL?, limit: Int, for reader: any JobFileReader) -> Bool {
    self.place = place
    guard let place, let pool = loop.mediaHosts.pool(for: place, of: pool) else { return false }
    var out = ByteBuffer()
    out.writeFileHead(place, pool.target)
    begin(.get, OutboundRequest(start: out), JobFile(limit: limit, for: reader), pool, patience)
    if isPaused { call?.pauseReading() }
    return true
  }

  /// - Returns: whether it moves on no more often than a file may.
  func follow(_ url: String, limit: Int, for reader: any JobFileReader) -> Bool {
    drop()
    redirects += 1
    return redirects <= Self.redirectLimit && get(place?.following(url), limit: limit, for: reader)
  }

  func pauseReading() {
    isPaused = true
    call?.pauseReading()
  }

  func resumeReading() {
    isPaused = false
    call?.resumeReading()
  }

  /// Nobody needs what is under way.
  func drop() {
    call?.cancel()
    call = nil
  }

  private func end(_ reply: JobDocument.Reply, _ done: (JobDocument.Reply) -> Void) {
    call = nil
    done(reply)
  }

  private func outbound(_ request: JobRequest, at path: String?, id: String) -> OutboundRequest? {
    guard let path = path ?? request.path?.replacing("{id}", with: id) else { return nil }
    let body = request.body.replacing("{id}", with: "\"\(id)\"")
    var out = ByteBuffer()
    out.writeJobHead(request.method, path, to: pool.target, bodyBytes: body.utf8.count)
    out.writeString(body)
    return OutboundRequest(start: out)
  }

  private static func method(_ request: JobRequest) -> HTTPMethod {
    switch request.method {
    case "POST": .post
    case "PUT": .put
    default: .get
    }
  }

  private var questionPatience: Patience {
    var question = Patience(connect: .nanoseconds(patience.connect), silence: Self.questionPatience)
    question.total = Self.questionPatience.nanoseconds
    return question
  }

  private func begin(
    _ method: HTTPMethod, _ request: OutboundRequest, _ receiver: any CallReceiver, _ pool: UpstreamPool,
    _ patience: Patience, fresh: Bool = false
  ) {
    let call = UpstreamCall(
      loop: loop, pool: pool, method: method, receiver: receiver, request: request, requestComplete: true,
      patience: patience, startedAt: loop.time, isKept: !fresh)
    self.call = call
    (receiver as? JobDocument)?.cancel = { call.cancel() }
    call.start(fresh: fresh)
  }
}
