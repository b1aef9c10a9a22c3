/// When a loop tells the control plane what happened: soon, and at once where a candidate fails.

import Dialects
import NIOConcurrencyHelpers
import NIOCore
import NIOEmbedded
import RolloutJudge
import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite struct HandOverTests {
  private let eventLoop = EmbeddedEventLoop()
  private let batches = NIOLockedValueBox<[LedgerBatch]>([])
  private let loop: LoopState

  init() {
    let arm = Arm(
      name: "a", vendor: "openai", url: ArmURL(isTLS: false, host: "127.0.0.1", port: 1, basePath: "/v1"))
    let playbook = Playbook(
      name: "story", baseline: arm, candidates: [arm],
      stages: [Stage(name: "story", weights: [0.5], shadow: [0], hold: .zero)])
    let shared = ProxyShared(
      playbook: playbook, configuration: ProxyConfiguration(),
      observer: ProxyObserver(
        batch: { [batches] batch in batches.withLockedValue { $0.append(batch) } }, event: { _ in }),
      tls: nil, epoch: 0)
    loop = LoopState(
      eventLoop: eventLoop, number: 0, shared: shared,
      routing: Routing(
        table: SplitTable(playbook, following: Judge(playbook: playbook, at: Instant(nanoseconds: 0)).directive)),
      seed: 1)
  }

  private var told: [Int] { batches.withLockedValue { $0.map(\.entries.count) } }

  private func end(_ arm: ArmIndex, _ transport: TransportEnd) {
    loop.tick()
    let start = AttemptStart(
      attempt: 1, exchange: 1, arm: arm, population: .live, unit: 1, shares: [0.5], at: loop.now())
    let meter = AttemptMeter(
      start: start, endpoints: EndpointPair(.chatCompletions), isRetry: false, price: nil, labels: nil)
    _ = loop.record(endOf: meter, transport)
  }

  @Test("what happened is told together, a fortieth of a second after the first of it")
  func together() {
    end(.baseline, .timedOut)
    end(.baseline, .timedOut)
    eventLoop.run()
    #expect(told == [])
    eventLoop.advanceTime(by: .milliseconds(25))
    #expect(told == [2])
    eventLoop.advanceTime(by: .seconds(1))
    #expect(told == [2], "nothing happened")
  }

  @Test("a candidate's failure is told at the end of its turn, with all that came before it")
  func urgent() {
    end(.baseline, .timedOut)
    end(.candidate(0), .timedOut)
    #expect(told == [])
    eventLoop.run()
    #expect(told == [2])
    eventLoop.advanceTime(by: .milliseconds(25))
    #expect(told == [2], "what was planned for them finds nothing")
  }

  @Test("failures upon failures are told at most every five milliseconds")
  func storm() {
    for _ in 0..<25 {
      end(.candidate(0), .timedOut)
      eventLoop.advanceTime(by: .milliseconds(1))
    }
    eventLoop.advanceTime(by: .milliseconds(25))
    #expect(told.reduce(0, +) == 25)
    #expect(told.count <= 7)
  }
}
