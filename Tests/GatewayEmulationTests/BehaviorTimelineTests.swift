import Testing

@testable import GatewayEmulation

@Suite("BehaviorTimeline")
struct BehaviorTimelineTests {
  private let worse = GatewayBehavior(errorRate: 1, errorStatus: 503)

  @Test("A change after n requests holds from the next one on")
  func byRequests() {
    var timeline = BehaviorTimeline(
      GatewayBehavior(changes: [
        BehaviorChange(after: .requests(2), behavior: worse),
        BehaviorChange(after: .requests(3), behavior: GatewayBehavior()),
      ]))
    let faults = (0..<4).map { _ in timeline.next(elapsed: .zero).fault }
    #expect(faults == [.none, .none, .status(503, retryAfterSeconds: nil), .none])
  }

  @Test("A change after a time holds from that instant on")
  func byTime() {
    var timeline = BehaviorTimeline(
      GatewayBehavior(changes: [BehaviorChange(after: .elapsed(.seconds(60)), behavior: worse)]))
    #expect(timeline.next(elapsed: .milliseconds(59_999)).fault == .none)
    #expect(timeline.next(elapsed: .seconds(60)).fault != .none)
  }

  @Test("A script starts with the first request of its own behavior")
  func scriptAfterChange() {
    let scripted = GatewayBehavior(script: [.garbage, .empty])
    var timeline = BehaviorTimeline(
      GatewayBehavior(failFirst: 1, changes: [BehaviorChange(after: .requests(3), behavior: scripted)]))
    let faults = (0..<6).map { _ in timeline.next(elapsed: .zero).fault }
    #expect(faults == [.status(500, retryAfterSeconds: nil), .none, .none, .garbage, .empty, .none])
  }

  @Test("A peek draws nothing")
  func peek() {
    var timeline = BehaviorTimeline(scripted(.garbage))
    #expect(timeline.peek(elapsed: .zero).fault == .garbage)
    #expect(timeline.next(elapsed: .zero).fault == .garbage)
    #expect(timeline.peek(elapsed: .zero).fault == .none)
  }
}
