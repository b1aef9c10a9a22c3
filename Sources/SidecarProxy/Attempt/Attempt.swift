/// One attempt on an arm: as many HTTP exchanges as it takes, one meter, one entry in the ledger when it is over.

import Dialects
import HTTPFraming
import NIOCore
import RolloutJudge

final class Attempt {
  let loop: LoopState
  let meter: AttemptMeter?
  private let pool: UpstreamPool
  private let method: HTTPMethod
  /// Held until the attempt ends, and let go then.
  private var receiver: (any AttemptReceiver)?
  private var machine: AttemptMachine
  private var call: UpstreamCall?
  /// What has been sent, kept until a head comes so that it can be sent again; nil where it cannot be.
  private var request: OutboundRequest?
  private let startedAt: Int64

  /// - Parameters:
  ///   - requestComplete: the request is all there is, and could be sent twice.
  ///   - net: the failures of this arm that another one answers for.
  init(
    loop: LoopState, pool: UpstreamPool, meter: AttemptMeter?, method: HTTPMethod, receiver: any AttemptReceiver,
    requestComplete: Bool, net: Set<FallbackTrigger> = []
  ) {
    self.loop = loop
    self.pool = pool
    self.meter = meter
    self.method = method
    self.receiver = receiver
    machine = AttemptMachine(isReplayable: requestComplete, net: net)
    startedAt = loop.time
  }

  /// - Parameter request: the head, and as much of the body as there is.
  func start(_ request: OutboundRequest) {
    if machine.isReplayable { self.request = request }
    // What cannot be sent again must not meet a connection that the arm has already given up.
    send(request, isComplete: machine.isReplayable, fresh: !machine.isReplayable)
  }

  private func send(_ request: OutboundRequest, isComplete: Bool, fresh: Bool) {
    let call = UpstreamCall(
      loop: loop, pool: pool, method: method, receiver: self, request: request, requestComplete: isComplete,
      startedAt: startedAt)
    self.call = call
    call.start(fresh: fresh)
  }

  var isOpen: Bool { machine.phase != .ended }

  // MARK: from the receiver

  /// More of a streamed request.
  func send(_ bytes: ByteBuffer, last: Bool) { call?.send(bytes, last: last) }

  /// Whether a streamed request should wait before it sends more.
  var isCongested: Bool { call?.isCongested ?? true }

  func pauseReading() { call?.pauseReading() }

  func resumeReading() { call?.resumeReading() }

  /// The receiver needs no more.
  func cancel(_ transport: TransportEnd) {
    guard isOpen else { return }
    machine.ended()
    end(transport) { _, _ in }
  }

  // MARK: the end

  private func fail(_ failure: AttemptFailure, as transport: TransportEnd? = nil) {
    let action = machine.failed(failure)
    end(transport ?? failure.transport) { receiver, outcome in
      switch action {
      case .rescue: receiver.attemptRescued(outcome)
      case .tell: receiver.attemptFailed(failure, outcome)
      }
    }
  }

  /// Lets go of the connection and the receiver, and writes the attempt's end to the ledger.
  private func end(_ transport: TransportEnd, tell: (any AttemptReceiver, Outcome?) -> Void) {
    guard let receiver else { return assertionFailure("an attempt ends once") }
    self.receiver = nil
    request = nil
    call?.cancel()
    call = nil
    if let meter, receiver.measuresLater(meter, transport) { return tell(receiver, nil) }
    tell(receiver, meter.map { loop.record(endOf: $0, transport) })
  }
}

extension Attempt: CallReceiver {
  var wantsPayloadOnly: Bool { receiver?.wantsPayloadOnly ?? false }

  func callSent() { receiver?.attemptSent() }

  func headReceived(_ head: ResponseHead, _ bytes: ByteBuffer) {
    request = nil
    meter?.headReceived(head, bytes.readableBytesSpan, at: loop.now())
    switch machine.headReceived(status: head.status) {
    case .forward: receiver?.answerHead(head, bytes)
    case .rescue: end(.complete) { $0.attemptRescued($1) }
    }
  }

  func bodyReceived(_ bytes: ByteBuffer) { receiver?.answerBytes(bytes) }

  func payloadReceived(_ bytes: RawSpan) { meter?.payloadReceived(bytes, at: loop.now()) }

  func bodyComplete() { receiver?.answerComplete() }

  func readBurstEnded() { receiver?.answerPaused() }

  func writabilityChanged(_ isWritable: Bool) { receiver?.requestWritability(isWritable) }

  func callEnded(_ ending: CallEnding) {
    switch ending {
    case .complete:
      machine.ended()
      end(.complete) { $0.answerEnded($1) }
    case .lost(let reason, let isStale):
      guard case .sendAgain = machine.connectionLost(isStale: isStale), let request else {
        return fail(.unreachable(reason))
      }
      // The request was never read.
      loop.ledger.counters.replays += 1
      send(request, isComplete: true, fresh: true)
    case .unreachable(let reason): fail(.unreachable(reason))
    case .exhausted: fail(.exhausted)
    case .cut: fail(.cut)
    case .timedOut: fail(.timedOut)
    // The arm would have gone on, had the client read.
    case .clientStalled: fail(.timedOut, as: .clientGone)
    case .abandoned: cancel(.clientGone)
    }
  }
}
