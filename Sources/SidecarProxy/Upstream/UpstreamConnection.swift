/// A connection to an arm: cuts what it sends into one answer after another and hands them to the call it is leased to.

import HTTPFraming
import NIOCore
import NIOSSL
import NIOTLS
import RolloutJudge

final class UpstreamConnection: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let pool: UpstreamPool
  let loop: LoopState
  private(set) var context: ChannelHandlerContext?
  private(set) var isActive = true
  /// The channel's own: good for as long as this is active, and looked up once, which costs some microseconds.
  private(set) lazy var socket = context?.socket
  private(set) var isWritable = true
  private var call: UpstreamCall?
  private var head = ByteBuffer()
  private var scanner = HeadScanner(.response)
  private var body: BodyReader?
  private var answerKeepsAlive = false
  private var sawBytes = false
  private var usedBefore = false
  /// How much of the request that it carries has been handed over.
  private(set) var sentBytes = 0
  private var wasUnread = false
  /// How long it waited for the request that it carries, in nanoseconds.
  var idled: Int64 = 0
  var isAbandoned = false
  private var interimHeads = 0
  private var isReadingPaused = false
  private var readWasHeld = false
  var lastError: String?
  var handshake: Handshake?
  /// The time it took to connect, in nanoseconds.
  let connectTime: Int64
  let address: SocketAddress
  /// The generation of the arm's addresses when this one was last among them.
  var generation: Int
  /// More interim answers than this before the real one are a fault of the arm.
  private static let interimLimit = 16

  init(pool: UpstreamPool, loop: LoopState, connectTime: Int64, address: SocketAddress, generation: Int) {
    self.pool = pool
    self.loop = loop
    self.connectTime = connectTime
    self.address = address
    self.generation = generation
  }

  // MARK: from the call

  func begin(_ call: UpstreamCall) {
    self.call = call
    scanner = HeadScanner(.response)
    body = nil
    sawBytes = false
    sentBytes = 0
    interimHeads = 0
  }

  func write(_ bytes: ByteBuffer) {
    sentBytes += bytes.readableBytes
    context?.write(wrapOutboundOut(bytes), promise: nil)
  }

  func flush() { if let context { loop.flushes.flush(context) } }

  func pauseReading() { isReadingPaused = true }

  func resumeReading() {
    isReadingPaused = false
    if readWasHeld {
      readWasHeld = false
      context?.read()
    }
  }

  /// The call is over. A connection that stands at a clean message boundary goes back to the pool, any other is closed.
  func finish(reusable: Bool) {
    let isClean = body?.isComplete ?? false
    call = nil
    usedBefore = true
    body = nil
    resumeReading()
    if reusable, isClean, answerKeepsAlive, isActive {
      pool.release(self)
    } else {
      pool.closed()
      context?.close(promise: nil)
    }
  }

  /// It connected for a call that no longer needs it.
  func releaseUnused() {
    usedBefore = true
    pool.release(self)
  }

  func close() { context?.close(promise: nil) }

  // MARK: from the channel

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case TLSUserEvent.handshakeCompleted:
      guard let call = endHandshake() else { break }
      loop.tick()
      pool.established(self, for: call)
    case ChannelEvent.inputClosed: closedByArm(context)
    default: break
    }
    context.fireUserInboundEventTriggered(event)
  }

  /// An arm that says no more has ended the connection, whatever it would still read.
  private func closedByArm(_ context: ChannelHandlerContext) {
    if call != nil, !sawBytes { wasUnread = isRequestUnread }
    context.close(promise: nil)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    isActive = context.channel.isActive
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    isWritable = false
  }

  func read(context: ChannelHandlerContext) {
    if isReadingPaused { readWasHeld = true } else { context.read() }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    loop.tick()
    var bytes = unwrapInboundIn(data)
    guard !isAbandoned, call != nil else {
      // Bytes that no request asked for: nothing that follows can be trusted.
      context.close(promise: nil)
      return
    }
    sawBytes = true
    do throws(FramingViolation) {
      if body == nil {
        if head.readableBytes == 0 { head = bytes } else { head.writeBuffer(&bytes) }
        guard try readHead() else { return }
        bytes = head
        head = ByteBuffer()
      }
      try readBody(bytes)
    } catch {
      call?.answerMalformed(error)
      context.close(promise: nil)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) { call?.readBurstEnded() }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    loop.tick()
    isWritable = context.channel.isWritable
    call?.writabilityChanged(isWritable)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    lastError = connectReason(error)
    // A FIN without TLS's own goodbye.
    if case NIOSSLError.uncleanShutdown = error { closedByArm(context) } else { context.close(promise: nil) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    loop.tick()
    (isActive, isWritable) = (false, false)
    if let call = endHandshake() { return pool.connectFailed(lastError ?? "closed before TLS was agreed", for: call) }
    guard !isAbandoned else { return }
    guard let call else { return pool.idleClosed(self) }
    // A reset ends no body, not even one that only the close ends.
    if lastError == nil, body?.closed() == true { return call.answerEnded() }
    self.call = nil
    pool.closed()
    call.connectionLost(
      ConnectionLoss(
        reason: lastError ?? "closed before answering", sawBytes: sawBytes, wasReused: usedBefore,
        wasUnread: wasUnread, idled: idled, keptFor: pool.keptFor, roundTrip: connectTime))
  }

  // MARK: one answer

  /// - Returns: whether the final head has been read; `head` then begins with the body.
  private func readHead() throws(FramingViolation) -> Bool {
    while let end = try endOfHead() {
      let bytes = head.readSlice(length: end) ?? ByteBuffer()
      let parsed = try ResponseHead(parsing: bytes.readableBytesSpan, toMethod: call?.method ?? .get)
      if parsed.isInformational {
        interimHeads += 1
        guard interimHeads <= Self.interimLimit else { throw .invalidStatusLine }
        continue
      }
      answerKeepsAlive = parsed.keepsAlive
      body = BodyReader(parsed.framing, isFromArm: true)
      call?.headReceived(parsed, bytes)
      return true
    }
    return false
  }

  private func endOfHead() throws(FramingViolation) -> Int? {
    let bytes = head
    return try scanner.endOfHead(in: bytes.readableBytesSpan)
  }

  private func readBody(_ bytes: ByteBuffer) throws(FramingViolation) {
    guard let call, body != nil else { return }
    let burst = BodyBurst(bytes.readableBytesSpan, by: &body!)
    if call.wantsPayloadOnly {
      burst.forEachPayload { call.bodyReceived(bytes.slice($0)) }
    } else {
      burst.forEachPiece { call.bodyReceived($0.count == bytes.readableBytes ? bytes : bytes.slice($0)) }
    }
    if burst.isLast { call.bodyComplete() }
    // What follows the end belongs to no request.
    if burst.isLast, burst.end < bytes.readableBytes { answerKeepsAlive = false }
    burst.forEachMeasured(bytes) { call.payloadReceived($0) }
    if let violation = burst.violation { throw violation }
    guard burst.isLast, self.call === call else { return }
    call.answerEnded()
  }
}

extension ByteBuffer {
  /// Offsets count from the first readable byte.
  func slice(_ range: Range<Int>) -> ByteBuffer {
    getSlice(at: readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
  }
}
