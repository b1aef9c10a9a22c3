/// One HTTP exchange with an arm: leases a connection, sends, waits within its time-outs, and tells what came back.

import HTTPFraming
import NIOCore
import RolloutJudge

final class UpstreamCall {
  /// `trailing`: nobody wants the rest, which is read for the connection's sake.
  private enum Phase { case connecting, awaitingHead, reading, trailing, ended }

  private let loop: LoopState
  private let pool: UpstreamPool
  let method: HTTPMethod
  /// Held until the call ends, and let go then.
  private var receiver: (any CallReceiver)?
  private var connection: UpstreamConnection?
  private var phase = Phase.connecting
  /// The request to be sent, until there is a connection.
  private var request: OutboundRequest?
  /// Whether the request's last byte has been handed over.
  private var requestComplete: Bool
  /// Its connection may serve another call afterwards.
  private let isKept: Bool
  private let patience: Patience
  private let startedAt: Int64
  private var lastActivity: Int64
  private var isReadingPaused = false
  private var wakeAt = Int64.max
  private var trailingBytes = 0
  private static let trailingTime: Int64 = 250_000_000
  private static let trailingLimit = 4 << 10
  /// Its place among the loop's open calls.
  var slot = -1

  /// - Parameters:
  ///   - request: the head, and as much of the body as there is.
  ///   - startedAt: what the total is counted from.
  init(
    loop: LoopState, pool: UpstreamPool, method: HTTPMethod, receiver: any CallReceiver, request: OutboundRequest,
    requestComplete: Bool, patience: Patience, startedAt: Int64, isKept: Bool = true
  ) {
    self.loop = loop
    self.pool = pool
    self.method = method
    self.receiver = receiver
    self.request = request
    self.requestComplete = requestComplete
    self.patience = patience
    self.startedAt = startedAt
    self.isKept = isKept
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

  /// The process has nothing left to connect with: the arm has no part in it, and the attempt was none.
  func ranShort() { if isConnecting { end(.exhausted) } }

  var isConnecting: Bool { phase == .connecting }
  func headReceived(_ head: ResponseHead, _ bytes: ByteBuffer) {
    phase = .reading
    lastActivity = loop.time
    receiver?.headReceived(head, bytes)
  }

  func bodyReceived(_ bytes: ByteBuffer) {
    if phase == .trailing {
      trailingBytes += bytes.readableBytes
      if trailingBytes > Self.trailingLimit { cancel() }
      return
    }
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
  func connectionLost(_ loss: ConnectionLoss) {
    connection = nil
    guard phase == .awaitingHead else { return end(.cut) }
    end(.lost(loss.reason, isStale: loss.isStale(after: loop.time - lastActivity, loop.shared.limits)))
  }

  /// The arm's bytes are not one unambiguous HTTP answer.
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

  /// The answer is over for its receiver, and the connection may soon be free again: what ends it is waited for a little.
  func letGo() {
    guard phase == .reading, connection != nil else { return cancel() }
    (phase, receiver) = (.trailing, nil)
    lastActivity = loop.time
    resumeReading()
    loop.deadlines.move(self, to: loop.time + Self.trailingTime)
  }

  /// Calls back once, unless the call has ended before.
  func wake(after nanoseconds: Int64) {
    wakeAt = loop.time + nanoseconds
    loop.deadlines.move(self, to: min(wakeAt, earliestDeadline))
  }

  /// Nobody waits for it any more.
  func abandon() { end(.abandoned) }

  // MARK: time

  /// Nothing that can happen from now on lets the call time out before this.
  private var earliestDeadline: Int64 {
    let next = min(phase == .connecting ? patience.connect : patience.firstByte, patience.firstByte, patience.idle)
    return min(loop.time + next, totalEnds, wakeAt)
  }

  private var totalEnds: Int64 { patience.total.map { startedAt + $0 } ?? .max }

  /// The present wait: its limit, and since when.
  private var wait: (limit: Int64, since: Int64) {
    switch phase {
    // The pool knows what took so long, and says so first.
    case .connecting: (patience.connect + 5_000_000, lastActivity)
    case .awaitingHead where requestComplete: (patience.firstByte, lastActivity)
    case .awaitingHead where isCongested: (patience.idle, lastActivity)
    // A client that sends no more of its body, or reads nothing, is the client's affair.
    case .awaitingHead: clientsAffair
    case .reading: isReadingPaused ? clientsAffair : (patience.idle, lastActivity)
    case .trailing: (Self.trailingTime, lastActivity)
    case .ended: (.max, 0)
    }
  }

  /// Bounded by the total, or where there is none by what an idle client is given.
  private var clientsAffair: (limit: Int64, since: Int64) {
    patience.total.map { ($0, startedAt) } ?? (loop.shared.limits.clientIdle.nanoseconds, lastActivity)
  }

  /// - Returns: before which it need not be checked again.
  func checkDeadline(at now: Int64) -> Int64 {
    guard phase != .ended else { return .max }
    if now >= wakeAt {
      wakeAt = .max
      receiver?.timeToWake()
      guard phase != .ended else { return .max }
    }
    let (limit, since) = wait
    guard now - since < limit, now < totalEnds else {
      timeOut(after: now - since)
      return .max
    }
    return min(max(since + limit, now), earliestDeadline)
  }

  /// A connection that never came is unreachable; one that says nothing has timed out.
  private func timeOut(after nanoseconds: Int64) {
    switch phase {
    case .connecting: end(.unreachable("connect timed out"))
    case .reading where isReadingPaused && !pool.isForCopies: end(.clientStalled)
    default: end(.timedOut(after: nanoseconds))
    }
  }

  // MARK: the end

  /// Gives the connection back or closes it, and lets go of the receiver.
  private func end(_ ending: CallEnding?) {
    guard phase != .ended else { return }
    let receiver = receiver
    (phase, self.receiver) = (.ended, nil)
    loop.deadlines.unregister(self)
    request = nil
    connection?.finish(reusable: requestComplete && isKept)
    connection = nil
    if let ending { receiver?.callEnded(ending) }
  }
}
