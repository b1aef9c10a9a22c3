/// A connection of the application: reads its requests, gives each to an arm, and writes back what the arm says.
///
/// Reading is here; choosing is in `ClientConnection+Routing`, answering in `ClientConnection+Answering`, giving up in
/// `ClientConnection+Deadlines`.

import Dialects
import HTTPFraming
import NIOCore
import RolloutJudge

final class ClientConnection: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Changes between two exchanges only; see `moveOn`.
  var loop: LoopState
  var context: ChannelHandlerContext?
  var machine = ExchangeMachine()
  var exchange: Exchange?
  /// An answer's head that waits for the first of its body, so that both go out in one write.
  var pendingHead: ByteBuffer?
  /// Something of an answer has been written since the last flush.
  var awaitsFlush = false
  /// Bytes read and not yet used.
  private(set) var inbound = ByteBuffer()
  private var scanner = HeadScanner(.request)
  private var body: BodyReader?
  /// When the client was last heard, or its last answer written: what idleness is counted from.
  var lastActivity: Int64
  /// When the head that is now being read began to arrive.
  private(set) var headBegan: Int64?
  /// All that this connection has to say has been handed to the kernel; only the client's own end is awaited.
  var isFullyWritten = false
  private var isProcessing = false
  /// Whether the kernel takes more of an answer at once.
  private(set) var isWritable = true
  private var isReadingHeld = false
  private var readWasHeld = false

  init(loop: LoopState) {
    self.loop = loop
    lastActivity = loop.time
  }

  var isInExchange: Bool { exchange != nil }

  // MARK: from the channel

  func handlerAdded(context: ChannelHandlerContext) {
    loop.tick()
    self.context = context
    guard loop.add(self) else {
      return refuse(status: 503, "too many connections: \(loop.shared.limits.clientConnections) are open")
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard machine.phase != .closed else { return }
    loop.tick()
    var bytes = unwrapInboundIn(data)
    lastActivity = loop.time
    if inbound.readableBytes == 0 { inbound = bytes } else { inbound.writeBuffer(&bytes) }
    process()
  }

  func channelInactive(context: ChannelHandlerContext) {
    loop.tick()
    if machine.clientClosed() == .cancelAttempt {
      exchange?.leave()
      if let exchange { rememberDeparture(exchange) }
    }
    exchange = nil
    loop.remove(self)
    self.context = nil
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    loop.tick()
    isWritable = context.channel.isWritable
    if isWritable { exchange?.resume() }
  }

  func read(context: ChannelHandlerContext) {
    if isReadingHeld { readWasHeld = true } else { context.read() }
  }

  private func holdReading(_ isHeld: Bool) {
    isReadingHeld = isHeld
    guard !isHeld, readWasHeld else { return }
    readWasHeld = false
    context?.read()
  }

  // MARK: reading requests

  /// Uses up what has been read, as far as the exchange allows. Called again from within, it leaves the work to the outer call.
  func process() {
    guard !isProcessing else { return }
    isProcessing = true
    defer { isProcessing = false }
    do throws(FramingViolation) {
      while true {
        guard try step() else { break }
      }
    } catch {
      loop.ledger.counters.requestsRefused += 1
      exchange?.leave()
      let status = error == .headTooLarge || error == .tooManyFields ? 431 : 400
      refuse(status: status, "malformed request: \(error)")
    }
  }

  /// - Returns: whether there may be more to do at once.
  private func step() throws(FramingViolation) -> Bool {
    switch machine.phase {
    case .awaitingHead:
      if loop.successor != nil { moveOn() }
      holdReading(false)
      guard inbound.readableBytes > 0 else { return false }
      return try readHead()
    case .buffering: return try readWholeBody()
    case .streaming: return try passBodyOn()
    case .waiting, .answering:
      holdReading(inbound.readableBytes > loop.shared.limits.pipelinedBytes)
      return false
    case .closed: return false
    }
  }

  private func readHead() throws(FramingViolation) -> Bool {
    let unread = inbound
    guard let end = try scanner.endOfHead(in: unread.readableBytesSpan), let bytes = takeInbound(end) else {
      headBegan = headBegan ?? lastActivity
      return false
    }
    headBegan = nil
    let head = try RequestHead(parsing: bytes.readableBytesSpan)
    loop.ledger.counters.requests += 1
    let id = ExchangeID(random: &loop.random)
    guard let request = InboundRequest(head: head, bytes: bytes) else {
      refuse(
        status: 404, "no such path: paths under /api/v1/ and /v1/ are proxied", id: id, toHead: head.method == .head)
      return false
    }
    let exchange = Exchange(id: id, request: request, draw: loop.random.next(), loop: loop)
    self.exchange = exchange
    let isWhole = wantsWholeBody(request)
    machine.requestHeadReceived(keepsAlive: head.keepsAlive && !loop.isDraining, wantsWholeBody: isWhole)
    body = BodyReader(head.framing)
    if head.expectsContinue, inbound.readableBytes == 0 { sayContinue() }
    if !isWhole { beginStreaming(exchange) }
    return true
  }

  private func wantsWholeBody(_ request: InboundRequest) -> Bool {
    switch request.head.framing {
    case .none: return true
    case .length(let length):
      guard request.endpoint != nil else { return length <= Self.smallBody }
      return !isTooLarge(length)
    case .chunked: return request.endpoint != nil
    case .untilClose: return false
    }
  }

  private func readWholeBody() throws(FramingViolation) -> Bool {
    guard let exchange else { return false }
    // The common case: a length, and all of it is here or will be in one piece.
    if case .length(let length) = exchange.request.head.framing {
      guard inbound.readableBytes >= length else { return passOnUnlessKept(exchange, inbound) }
      exchange.request.body = takeInbound(length) ?? ByteBuffer()
      requestRead(exchange)
      return true
    }
    let ended = try readPayload { exchange.request.body.writeImmutableBuffer($0) }
    let isTooLarge = isTooLarge(exchange.request.body.readableBytes)
    if ended {
      requestRead(exchange)
      return true
    }
    if isTooLarge {
      machine.bodyOutgrewLimit()
      beginStreaming(exchange)
      return true
    }
    return passOnUnlessKept(exchange, exchange.request.body)
  }

  private func requestRead(_ exchange: Exchange) {
    machine.requestEnded()
    body = nil
    exchange.noteKept(bytes: exchange.request.body.readableBytes)
    begin(exchange)
  }

  private func passBodyOn() throws(FramingViolation) -> Bool {
    guard let exchange, let attempt = exchange.attempt else { return false }
    holdReading(attempt.isCongested)
    guard !attempt.isCongested else { return false }
    let isChunked = exchange.request.head.framing == .chunked
    var out = ByteBuffer()
    let ended = try readPayload { payload in
      if isChunked { out.writeChunk(payload) } else { out.writeImmutableBuffer(payload) }
    }
    if ended {
      if isChunked { out.writeLastChunk() }
      machine.requestEnded()
      body = nil
    }
    if ended || out.readableBytes > 0 { attempt.send(out, last: ended) }
    return ended
  }

  /// - Returns: whether the body's end has been read.
  private func readPayload(take: (ByteBuffer) -> Void) throws(FramingViolation) -> Bool {
    var offset = 0
    let unread = inbound
    while body != nil {
      switch try body!.next(unread.readableBytesSpan, from: offset) {
      case .payload(let range):
        take(unread.slice(range))
        offset = range.upperBound
      case .padding(let range): offset = range.upperBound
      case .needMore(let consumedTo):
        _ = takeInbound(consumedTo)
        return false
      case .end(let consumedTo):
        _ = takeInbound(consumedTo)
        return true
      }
    }
    return true
  }

  /// The next `count` bytes; the storage is let go of when nothing is left in it.
  private func takeInbound(_ count: Int) -> ByteBuffer? {
    let bytes = inbound.readSlice(length: count)
    if inbound.readableBytes == 0 { inbound = ByteBuffer() }
    return bytes
  }

  /// Bytes that the client still sends are read and thrown away.
  func discardInbound() {
    inbound = ByteBuffer()
    holdReading(false)
  }
}
