/// Choosing: a request that has been read is given to its arm, and its copies follow once it is on its way.

import Dialects
import HTTPFraming
import NIOCore
import RolloutJudge
import TrafficSplit

extension ClientConnection {
  /// The whole request has been read.
  func begin(_ exchange: Exchange) {
    let now = loop.nanoseconds()
    exchange.readAt = loop.instant(now)
    exchange.isRetry =
      exchange.request.saysRetry
      ?? (!loop.retries.isEmpty && loop.retries.remembers(exchange.request.fingerprint, at: now))
    if loop.shared.allowsOverride, let name = exchange.request.header("x-crossfade-arm") {
      return override(exchange, arm: name)
    }
    assign(exchange)
    let arm = exchange.assignment.arm
    machine.assigned(toCandidate: !arm.isBaseline)
    exchange.owesShadows = !exchange.assignment.shadows.isEmpty
    send(exchange, to: arm, model: exchange.assignment.candidateModel, .live)
  }

  private func assign(_ exchange: Exchange) {
    let table = loop.routing.table
    guard exchange.request.endpoint != nil else { return }
    // Prices go by the model.
    guard !table.isQuiet || !loop.shared.targets[0].arm.prices.isEmpty else { return }
    exchange.readFacts(with: loop.requestReader)
    guard !table.isQuiet else { return }
    exchange.unit = table.unit(of: exchange.request, draw: exchange.draw).hash
    exchange.assignment = table.assign(exchange.request, unit: exchange.unit, draw: exchange.draw)
  }

  /// The request names its arm; it counts for nobody.
  private func override(_ exchange: Exchange, arm name: String) {
    guard let target = loop.shared.targets.first(where: { $0.arm.name == name }) else {
      let names = loop.shared.targets.map(\.arm.name).joined(separator: ", ")
      return refuse(status: 400, "x-crossfade-arm: no arm named '\(name)'; there are \(names)", id: exchange.id)
    }
    exchange.readFacts(with: loop.requestReader)
    let model = exchange.request.facts?.model.flatMap(target.arm.models.candidateModel)
    if !target.index.isBaseline, exchange.request.endpoint != nil, model == nil {
      return refuse(
        status: 400, "x-crossfade-arm: \(name) does not serve model '\(exchange.request.model ?? "")'",
        id: exchange.id)
    }
    machine.assigned(toCandidate: false)
    send(exchange, to: target.index, model: model, .override)
  }

  /// - Parameter model: the arm's own id; nil on the baseline.
  func send(_ exchange: Exchange, to arm: ArmIndex, model: String?, _ population: Population) {
    let target = loop.shared.targets[arm.rawValue]
    exchange.arm = arm
    let call = UpstreamCall(
      loop: loop, pool: loop.livePools[arm.rawValue],
      meter: exchange.meter(target, population, model: model, at: exchange.readAt, loop: loop),
      method: exchange.request.head.method, receiver: self,
      request: exchange.request.outbound(to: target, model: model), requestComplete: true)
    exchange.call = call
    call.start()
  }

  /// The body is not kept: it passes to the baseline as it comes.
  func beginStreaming(_ exchange: Exchange) {
    exchange.readAt = loop.now()
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
    let call = UpstreamCall(
      loop: loop, pool: loop.livePools[0],
      meter: exchange.meter(target, .live, model: nil, at: exchange.readAt, loop: loop), method: request.head.method,
      receiver: self, request: [out], requestComplete: false)
    exchange.call = call
    call.start()
  }

  // MARK: copies

  func sendShadows(_ exchange: Exchange) {
    exchange.owesShadows = false
    for shadow in exchange.assignment.shadows {
      let target = loop.shared.targets[shadow.arm.rawValue]
      sendCopy(exchange, to: target, model: shadow.model, .shadow)
    }
    let noisePoint = Double(UnitHasher.mix(exchange.draw, seed: Self.noiseSeed) >> 11) * 0x1p-53
    if noisePoint < loop.routing.noise {
      sendCopy(exchange, to: loop.shared.targets[0], model: nil, .noise)
    }
  }

  private func sendCopy(_ exchange: Exchange, to target: ArmTarget, model: String?, _ population: Population) {
    if let reason = whyNotCopied(exchange) { return drop(exchange, target.index, reason) }
    let request = exchange.request.outbound(to: target, model: model)
    let bytes = request.reduce(0) { $0 + $1.readableBytes }
    if let reason = loop.admitShadow(bytes: bytes) { return drop(exchange, target.index, reason) }
    let meter = exchange.meter(target, population, model: model, at: loop.now(), loop: loop)
    // Only endpoints that are measured are ever assigned copies.
    ShadowCall.send(
      request, admittedBytes: bytes, pool: loop.shadowPools[target.index.rawValue], meter: meter, loop: loop)
  }

  private func whyNotCopied(_ exchange: Exchange) -> ShadowDrop? {
    if loop.routing.budgetSpent { return .budget }
    // Tools that the vendor runs may cost or act a second time.
    return exchange.request.facts?.hasServerTools == true ? .unsuitable : nil
  }

  private func drop(_ exchange: Exchange, _ arm: ArmIndex, _ reason: ShadowDrop) {
    loop.record(.shadowDropped(arm, reason, at: exchange.readAt))
  }

  /// Keeps the choice of noise apart from the choice of copies, which uses the same draw.
  private static let noiseSeed: UInt64 = 0x4E4F_4953_4500_0000
}
