/// One request to one arm: leases a connection, sends, waits within its time-outs, and tells its receiver what came back.

import Dialects
import HTTPFraming
import NIOCore
import RolloutJudge

/// Who gets an answer: a client's connection, or nobody (a shadow). All calls come on the loop; `answerDeclined`,
/// `answerEnded` and `callFailed` are the last one of a call, and after `cancel` there are none. The outcome is nil where
/// the attempt is not measured.
protocol CallReceiver: AnyObject {
  /// The request, or what there is of it so far, is on its way.
  func callSent()
  /// - Returns: whether the receiver wants the rest; if not, the call ends with `answerDeclined`.
  func answerHead(_ head: ResponseHead, _ bytes: ByteBuffer) -> Bool
  func answerDeclined(_ outcome: Outcome?)
  /// Body bytes as they came, chunk framing and all; without it where `wantsPayloadOnly`.
  func answerBytes(_ bytes: ByteBuffer)
  func answerEnded(_ outcome: Outcome?)
  func callFailed(_ failure: AttemptFailure, _ outcome: Outcome?)
  /// No more bytes in this read burst.
  func answerPaused()
  /// All bytes of the answer have been given: they may go out before they are measured.
  func answerComplete()
  /// The arm takes more of a streamed request, or no more for now.
  func requestWritability(_ isWritable: Bool)
  var wantsPayloadOnly: Bool { get }
}

final class UpstreamCall {
  private enum Phase { case connecting, awaitingHead, reading, ended }

  let loop: LoopState
  let pool: UpstreamPool
  let meter: AttemptMeter?
  let method: HTTPMethod
  /// Held until the call ends, and let go then.
  private var receiver: (any CallReceiver)?
  private(set) var connection: UpstreamConnection?
  private var phase = Phase.connecting
  /// What is to be sent, kept until the first byte of an answer so that it can be sent again; nil once it is not.
  private var request: OutboundRequest?
  private var isReplayable: Bool
  /// Whether the request's last byte has been handed over.
  private(set) var requestComplete: Bool
  private let startedAt: Int64
  private var lastActivity: Int64
  private var isReadingPaused = false
  /// Its place among the loop's open calls.
  var slot = -1

  /// - Parameter request: the head, and as much of the body as there is.
  init(
    loop: LoopState, pool: UpstreamPool, meter: AttemptMeter?, method: HTTPMethod, receiver: any CallReceiver,
    request: OutboundRequest, requestComplete: Bool
  ) {
    self.loop = loop
    self.pool = pool
    self.meter = meter
    self.method = method
    self.receiver = receiver
    self.request = request
    self.requestComplete = requestComplete
    isReplayable = requestComplete
    startedAt = loop.time
    lastActivity = loop.time
  }

  func start() {
    loop.register(self, deadline: earliestDeadline)
    // What cannot be sent again must not meet a connection that the arm has already given up.
    lease(fresh: !isReplayable)
  }

  private func lease(fresh: Bool) {
    switch pool.lease(fresh: fresh, for: self) {
    case .connected(let connection): attach(connection)
    case .connecting: break
    case .refused: fail(.exhausted)
    }
  }

  // MARK: from the pool and the connection

  func attach(_ connection: UpstreamConnection) {
    guard phase == .connecting else { return connection.releaseUnused() }
    self.connection = connection
    connection.begin(self)
    phase = .awaitingHead
    lastActivity = loop.time
    if let request {
      connection.write(request.start)
      if let rest = request.rest { connection.write(rest) }
    }
    connection.flush()
    if !isReplayable { request = nil }
    receiver?.callSent()
  }

  func connectFailed(_ reason: String) {
    guard phase == .connecting else { return }
    fail(.unreachable(reason))
  }

  func headReceived(_ head: ResponseHead, _ bytes: ByteBuffer) {
    phase = .reading
    lastActivity = loop.time
    request = nil
    isReplayable = false
    meter?.headReceived(head, bytes.readableBytesSpan, at: loop.instant(lastActivity))
    if receiver?.answerHead(head, bytes) == false { end(.complete) { $0.answerDeclined($1) } }
  }

  func bodyReceived(_ bytes: ByteBuffer) {
    lastActivity = loop.time
    receiver?.answerBytes(bytes)
  }

  func payloadReceived(_ bytes: RawSpan) {
    meter?.payloadReceived(bytes, at: loop.instant(lastActivity))
  }

  var isOpen: Bool { phase != .ended }

  var wantsPayloadOnly: Bool { receiver?.wantsPayloadOnly ?? false }

  func bodyComplete() { receiver?.answerComplete() }

  func readBurstEnded() { receiver?.answerPaused() }

  func answerEnded() { end(.complete) { $0.answerEnded($1) } }

  func writabilityChanged(_ isWritable: Bool) { receiver?.requestWritability(isWritable) }

  /// The connection ended without a whole answer.
  /// - Parameters:
  ///   - sawBytes: whether any byte of this answer had arrived.
  ///   - roundTrip: about as long as the arm's word takes to come, in nanoseconds.
  func connectionLost(_ reason: String, sawBytes: Bool, wasReused: Bool, roundTrip: Int64) {
    connection = nil
    let isAtOnce = loop.time - lastActivity <= max(roundTrip, loop.shared.limits.staleWithin.nanoseconds)
    if phase == .awaitingHead, !sawBytes, wasReused, isReplayable, isAtOnce {
      // A kept-alive connection that the arm had already given up: the request was never read.
      loop.ledger.counters.replays += 1
      phase = .connecting
      lastActivity = loop.time
      loop.deadlineMoved(of: self, to: earliestDeadline)
      return lease(fresh: true)
    }
    fail(phase == .reading ? .cut : .unreachable(reason))
  }

  /// What the arm sent is not one unambiguous HTTP answer.
  func answerMalformed(_ violation: FramingViolation) {
    fail(phase == .reading ? .cut : .unreachable("malformed answer: \(violation)"))
  }

  // MARK: from the receiver

  /// More of a streamed request.
  func send(_ bytes: ByteBuffer, last: Bool) {
    guard phase != .ended else { return }
    requestComplete = last
    lastActivity = loop.time
    // No more is read from the client until there is a connection.
    guard let connection else { return keep(bytes) }
    if bytes.readableBytes > 0 {
      connection.write(bytes)
      connection.flush()
    }
  }

  private func keep(_ bytes: ByteBuffer) {
    guard bytes.readableBytes > 0 else { return }
    if request?.rest?.writeImmutableBuffer(bytes) == nil { request?.rest = bytes }
  }

  /// Whether a streamed request should wait before it sends more.
  var isCongested: Bool { connection.map { !$0.isWritable } ?? true }

  func pauseReading() {
    isReadingPaused = true
    connection?.pauseReading()
  }

  func resumeReading() {
    guard isReadingPaused else { return }
    isReadingPaused = false
    lastActivity = loop.time
    connection?.resumeReading()
  }

  /// The receiver needs no more: the client left, or the safety net takes over.
  func cancel(_ transport: TransportEnd) { end(transport) { _, _ in } }

  // MARK: time

  /// Nothing that can happen from now on lets the call time out before this.
  private var earliestDeadline: Int64 {
    let timeouts = loop.shared.timeouts
    let next = phase == .connecting ? min(timeouts.connect, timeouts.firstByte) : min(timeouts.firstByte, timeouts.idle)
    return min(loop.time + min(next, timeouts.idle).nanoseconds, startedAt + timeouts.total.nanoseconds)
  }

  /// - Returns: before which it need not be checked again.
  func checkDeadline(at now: Int64) -> Int64 {
    let timeouts = loop.shared.timeouts
    let (limit, since): (Duration, Int64) =
      switch phase {
      case .connecting: (timeouts.connect, lastActivity)
      case .awaitingHead where requestComplete: (timeouts.firstByte, lastActivity)
      // A client that sends no more of its body is the client's affair, bounded by the total.
      case .awaitingHead: (isCongested ? timeouts.idle : timeouts.total, isCongested ? lastActivity : startedAt)
      // A client that does not read is its own affair, bounded by the total.
      case .reading: (isReadingPaused ? timeouts.total : timeouts.idle, isReadingPaused ? startedAt : lastActivity)
      case .ended: (.zero, .max)
      }
    guard phase != .ended else { return .max }
    guard now - since < limit.nanoseconds, now - startedAt < timeouts.total.nanoseconds else {
      timeOut()
      return .max
    }
    return min(max(since + limit.nanoseconds, now), earliestDeadline)
  }

  /// A connection that never came is unreachable; one that says nothing has timed out.
  private func timeOut() {
    switch phase {
    case .connecting: fail(.unreachable("connect timed out"))
    // The arm would have gone on, had the client read.
    case .reading where isReadingPaused && !pool.isForCopies: end(.clientGone) { $0.callFailed(.timedOut, $1) }
    default: fail(.timedOut)
    }
  }

  // MARK: the end

  private func fail(_ failure: AttemptFailure) { end(failure.transport) { $0.callFailed(failure, $1) } }

  /// Gives the connection back or closes it, writes the attempt's end to the ledger, and lets go of the receiver.
  private func end(_ transport: TransportEnd, tell: (any CallReceiver, Outcome?) -> Void) {
    guard phase != .ended, let receiver else { return }
    (phase, self.receiver) = (.ended, nil)
    loop.unregister(self)
    request = nil
    connection?.finish(reusable: requestComplete)
    connection = nil
    tell(receiver, meter.map { loop.record(endOf: $0, transport) })
  }
}
