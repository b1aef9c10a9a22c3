/// What becomes of a loop's state under playbooks that others have replaced.

import Dialects
import NIOCore
import NIOEmbedded
import RolloutJudge
import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite struct LoopSeatTests {
  private let eventLoop = EmbeddedEventLoop()

  private func state(_ generation: Int) -> LoopState {
    let arm = Arm(
      name: "a", vendor: "openai", url: ArmURL(isTLS: false, host: "127.0.0.1", port: 1, basePath: "/v1"))
    let playbook = Playbook(
      name: "story", baseline: arm, candidates: [arm],
      stages: [Stage(name: "story", weights: [0.5], shadow: [0], hold: .zero)])
    let shared = ProxyShared(
      playbook: playbook, configuration: ProxyConfiguration(),
      observer: ProxyObserver(batch: { _ in }, event: { _ in }),
      tls: nil, epoch: 0)
    return LoopState(
      eventLoop: eventLoop, number: 0, shared: shared, routing: Routing(generation: generation, table: .baselineOnly),
      seed: 1)
  }

  @Test("of a playbook that another one has replaced nothing is kept once its last exchange is over")
  func forgotten() {
    let seat = LoopSeat(state(0))
    weak let first = seat.current
    seat.replace(by: state(1))
    #expect(first != nil, "an exchange may still be open")
    for generation in 2..<20 { seat.replace(by: state(generation)) }
    eventLoop.run()
    #expect(first == nil)
    #expect(seat.all.count == 2)
  }
}
