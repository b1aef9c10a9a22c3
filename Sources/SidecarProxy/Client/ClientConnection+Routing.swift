/// Choosing: a request that has been read is given to its arm.

import Dialects
import HTTPFraming
import NIOCore
import RolloutJudge
import TrafficSplit

extension ClientConnection {
  /// Bodies up to this many bytes are read whole where no endpoint needs it; larger ones pass on as they come.
  static let smallBody = 64 << 10

  /// The whole request has been read.
  func begin(_ exchange: Exchange) {
    let now = loop.time
    exchange.readAt = loop.instant(now)
    noteRetry(exchange, at: now)
    noteOutcome(exchange.request)
    if exchange.request.endpoint == nil,
      let (question, target) = VideoQuestion.read(exchange.request, loop.shared.targets)
    {
      return ask(question, of: target, exchange)
    }
    if let guards = loop.guards, exchange.request.endpoint != nil, !passes(guards, exchange, at: now) { return }
    if loop.shared.allowsOverride, let name = exchange.request.header("x-crossfade-arm") {
      return override(exchange, arm: name)
    }
    if exchange.request.asksForVideo, let arm = videoArm(of: exchange.request) {
      return send(exchange, to: arm, model: nil, .override)
    }
    assign(exchange)
    exchange.countsFor = exchange.assignment.arm
    blameOwn(exchange)
    let arm = exchange.assignment.arm
    exchange.owesCopies = !exchange.assignment.shadows.isEmpty
    exchange.overhead = exchange.isMeasured && loop.measuresOverhead(at: now) ? 0 : nil
    send(exchange, to: arm, model: exchange.assignment.candidateModel, .live)
    readQuietly(exchange, at: now)
  }

  /// The application asks after what an arm of ours has promised it, wherever other requests go by now.
  private func ask(_ question: VideoQuestion, of target: ArmTarget, _ exchange: Exchange) {
    exchange.arm = target.index
    let attempt = Attempt(
      loop: loop, pool: loop.livePools[target.index.rawValue], meter: nil, receiver: self,
      Attempt.Terms(method: .get, requestComplete: true, patience: loop.shared.patience))
    exchange.attempt = attempt
    attempt.start(OutboundRequest(start: ByteBuffer(), order: question))
  }

  /// The candidate that makes the video which is asked for. It is asked whatever its weight is by now.
  private func videoArm(of request: InboundRequest) -> ArmIndex? {
    loop.shared.videoArms.arm(ofPath: request.pathAfterVersion).flatMap { target(named: $0)?.index }
  }

  /// Nothing of a request that goes to the baseline whatever it says has to be known before it is sent.
  private func readQuietly(_ exchange: Exchange, at now: Int64) {
    guard loop.routing.table.isQuiet, let meter = exchange.attempt?.meter, loop.readsQuietly(at: now) else { return }
    exchange.readFacts(for: loop)
    meter.learn(from: exchange, of: loop.shared.targets[0].arm)
  }

  private func noteOutcome(_ request: InboundRequest) {
    guard request.head.known.contains(.crossfade),
      let value = request.header(OutcomeReport.header)
    else { return }
    guard let report = OutcomeReport(value) else {
      loop.ledger.counters.outcomesMalformed += 1
      return loop.scheduleHandOver()
    }
    loop.record(.outcomeReported(exchange: report.exchange, isSuccess: report.isSuccess))
  }

  private func assign(_ exchange: Exchange) {
    guard exchange.request.endpoint != nil, !loop.routing.table.isQuiet else { return }
    // A chunked one tells its length with its last byte.
    guard exchange.request.body.readableBytes <= loop.shared.maxBodyBytes else { return turnAwayLarge() }
    exchange.readFacts(for: loop)
    exchange.unit = loop.routing.table.unit(of: exchange.request, draw: exchange.draw).hash
    exchange.assignment = loop.routing.table.assign(exchange.request, unit: exchange.unit, draw: exchange.draw) {
      loop.ledger.turnedAway.note($0, $1, model: exchange.request.model)
    }
    if !loop.routing.spent.isEmpty {
      exchange.assignment.spare { loop.routing.hasSpent(on: $0, exchange.labels) }
    }
  }

  /// Counts each body that it finds too large: asked once of a length that the head tells, else of what has come.
  func isTooLarge(_ length: Int) -> Bool {
    guard length > loop.shared.maxBodyBytes else { return false }
    loop.ledger.counters.bodiesTooLarge += 1
    return true
  }

  /// A body that is too large is the baseline's, whatever it says.
  private func turnAwayLarge() {
    loop.routing.table.turnAwayLarge { loop.ledger.turnedAway.note($0, $1, model: nil) }
  }

  /// The request names its arm; it counts for nobody.
  private func override(_ exchange: Exchange, arm name: String) {
    guard let target = target(named: name) else { return refuseUnknownArm(exchange, arm: name) }
    exchange.readFacts(for: loop)
    guard !target.index.isBaseline else { return send(exchange, to: .baseline, model: nil, .override) }
    let request = exchange.request
    let model = request.facts?.model.flatMap(target.arm.models.candidateModel)
    if request.endpoint != nil {
      guard request.body.readableBytes <= loop.shared.maxBodyBytes else { return refuseOverride(exchange, arm: name) }
      guard model != nil else {
        return refuse(
          status: 400, "x-crossfade-arm: \(name) does not serve model '\(request.model ?? "")'", id: exchange.id)
      }
    }
    // To name an arm is no leave to break what the request itself demands.
    if let reason = loop.routing.table.ineligibility(of: request, for: target.index.rawValue - 1) {
      loop.ledger.turnedAway.note(target.index.rawValue - 1, reason, model: request.model)
      return refuse(
        status: 400, "x-crossfade-arm: this request may not go to \(name): \(reason.rawValue)", id: exchange.id)
    }
    send(exchange, to: target.index, model: model, .override)
  }

  private func target(named name: String) -> ArmTarget? { loop.shared.targets.first { $0.arm.name == name } }

  private func refuseUnknownArm(_ exchange: Exchange, arm name: String) {
    let names = loop.shared.targets.map(\.arm.name).joined(separator: ", ")
    refuse(status: 400, "x-crossfade-arm: no arm named '\(name)'; there are \(names)", id: exchange.id)
  }

  /// A body that is not kept cannot be made to fit a candidate.
  private func refuseOverride(_ exchange: Exchange, arm name: String) {
    guard target(named: name) != nil else { return refuseUnknownArm(exchange, arm: name) }
    let reason =
      exchange.request.endpoint == nil
      ? "only requests to the inference endpoints can be longer than \(Self.smallBody) bytes and go to \(name)"
      : "a body longer than max_body, \(loop.shared.maxBodyBytes) bytes, cannot go to \(name)"
    refuse(status: 413, "x-crossfade-arm: \(reason)", id: exchange.id)
  }

  /// - Parameter model: the arm's own id; nil on the baseline.
  func send(_ exchange: Exchange, to arm: ArmIndex, model: String?, _ population: Population) {
    loop.send(exchange, to: arm, model: model, population, for: exchange.guarded?.flight ?? self)
  }

  /// The body is not kept: it passes to the baseline as it comes.
  func beginStreaming(_ exchange: Exchange) {
    exchange.readAt = loop.now()
    noteOutcome(exchange.request)
    if exchange.request.endpoint != nil { turnAwayLarge() }
    var population = Population.live
    if loop.shared.allowsOverride, let name = exchange.request.header("x-crossfade-arm") {
      guard name == loop.shared.targets[0].arm.name else { return refuseOverride(exchange, arm: name) }
      population = .override
    }
    if let refusal = loop.guards.flatMap({ overLimit($0, exchange, at: loop.time) }) {
      return refuse(status: 429, refusal.message, id: exchange.id, retryAfter: refusal.retryAfter)
    }
    guard loop.livePools[0].hasRoom(fresh: true) else { return noRoom(exchange, on: .baseline, population) }
    let request = exchange.request
    let target = loop.shared.targets[0]
    let soFar = request.body
    exchange.request.body = ByteBuffer()
    var out = ByteBuffer()
    switch request.head.framing {
    case .length(let length): out.writeRequestHead(request, to: target, body: .length(length))
    default:
      out.writeRequestHead(request, to: target, body: .chunked)
      out.writeChunk(soFar)
    }
    let attempt = Attempt(
      loop: loop, pool: loop.livePools[0],
      meter: exchange.meter(target, population, model: nil, at: exchange.readAt, loop: loop),
      receiver: self,
      Attempt.Terms(method: request.head.method, requestComplete: false, patience: loop.shared.patience(request)))
    exchange.attempt = attempt
    attempt.start(OutboundRequest(start: out))
  }

  /// The part of a body that has come is kept until all of it is there, as far as there is room for that.
  /// - Returns: whether the body now passes through to the baseline.
  func passOnUnlessKept(_ exchange: Exchange, _ soFar: ByteBuffer) -> Bool {
    // A read buffer is larger than a few bytes in it; a body that grew is not smaller than what was reserved for it.
    let bytes = soFar.readableBytes <= Self.smallBody ? soFar.readableBytes : soFar.storageCapacity
    guard !exchange.keeps(bytes: bytes) else { return false }
    loop.ledger.counters.bodiesNotKept += 1
    machine.bodyOutgrewLimit()
    beginStreaming(exchange)
    return true
  }
}
