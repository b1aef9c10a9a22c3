/// A question after what an answer was billed: by the arm's own key and in the way in which copies go to it, so that no live
/// request waits for it.

import HTTPFraming
import NIOCore
import RolloutJudge
import TrafficSplit
package import Vendors

extension SidecarProxy {
  /// Asks once.
  ///
  /// - Parameters:
  ///   - arm: by name, as another playbook may be in force by now.
  ///   - id: the arm's own.
  ///   - told: called once, on any thread.
  package func askBill(of id: String, at arm: String, told: @escaping @Sendable (BillReply) -> Void) {
    guard let loop = loops.first else { return told(.failed) }
    loop.eventLoop.execute { loop.value.current.askBill(of: id, at: arm, told: told) }
  }
}

extension LoopState {
  /// Within this the question is answered, or asked again.
  private static let billPatience = Duration.seconds(30)

  fileprivate func askBill(of id: String, at arm: String, told: @escaping (BillReply) -> Void) {
    guard let target = shared.targets.first(where: { $0.arm.name == arm }), let place = target.bill,
      let path = place.path(of: id), !isDraining, shadowPools.indices.contains(target.index.rawValue)
    else { return told(.failed) }
    tick()
    var out = ByteBuffer()
    out.writeJobHead("GET", path, to: target)
    let document = JobDocument(self) { reply in
      guard case .answered(let status, let body, let facts) = reply else { return told(.failed) }
      told(place.reply(status: status, body: body, retryAfter: facts.retryAfter))
    }
    var patience = Patience(connect: .nanoseconds(shared.patience.connect), silence: Self.billPatience)
    patience.total = Self.billPatience.nanoseconds
    let call = UpstreamCall(
      loop: self, pool: shadowPools[target.index.rawValue], method: .get, receiver: document,
      request: OutboundRequest(start: out), requestComplete: true, patience: patience, startedAt: time
    )
    document.cancel = { call.cancel() }
    call.start(fresh: false)
  }
}
