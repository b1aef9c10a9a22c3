/// Every fact in every state: the space is small enough to be walked through whole.

import Dialects
import RolloutJudge
import Testing

@testable import SidecarProxy

@Suite struct ExchangeMachineTests {
  /// The ways a connection comes to stand in a phase.
  enum Stand: CaseIterable {
    case awaitingHead, buffering, streaming, waitingOnBaseline, waitingOnCandidate, waitingForRescue, answering, closed

    func machine(_ fallback: Set<FallbackTrigger> = Set(FallbackTrigger.allCases)) -> ExchangeMachine {
      var machine = ExchangeMachine(fallback: fallback)
      switch self {
      case .awaitingHead: break
      case .buffering: machine.requestHeadReceived(keepsAlive: true, wantsWholeBody: true)
      case .streaming: machine.requestHeadReceived(keepsAlive: true, wantsWholeBody: false)
      case .waitingOnBaseline, .waitingOnCandidate, .waitingForRescue, .answering:
        machine.requestHeadReceived(keepsAlive: true, wantsWholeBody: true)
        machine.requestEnded()
        machine.assigned(toCandidate: self == .waitingOnCandidate || self == .waitingForRescue)
        if self == .waitingForRescue { _ = machine.attemptFailed(.timedOut) }
        if self == .answering { _ = machine.answerHeadReceived(status: 200) }
      case .closed: _ = machine.clientClosed()
      }
      return machine
    }

    var phase: ExchangeMachine.Phase {
      switch self {
      case .awaitingHead: .awaitingHead
      case .buffering: .buffering
      case .streaming: .streaming
      case .waitingOnBaseline, .waitingOnCandidate, .waitingForRescue: .waiting
      case .answering: .answering
      case .closed: .closed
      }
    }
  }

  static let failures: [AttemptFailure] = [.unreachable("refused"), .timedOut, .cut, .exhausted]

  @Test("each stand is the phase it is meant to be", arguments: Stand.allCases)
  func stands(_ stand: Stand) { #expect(stand.machine().phase == stand.phase) }

  @Test("a client that leaves cancels an attempt wherever one can be under way", arguments: Stand.allCases)
  func clientCloses(_ stand: Stand) {
    var machine = stand.machine()
    let hasAttempt = [.streaming, .waiting, .answering].contains(stand.phase)
    #expect(machine.clientClosed() == (hasAttempt ? .cancelAttempt : .nothing))
    #expect(machine.phase == .closed)
    #expect(machine.clientClosed() == .nothing)
  }

  @Test("a failed attempt is rescued, told, cut off or nobody's, by phase", arguments: Stand.allCases, failures)
  func failure(_ stand: Stand, _ failure: AttemptFailure) {
    var machine = stand.machine()
    let action = machine.attemptFailed(failure)
    switch stand {
    case .awaitingHead, .closed:
      #expect(action == .nothing)
      #expect(machine.phase == stand.phase)
    case .answering:
      #expect(action == .abort)
      #expect(machine.phase == .closed)
    case .waitingOnCandidate:
      #expect(action == .rescue)
      #expect(machine.phase == .waiting)
      #expect(machine.attemptFailed(failure) == .answerLocally(status: failure.status), "a rescue is not rescued")
    case .buffering, .streaming, .waitingOnBaseline, .waitingForRescue:
      #expect(action == .answerLocally(status: failure.status))
      #expect(machine.phase == stand.phase)
    }
    #expect(machine.keepsAlive == (stand != .streaming), "what is left of an upload is no request")
  }

  @Test("the safety net takes over for exactly the triggers that are on", arguments: FallbackTrigger.allCases, failures)
  func trigger(_ on: FallbackTrigger, _ failure: AttemptFailure) {
    var machine = Stand.waitingOnCandidate.machine([on])
    let action = machine.attemptFailed(failure)
    #expect(action == (failure.trigger == on ? .rescue : .answerLocally(status: failure.status)))
  }

  @Test("a status is forwarded unless the candidate's is a trigger that is on", arguments: 200...599)
  func status(_ status: Int) {
    for stand in [Stand.waitingOnBaseline, .waitingOnCandidate, .waitingForRescue, .streaming] {
      for on in FallbackTrigger.allCases {
        var machine = stand.machine([on])
        if stand == .waitingForRescue { machine = Stand.waitingOnBaseline.machine([on]) }
        let isRescued = stand == .waitingOnCandidate && FallbackTrigger(status: status) == on
        #expect(machine.answerHeadReceived(status: status) == (isRescued ? .rescue : .forward))
        #expect(machine.phase == (isRescued ? .waiting : .answering))
        #expect(machine.keepsAlive == (stand != .streaming), "an answer that overtakes its request ends the connection")
      }
    }
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

  @Test("an ended answer leads to the next request only where both sides may go on")
  func ends() {
    for keepsAlive in [true, false] {
      for closesAfterwards in [true, false] {
        var machine = ExchangeMachine(fallback: [])
        machine.requestHeadReceived(keepsAlive: keepsAlive, wantsWholeBody: true)
        machine.requestEnded()
        _ = machine.answerHeadReceived(status: 200)
        if closesAfterwards { machine.closeAfterwards() }
        let goesOn = keepsAlive && !closesAfterwards
        #expect(machine.answerEnded() == (goesOn ? .awaitNextRequest : .close))
        #expect(machine.phase == (goesOn ? .awaitingHead : .closed))
      }
    }
  }

  @Test("an answer that ends before its request has been read ends the connection")
  func earlyAnswer() {
    var machine = Stand.streaming.machine()
    #expect(machine.answerHeadReceived(status: 413) == .forward)
    #expect(machine.answerEnded() == .close)
  }

  @Test("a streamed request that was read whole keeps the connection")
  func streamedWhole() {
    var machine = Stand.streaming.machine()
    machine.requestEnded()
    #expect(machine.phase == .waiting)
    #expect(machine.answerHeadReceived(status: 200) == .forward)
    #expect(machine.answerEnded() == .awaitNextRequest)
  }

  @Test("a body that outgrows its limit goes on as a stream to the baseline")
  func outgrown() {
    var machine = Stand.buffering.machine()
    machine.bodyOutgrewLimit()
    #expect(machine.phase == .streaming)
    machine.requestEnded()
    #expect(machine.attemptFailed(.timedOut) == .answerLocally(status: 504))
  }

  @Test("the next request starts without the last one's rescue, failure or refusal to go on")
  func nextRequest() {
    var machine = Stand.waitingOnCandidate.machine()
    _ = machine.answerHeadReceived(status: 200)
    #expect(machine.answerEnded() == .awaitNextRequest)
    machine.requestHeadReceived(keepsAlive: true, wantsWholeBody: true)
    #expect(!machine.requestComplete)
    machine.requestEnded()
    #expect(machine.attemptFailed(.cut) == .answerLocally(status: 502))
  }

  @Test("each failure has its status and its transport end")
  func failureFacts() {
    #expect(Self.failures.map(\.status) == [502, 504, 502, 503])
    #expect(Self.failures.map(\.transport) == [.unreachable, .timedOut, .cut, .unreachable])
    #expect(Self.failures.map(\.trigger) == [.connect, .timeout, .connect, .connect])
  }
}
