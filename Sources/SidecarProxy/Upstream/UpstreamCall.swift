/// One HTTP exchange with an arm: leases a connection, sends, waits within its time-outs, and tells what came back.

import HTTPFraming
import NIOCore
import RolloutJudge

/// Whose exchange it is. All calls come on the loop; `callEnded` is the last one, and after `cancel` there is none.
protocol CallReceiver: AnyObject {
  /// The request, or what there is of it so far, is on its way.
  func callSent()
  func headReceived(_ head: ResponseHead, _ bytes: ByteBuffer)
  /// Body bytes as they came, chunk framing and all; without it where `wantsPayloadOnly`.
  func bodyReceived(_ bytes: ByteBuffer)
  /// The same bytes without framing, to be measured.
  func payloadReceived(_ bytes: RawSpan)
  /// All bytes of the answer have been given.
  func bodyComplete()
  func readBurstEnded()
  /// The arm takes more of a streamed request, or no more for now.
  func writabilityChanged(_ isWritable: Bool)
  func callEnded(_ ending: CallEnding)
  var wantsPayloadOnly: Bool { get }
}

/// How an exchange came to its end.
enum CallEnding: Equatable {
  case complete
  /// The connection ended before a head.
  /// - Parameter isStale: the arm had given it up before it could read the request.
  case lost(String, isStale: Bool)
  /// No connection, or what the arm sent was no answer.
  case unreachable(String)
  /// All connections that may be open are in use.
  case exhausted
  /// The connection ended inside the answer, or the answer's framing broke.
  case cut
  case timedOut
  /// The client read nothing for as long as the whole may take.
  case clientStalled
  /// The process is about to stop.
  case abandoned
}

final class UpstreamCall {
  private enum Phase { case connecting, awaitingHead, reading, ended }

  private let loop: LoopState
  private let pool: UpstreamPool
  let method: HTTPMethod
  /// Held until the call ends, and let go then.
  private var receiver: (any CallReceiver)?
  private var connection: UpstreamConnection?
  private var phase = Phase.connecting
  /// What is to be sent, until there is a connection.
  private var request: OutboundRequest?
  /// Whether the request's last byte has been handed over.
  private var requestComplete: Bool
  private let startedAt: Int64
  private var lastActivity: Int64
  private var isReadingPaused = false
  /// Its place among the loop's open calls.
  var slot = -1

  /// - Parameters:
  ///   - request: the head, and as much of the body as there is.
  ///   - startedAt: what the total is counted from.
  init(
    loop: LoopState, pool: UpstreamPool, method: HTTPMethod, receiver: any CallReceiver, request: OutboundRequest,
    requestComplete: Bool, startedAt: Int64
  ) {
    self.loop = loop
    self.pool = pool
    self.method = method
    self.receiver = receiver
    self.request = request
    self.requestComplete = requestComplete
    self.startedAt = startedAt
    lastActivity = loop.time
  }

  /// - Parameter fresh: never on a kept connection.
  func start(fresh: Bool) {
    loop.deadlines.register(self, deadline: earliestDeadline)
    switch pool.lease(fresh: fresh, for: self) {
    case .connected(let connection): attach(connection)
    case .connecting: break
    case .refused: end(.exhausted)
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
    request = nil
    receiver?.callSent()
  }

  func connectFailed(_ reason: String) {
    guard phase == .connecting else { return }
    end(.unreachable(reason))
  }

  func headReceived(_ head: ResponseHead, _ bytes: ByteBuffer) {
    phase = .reading
    lastActivity = loop.time
    receiver?.headReceived(head, bytes)
  }

  func bodyReceived(_ bytes: ByteBuffer) {
    lastActivity = loop.time
    receiver?.bodyReceived(bytes)
  }

  func payloadReceived(_ bytes: RawSpan) { receiver?.payloadReceived(bytes) }

  var wantsPayloadOnly: Bool { receiver?.wantsPayloadOnly ?? false }

  func bodyComplete() { receiver?.bodyComplete() }

  func readBurstEnded() { receiver?.readBurstEnded() }

  func answerEnded() { end(.complete) }

  func writabilityChanged(_ isWritable: Bool) { receiver?.writabilityChanged(isWritable) }

  /// The connection ended without a whole answer.
  /// - Parameters:
  ///   - sawBytes: whether any byte of this answer had arrived.
  ///   - roundTrip: about as long as the arm's word takes to come, in nanoseconds.
  func connectionLost(_ reason: String, sawBytes: Bool, wasReused: Bool, roundTrip: Int64) {
    connection = nil
    guard phase != .reading else { return end(.cut) }
    let isAtOnce = loop.time - lastActivity <= max(roundTrip, loop.shared.limits.staleWithin.nanoseconds)
    end(.lost(reason, isStale: !sawBytes && wasReused && isAtOnce))
  }

  /// What the arm sent is not one unambiguous HTTP answer.
  func answerMalformed(_ violation: FramingViolation) {
    end(phase == .reading ? .cut : .unreachable("malformed answer: \(violation)"))
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

  /// The receiver needs no more. Does nothing where the call has ended.
  func cancel() { end(nil) }

  /// Nobody waits for it any more.
  func abandon() { end(.abandoned) }

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
    case .connecting: end(.unreachable("connect timed out"))
    case .reading where isReadingPaused && !pool.isForCopies: end(.clientStalled)
    default: end(.timedOut)
    }
  }

  // MARK: the end

  /// Gives the connection back or closes it, and lets go of the receiver.
  private func end(_ ending: CallEnding?) {
    guard phase != .ended, let receiver else { return }
    (phase, self.receiver) = (.ended, nil)
    loop.deadlines.unregister(self)
    request = nil
    connection?.finish(reusable: requestComplete)
    connection = nil
    if let ending { receiver.callEnded(ending) }
  }
}
