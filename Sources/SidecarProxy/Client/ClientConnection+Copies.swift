/// Copying: once the live request is on its way, the candidates that are to shadow it get theirs.

import Dialects
import NIOCore
import RolloutJudge
import TrafficSplit

extension ClientConnection {
  func sendShadows(_ exchange: Exchange) {
    exchange.owesShadows = false
    var copies: [AdmittedCopy] = []
    for shadow in exchange.assignment.shadows {
      if let copy = admit(exchange, to: shadow.arm, model: shadow.model, .shadow) { copies.append(copy) }
    }
    guard !copies.isEmpty else { return }
    let noisePoint = Double(UnitHasher.mix(exchange.draw, seed: Self.noiseSeed) >> 11) * 0x1p-53
    if noisePoint < loop.routing.noise, let copy = admit(exchange, to: .baseline, model: nil, .noise) {
      copies.append(copy)
    }
    let capture = capture(exchange, copies)
    for copy in copies {
      let target = loop.shared.targets[copy.arm.rawValue]
      // Only endpoints that are measured are ever assigned copies.
      let meter = exchange.meter(target, copy.population, model: copy.model, at: loop.now(), loop: loop)
      meter?.recorder = capture?.recorder()
      ShadowCall.send(
        copy.request, admittedBytes: copy.bytes, pool: loop.shadowPools[copy.arm.rawValue], meter: meter, loop: loop)
    }
  }

  private struct AdmittedCopy {
    var arm: ArmIndex
    var model: String?
    var population: Population
    var request: OutboundRequest
    var bytes: Int
  }

  /// - Returns: nil where the copy has been dropped, and counted.
  private func admit(
    _ exchange: Exchange, to arm: ArmIndex, model: String?, _ population: Population
  ) -> AdmittedCopy? {
    if let reason = whyNotCopied(exchange, to: arm) {
      drop(exchange, arm, reason)
      return nil
    }
    let request = exchange.request.outbound(to: loop.shared.targets[arm.rawValue], model: model)
    let bytes = request.byteCount
    if let reason = loop.admitShadow(bytes: bytes) {
      drop(exchange, arm, reason)
      return nil
    }
    return AdmittedCopy(arm: arm, model: model, population: population, request: request, bytes: bytes)
  }

  private func whyNotCopied(_ exchange: Exchange, to arm: ArmIndex) -> ShadowDrop? {
    if loop.routing.budgetSpent || loop.routing.hasSpent(on: arm, exchange.labels) { return .budget }
    if !loop.shadowPools[arm.rawValue].hasRoom(fresh: false) { return .unreachable }
    // Tools that the vendor runs may cost or act a second time.
    return exchange.request.facts?.hasServerTools == true ? .unsuitable : nil
  }

  private func drop(_ exchange: Exchange, _ arm: ArmIndex, _ reason: ShadowDrop) {
    loop.record(.shadowDropped(arm, reason, at: exchange.readAt))
  }

  /// Which exchanges are compared is chosen here, before any of their answers can have come.
  private func capture(_ exchange: Exchange, _ copies: [AdmittedCopy]) -> ExchangeCapture? {
    guard let endpoint = exchange.request.endpoint, let meter = exchange.call?.meter else { return nil }
    let pairs = copies.count { $0.population == .shadow }
    let hasNoise = pairs < copies.count
    guard loop.comparisons.admit(pairs: pairs, hasNoise: hasNoise, at: loop.time) else { return nil }
    let capture = ExchangeCapture(endpoint: endpoint, request: exchange.request.body, loop: loop)
    meter.recorder = capture.recorder()
    return capture
  }

  /// Keeps the choice of noise apart from the choice of copies, which uses the same draw.
  private static let noiseSeed: UInt64 = 0x4E4F_4953_4500_0000
}
