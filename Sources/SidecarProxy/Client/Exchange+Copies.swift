/// Copying: once the live requests of a turn are on their way, the candidates that are to shadow them get theirs.

import Dialects
import NIOCore
import RolloutJudge
import TrafficSplit

extension Exchange {
  /// Sends what is still owed, once.
  func sendCopies(of loop: LoopState) {
    guard owesCopies else { return }
    owesCopies = false
    var copies: [AdmittedCopy] = []
    for shadow in assignment.shadows {
      if let copy = admit(to: shadow.arm, model: shadow.model, .shadow, loop) { copies.append(copy) }
    }
    guard !copies.isEmpty else { return }
    let noisePoint = Double(UnitHasher.mix(draw, seed: Self.noiseSeed) >> 11) * 0x1p-53
    if noisePoint < loop.routing.noise, let copy = admit(to: .baseline, model: nil, .noise, loop) {
      copies.append(copy)
    }
    let capture = capture(copies, loop)
    for copy in copies {
      let target = loop.shared.targets[copy.arm.rawValue]
      // Only endpoints that are measured are ever assigned copies.
      let meter = meter(target, copy.population, model: copy.model, at: loop.now(), loop: loop)
      meter?.recorder = capture?.recorder(speaking: target.spoken(for: request.endpoint))
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
  private func admit(to arm: ArmIndex, model: String?, _ population: Population, _ loop: LoopState) -> AdmittedCopy? {
    if let reason = whyNotCopied(to: arm, loop) {
      drop(arm, reason, loop)
      return nil
    }
    let request = request.outbound(to: loop.shared.targets[arm.rawValue], model: model)
    let bytes = request.byteCount
    if let reason = loop.copies.admit(bytes: bytes) {
      drop(arm, reason, loop)
      return nil
    }
    return AdmittedCopy(arm: arm, model: model, population: population, request: request, bytes: bytes)
  }

  private func whyNotCopied(to arm: ArmIndex, _ loop: LoopState) -> ShadowDrop? {
    if loop.routing.budgetSpent || loop.routing.hasSpent(on: arm, labels) { return .budget }
    return loop.shadowPools[arm.rawValue].hasRoomNow ? nil : .unreachable
  }

  private func drop(_ arm: ArmIndex, _ reason: ShadowDrop, _ loop: LoopState) {
    loop.record(.shadowDropped(arm, reason, at: readAt))
  }

  /// Which exchanges are compared is chosen here, before any of their answers can have come.
  private func capture(_ copies: [AdmittedCopy], _ loop: LoopState) -> ExchangeCapture? {
    guard let endpoint = request.endpoint, let attempt, attempt.isOpen, let meter = attempt.meter else { return nil }
    let pairs = copies.count { $0.population == .shadow }
    let hasNoise = pairs < copies.count
    guard loop.comparisons.admit(pairs: pairs, hasNoise: hasNoise, at: loop.time) else { return nil }
    let capture = ExchangeCapture(
      endpoint: endpoint, request: request.body, credentials: request.credentials,
      asksForPictures: request.facts?.media.contains(.pictures) ?? false, loop: loop)
    meter.recorder = capture.recorder()
    return capture
  }

  /// Keeps the choice of noise apart from the choice of copies, which uses the same draw.
  private static let noiseSeed: UInt64 = 0x4E4F_4953_4500_0000
}
