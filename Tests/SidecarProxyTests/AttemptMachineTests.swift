/// Every fact in every state of an attempt.

import Dialects
import RolloutJudge
import Testing

@testable import SidecarProxy

@Suite struct AttemptMachineTests {
  static let failures: [AttemptFailure] = [.unreachable("refused"), .timedOut, .cut, .exhausted]

  @Test("a request that was never read is sent again, once, and only where it may be")
  func sendingAgain() {
    for isReplayable in [true, false] {
      for isStale in [true, false] {
        var machine = AttemptMachine(isReplayable: isReplayable, net: [])
        let mayGoAgain = isReplayable && isStale
        #expect(machine.connectionLost(isStale: isStale) == (mayGoAgain ? .sendAgain : .fail))
        #expect(machine.connectionLost(isStale: true) == (isReplayable && !isStale ? .sendAgain : .fail))
      }
    }
  }

  @Test("after a head nothing is sent again")
  func headEndsReplays() {
    var machine = AttemptMachine(isReplayable: true, net: [])
    _ = machine.headReceived(status: 200)
    #expect(!machine.isReplayable)
    #expect(machine.connectionLost(isStale: true) == .fail)
  }

  @Test("the safety net takes over for exactly the triggers that are on", arguments: FallbackTrigger.allCases, failures)
  func trigger(_ on: FallbackTrigger, _ failure: AttemptFailure) {
    var machine = AttemptMachine(isReplayable: true, net: [on])
    #expect(machine.failed(failure) == (failure.trigger == on ? .rescue : .tell))
    #expect(machine.phase == .ended)
    var begun = AttemptMachine(isReplayable: true, net: [on])
    _ = begun.headReceived(status: 200)
    #expect(begun.failed(failure) == .tell, "an answer that has begun is the answer")
  }

  @Test("a status is forwarded unless it is a trigger that is on", arguments: 200...599)
  func status(_ status: Int) {
    for on in FallbackTrigger.allCases {
      var machine = AttemptMachine(isReplayable: true, net: [on])
      let isRescued = FallbackTrigger(status: status) == on
      #expect(machine.headReceived(status: status) == (isRescued ? .rescue : .forward))
      #expect(machine.phase == (isRescued ? .ended : .forwarding))
    }
    var alone = AttemptMachine(isReplayable: true, net: [])
    #expect(alone.headReceived(status: status) == .forward)
  }

  @Test("statuses fall under the triggers that the playbook names")
  func triggers() {
    #expect(FallbackTrigger(status: 200) == nil)
    #expect(FallbackTrigger(status: 304) == nil)
    #expect(FallbackTrigger(status: 400) == .clientError)
    #expect(FallbackTrigger(status: 428) == .clientError)
    #expect(FallbackTrigger(status: 429) == .rateLimited)
    #expect(FallbackTrigger(status: 430) == .clientError)
    #expect(FallbackTrigger(status: 499) == .clientError)
    #expect(FallbackTrigger(status: 500) == .serverError)
    #expect(FallbackTrigger(status: 529) == .serverError)
    #expect(FallbackTrigger(status: 999) == .serverError)
  }

  @Test("each failure has its status and its transport end")
  func failureFacts() {
    #expect(Self.failures.map(\.status) == [502, 504, 502, 503])
    #expect(Self.failures.map(\.transport) == [.unreachable, .timedOut, .cut, .unreachable])
    #expect(Self.failures.map(\.trigger) == [.connect, .timeout, .connect, .connect])
  }
}
