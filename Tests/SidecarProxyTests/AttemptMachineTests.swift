/// Every fact in every state of an attempt.

import Dialects
import RolloutJudge
import Testing

@testable import SidecarProxy

@Suite struct AttemptMachineTests {
  static let failures: [AttemptFailure] = [
    .unreachable("refused"), .timedOut, .cut, .exhausted, .redirected(307),
  ]

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

  private func machine(
    _ net: Set<FallbackTrigger>, _ hold: SafetyNetHold = SafetyNetHold(), passesRedirects: Bool = false
  ) -> AttemptMachine {
    AttemptMachine(isReplayable: true, net: net, hold: hold, passesRedirects: passesRedirects)
  }

  private func signs(
    bytes: Int = 10, isStream: Bool = true, hasToken: Bool = false, isWrongForm: Bool = false, outcome: Outcome? = nil
  ) -> AttemptMachine.HeldSigns {
    AttemptMachine.HeldSigns(
      bytes: bytes, isStream: isStream, hasToken: hasToken, isWrongForm: isWrongForm, outcome: outcome)
  }

  static let endings: [(TransportEnd, Outcome, FallbackTrigger?)] = [
    (.unreachable, .failed, .connect), (.cut, .incomplete, .connect), (.timedOut, .timeout, .timeout),
    (.complete, .errorInBody, .errorInBody), (.complete, .rejected, .errorInBody), (.complete, .unpaid, .errorInBody),
    (.complete, .empty, .empty), (.complete, .incomplete, .empty), (.complete, .ok, nil),
    (.clientGone, .clientGone, nil),
    (.cut, .ok, nil), (.timedOut, .ok, nil), (.clientGone, .incomplete, nil),
  ]

  @Test("the safety net takes over for exactly the triggers that are on, until the answer is passed on")
  func trigger() {
    for on in FallbackTrigger.allCases {
      for (transport, outcome, trigger) in Self.endings {
        var sending = machine([on])
        #expect(sending.ended(transport, outcome) == (trigger == on ? .rescue : .tell))
        #expect(sending.phase == .ended)
        var holding = machine([on])
        #expect(holding.headReceived(status: 200) == .hold)
        #expect(holding.ended(transport, outcome) == (trigger == on ? .rescue : .tell))
        var released = machine([on])
        _ = released.headReceived(status: 200)
        #expect(released.heldMore(signs(hasToken: true)) == .release)
        #expect(released.ended(transport, outcome) == .tell, "an answer that has begun is the answer")
      }
    }
  }

  @Test("a status is judged at the head; a candidate's redirect is never passed on", arguments: 200...599)
  func status(_ status: Int) {
    for on in FallbackTrigger.allCases {
      var caught = machine([on])
      let trigger = FallbackTrigger(status: status)
      let isEnded = trigger == on || trigger == .redirect
      let action: AttemptMachine.HeadAction =
        trigger == .redirect ? .end : isEnded ? .holdRefusal : trigger == nil ? .hold : .forward
      #expect(caught.headReceived(status: status) == action)
      if isEnded { #expect(caught.ended(.complete, .failed) == (trigger == on ? .rescue : .tell)) }
    }
    var baseline = machine([], passesRedirects: true)
    #expect(baseline.headReceived(status: status) == .forward)
    var unheld = machine(Set(FallbackTrigger.allCases), SafetyNetHold(until: .head))
    let trigger = FallbackTrigger(status: status)
    #expect(
      unheld.headReceived(status: status) == (trigger == nil ? .forward : trigger == .redirect ? .end : .holdRefusal))
  }

  @Test("of a refusal the body is waited for, until it has said what is wrong, grows too long or does not come")
  func refusals() {
    func refused() -> AttemptMachine {
      var machine = machine([.clientError])
      #expect(machine.headReceived(status: 400) == .holdRefusal)
      #expect(machine.heldMore(signs(bytes: 100)) == .hold)
      return machine
    }
    var told = refused()
    #expect(told.heldMore(signs(bytes: 200, outcome: .unpaid)) == .giveUp)
    var long = refused()
    #expect(long.heldMore(signs(bytes: AttemptMachine.refusalBytes + 1, hasToken: true)) == .giveUp)
    var late = refused()
    #expect(late.holdTimePassed(signs(bytes: 0)) == .giveUp)
    var crowded = refused()
    #expect(crowded.noRoom() == .giveUp)
    for transport in [TransportEnd.complete, .cut, .timedOut] {
      var ended = refused()
      #expect(ended.ended(transport, .rejected) == .rescue)
    }
  }

  @Test("a stream goes with its first token, or with its first byte once its time is over")
  func streams() {
    var machine = machine(Set(FallbackTrigger.allCases))
    _ = machine.headReceived(status: 200)
    #expect(machine.heldMore(signs()) == .hold)
    #expect(machine.holdTimePassed(signs(bytes: 0)) == .hold, "a head alone is worth nothing")
    #expect(machine.heldMore(signs()) == .release)
    #expect(machine.phase == .forwarding)
  }

  @Test("an answer that is not a stream is held whole, as far as there is room")
  func whole() {
    var machine = machine(Set(FallbackTrigger.allCases), SafetyNetHold(bytes: 100))
    _ = machine.headReceived(status: 200)
    #expect(machine.heldMore(signs(isStream: false, hasToken: true)) == .hold)
    #expect(machine.holdTimePassed(signs(isStream: false)) == .hold)
    #expect(machine.heldMore(signs(bytes: 100, isStream: false)) == .hold)
    #expect(machine.heldMore(signs(bytes: 101, isStream: false)) == .release)
  }

  @Test("an answer in a form that nobody asked for is given up where it outgrows the room")
  func wrongForm() {
    for net in [Set(FallbackTrigger.allCases), [.connect]] {
      var machine = machine(net, SafetyNetHold(bytes: 100))
      _ = machine.headReceived(status: 200)
      let action = machine.heldMore(signs(bytes: 101, isStream: false, isWrongForm: true))
      #expect(action == (net.contains(.empty) ? .giveUp : .release))
    }
  }

  @Test("an error, or a last word without content, ends the wait: the net takes over where it catches that")
  func lastWord() {
    for on in [FallbackTrigger.errorInBody, .empty] {
      for (outcome, trigger) in [(Outcome.errorInBody, FallbackTrigger.errorInBody), (.empty, .empty)] {
        var machine = machine([on])
        _ = machine.headReceived(status: 200)
        #expect(machine.heldMore(signs(outcome: outcome)) == (trigger == on ? .giveUp : .release))
      }
    }
  }

  @Test("statuses fall under the triggers that the playbook names")
  func triggers() {
    #expect(FallbackTrigger(status: 200) == nil)
    #expect(FallbackTrigger(status: 304) == .redirect)
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
    #expect(Self.failures.map(\.status) == [502, 504, 502, 503, 502])
    #expect(Self.failures.map(\.transport) == [.unreachable, .timedOut, .cut, .unreachable, .complete])
  }
}
