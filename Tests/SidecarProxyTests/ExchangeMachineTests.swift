/// Every fact in every state: the space is small enough to be walked through whole.

import Dialects
import RolloutJudge
import Testing

@testable import SidecarProxy

@Suite struct ExchangeMachineTests {
  /// The ways a connection comes to stand in a phase.
  enum Stand: CaseIterable {
    case awaitingHead, buffering, streaming, waiting, answering, closed

    func machine() -> ExchangeMachine {
      var machine = ExchangeMachine()
      switch self {
      case .awaitingHead: break
      case .buffering: machine.requestHeadReceived(keepsAlive: true, wantsWholeBody: true)
      case .streaming: machine.requestHeadReceived(keepsAlive: true, wantsWholeBody: false)
      case .waiting, .answering:
        machine.requestHeadReceived(keepsAlive: true, wantsWholeBody: true)
        machine.requestEnded()
        if self == .answering { machine.answerHeadReceived() }
      case .closed: _ = machine.clientClosed()
      }
      return machine
    }

    var phase: ExchangeMachine.Phase {
      switch self {
      case .awaitingHead: .awaitingHead
      case .buffering: .buffering
      case .streaming: .streaming
      case .waiting: .waiting
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

  @Test("a failed attempt is told, cut off or nobody's, by phase", arguments: Stand.allCases, failures)
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
    case .buffering, .streaming, .waiting:
      #expect(action == .answerLocally(status: failure.status))
      #expect(machine.phase == stand.phase)
    }
    #expect(machine.keepsAlive == (stand != .streaming), "what is left of an upload is no request")
  }

  @Test("an answer that overtakes its request ends the connection", arguments: [Stand.waiting, .streaming])
  func overtaking(_ stand: Stand) {
    var machine = stand.machine()
    machine.answerHeadReceived()
    #expect(machine.phase == .answering)
    #expect(machine.keepsAlive == (stand == .waiting))
  }

  @Test("an ended answer leads to the next request only where both sides may go on")
  func ends() {
    for keepsAlive in [true, false] {
      for closesAfterwards in [true, false] {
        var machine = ExchangeMachine()
        machine.requestHeadReceived(keepsAlive: keepsAlive, wantsWholeBody: true)
        machine.requestEnded()
        machine.answerHeadReceived()
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
    machine.answerHeadReceived()
    #expect(machine.answerEnded() == .close)
  }

  @Test("a streamed request that was read whole keeps the connection")
  func streamedWhole() {
    var machine = Stand.streaming.machine()
    machine.requestEnded()
    #expect(machine.phase == .waiting)
    machine.answerHeadReceived()
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

  @Test("the next request starts without the last one's failure or refusal to go on")
  func nextRequest() {
    var machine = Stand.waiting.machine()
    machine.answerHeadReceived()
    #expect(machine.answerEnded() == .awaitNextRequest)
    machine.requestHeadReceived(keepsAlive: true, wantsWholeBody: true)
    #expect(!machine.requestComplete)
    machine.requestEnded()
    #expect(machine.attemptFailed(.cut) == .answerLocally(status: 502))
  }
}
