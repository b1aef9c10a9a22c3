/// One attempt on an arm: as many HTTP exchanges as it takes, one meter, one entry in the ledger when it is over.

import Dialects
import HTTPFraming
import NIOCore
import RolloutJudge
import TrafficSplit

/// The attempt up to its end is here; the arm's answer on its way back is in `Attempt+Answer`.
final class Attempt {
  /// The kind of request, and how the arm is to be treated.
  struct Terms {
    var method: HTTPMethod
    /// The request is all there is, and could be sent twice.
    var requestComplete: Bool
    var patience: Patience
    /// The failures of this arm that another one answers for.
    var net: Set<FallbackTrigger> = []
    /// Failures of it that the exchange may try something else after.
    var guarded: Set<FallbackTrigger> = []
    var recourse: Recourse?
    /// Its place among the requests that are under way to its arm.
    var slot: ArmQueue.Slot?
    /// The answer is nobody's: over at its terminal event, whatever is held open behind it.
    var isCopy = false
  }

  let loop: LoopState
  let meter: AttemptMeter?
  let pool: UpstreamPool
  let terms: Terms
  /// Held until the attempt ends, and let go then.
  var receiver: (any AttemptReceiver)?
  var machine: AttemptMachine
  var call: (any ArmCall)?
  /// The request as sent so far, kept until a head comes so that it can be sent again; nil where it cannot be.
  private var request: OutboundRequest?
  private let startedAt: Int64
  /// The one stage between framing and receiver: nil passes the answer on as it comes.
  var held: HeldAnswer?
  /// All of a copy's answer that counts has been read.
  var isOver = false
  var promisesLength = false
  /// What follows its failure is known already.
  private var isPlanned = false
  /// Since when the receiver takes no more.
  private var pausedAt: Int64?

  init(
    loop: LoopState, pool: UpstreamPool, meter: AttemptMeter?, receiver: any AttemptReceiver, _ terms: Terms
  ) {
    self.loop = loop
    self.pool = pool
    self.meter = meter
    self.receiver = receiver
    self.terms = terms
    machine = AttemptMachine(
      isReplayable: terms.requestComplete, net: terms.caught, hold: terms.hold(loop.shared.hold),
      passesRedirects: pool.target.index.isBaseline)
    startedAt = loop.time
    pool.replayAllowance.attemptBegan()
  }

  /// - Parameter request: the head, and as much of the body as there is.
  func start(_ request: OutboundRequest) {
    if machine.isReplayable { self.request = request }
    // What cannot be sent again must not meet a connection that the arm has already given up.
    send(request, isComplete: machine.isReplayable, fresh: !machine.isReplayable)
  }

  private func send(_ request: OutboundRequest, isComplete: Bool, fresh: Bool) {
    let call: any ArmCall
    if let order = request.order {
      call = order.call(
        request, loop: loop, pool: loop.jobPool(beside: pool), receiver: self, patience: terms.patience,
        startedAt: startedAt)
    } else {
      call = UpstreamCall(
        loop: loop, pool: pool, method: terms.method, receiver: self, request: request, requestComplete: isComplete,
        patience: terms.patience, startedAt: startedAt)
    }
    self.call = call
    call.start(fresh: fresh)
  }

  var isOpen: Bool { machine.phase != .ended }
  var isCopy: Bool { terms.isCopy }

  // MARK: from the receiver

  /// More of a streamed request.
  func send(_ bytes: ByteBuffer, last: Bool) { call?.send(bytes, last: last) }

  /// Whether a streamed request should wait before it sends more.
  var isCongested: Bool { call?.isCongested ?? true }

  func pauseReading() {
    pausedAt = pausedAt ?? loop.time
    call?.pauseReading()
  }

  func resumeReading() {
    leaveOutPause()
    call?.resumeReading()
  }

  /// The time in which nobody read is not the arm's.
  private func leaveOutPause() {
    guard let since = pausedAt else { return }
    pausedAt = nil
    meter?.leaveOut(nanoseconds: loop.time - since)
  }

  /// The receiver needs no more.
  func cancel(_ transport: TransportEnd) {
    guard isOpen else { return }
    end(transport) { _, _, _ in }
  }

  // MARK: the end

  func fail(_ failure: AttemptFailure, as transport: TransportEnd? = nil) {
    end(transport ?? failure.transport) { receiver, action, outcome in
      switch action {
      case .rescue: receiver.attemptRescued(outcome)
      case .tell: receiver.attemptFailed(failure, outcome)
      }
    }
  }

  /// For want of something of Crossfade's own it was no attempt, and counts for nobody.
  func withdraw() {
    guard let receiver else { return assertionFailure("an attempt ends once") }
    terms.slot?.leave(ttft: nil, isRefused: false)
    _ = machine.ended(.clientGone, nil)
    (self.receiver, request, call) = (nil, nil, nil)
    if let meter { loop.withdraw(meter) }
    receiver.attemptFailed(.exhausted, nil)
  }

  /// Lets go of the connection and the receiver, and writes the attempt's end to the ledger.
  func end(_ transport: TransportEnd, tell: (any AttemptReceiver, AttemptMachine.EndAction, Outcome?) -> Void) {
    guard let receiver else { return assertionFailure("an attempt ends once") }
    self.receiver = nil
    request = nil
    leaveOutPause()
    let call = call
    self.call = nil
    if isOver || machine.isRefusal { call?.letGo() } else { call?.cancel() }
    if let meter, receiver.measuresLater(meter, transport) {
      // A copy: nothing of it is held, and nobody stands in for it.
      let action = machine.ended(transport, nil)
      return tell(receiver, action, nil)
    }
    let outcome = meter.map { loop.record(endOf: $0, transport) }
    let failure = machine.trigger(transport, outcome)
    var action = machine.ended(transport, outcome)
    if terms.recourse != nil { settle(&action, failure) }
    terms.slot?.leave(
      ttft: outcome?.isOk ?? false ? meter?.ttft : nil, isRefused: outcome == .rateLimited || outcome == .failed)
    if let held {
      self.held = nil
      loop.heldBytes -= held.body.readableBytes
      if action == .tell, transport != .clientGone { give(held, to: receiver) }
    }
    tell(receiver, action, outcome)
  }

  // MARK: something else in its place

  /// What is caught for a guard is only so where the exchange has something to try.
  private func settle(_ action: inout AttemptMachine.EndAction, _ trigger: FallbackTrigger?) {
    guard action == .rescue, let recourse = terms.recourse, let trigger, !terms.net.contains(trigger) else { return }
    if !isPlanned {
      isPlanned = recourse.standsIn(for: trigger, nil, on: pool.target.index, meter?.start.population ?? .live)
    }
    guard isPlanned else { return action = .tell }
    recourse.keep(held, failure: trigger)
  }

  /// A status that a guard would catch: where nothing else can be tried, it is the answer like any other.
  func planAhead(_ head: ResponseHead, _ bytes: ByteBuffer) {
    guard let recourse = terms.recourse, let trigger = FallbackTrigger(status: head.status),
      terms.guarded.contains(trigger), !terms.net.contains(trigger)
    else { return }
    isPlanned = recourse.standsIn(
      for: trigger, (head, bytes), on: pool.target.index, meter?.start.population ?? .live)
    if !isPlanned { machine.forgo(trigger) }
  }

  // MARK: sent again

  func headIsHere() { request = nil }

  /// The request was never read, as far as can be known: once more, or, where that is too often, the arm's failure.
  func connectionLost(_ reason: String, isStale: Bool) {
    guard case .sendAgain = machine.connectionLost(isStale: isStale), let request else {
      return fail(.unreachable(reason))
    }
    loop.noteReplay(on: pool.target.index)
    guard pool.replayAllowance.take() || pool.target.index.isBaseline else { return fail(.unreachable(reason)) }
    send(request, isComplete: true, fresh: true)
  }
}

extension Attempt.Terms {
  fileprivate var caught: Set<FallbackTrigger> { guarded.isEmpty ? net : net.union(guarded) }

  /// Only a canary's answer is held back until it has said something.
  fileprivate func hold(_ hold: SafetyNetHold) -> SafetyNetHold {
    net.isEmpty && recourse != nil && !guarded.contains(.empty) ? SafetyNetHold(until: .head) : hold
  }
}
