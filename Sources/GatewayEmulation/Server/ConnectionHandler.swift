/// One connection of the gateway: collects a request, performs its answer, then turns to the next.
import NIOCore
import NIOHTTP1
import NIOSSL

final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = ByteBuffer

  static let bodyLimit = 64 << 20
  /// Parts of requests that arrive while an answer is under way.
  static let backlogLimit = 4096
  static let lingerLimit = TimeAmount.seconds(2)

  private let ledger: GatewayLedger
  private var connection: Int?
  private var exchange: OpenExchange?
  private var player: ScriptPlayer?
  private var timer: Scheduled<Void>?
  private var backlog = CircularBuffer<HTTPServerRequestPart>()
  private var isPlaying = false
  private var waitsForRoom = false
  /// Nothing that arrives from now on is a request.
  private var isOver = false
  /// The answer under way is the last one.
  private var isDraining = false

  init(ledger: GatewayLedger) {
    self.ledger = ledger
  }

  // MARK: The connection

  func channelActive(context: ChannelHandlerContext) {
    switch ledger.admit(context.channel, now: .now()) {
    case .admitted(let serial):
      connection = serial
    case .refused:
      isOver = true
      Hangup.reset(context.channel)
    case .stopped:
      isOver = true
      Hangup.abruptly(context.channel)
    }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    if let exchange {
      record(exchange)
      ledger.answerEnded(exchange.serial, .abandoned)
    }
    exchange = nil
    player = nil
    isOver = true
    if let connection { ledger.connectionClosed(connection) }
    connection = nil
    context.fireChannelInactive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event is DrainEvent else { return context.fireUserInboundEventTriggered(event) }
    isDraining = true
    if exchange == nil { Hangup.abruptly(context.channel) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard !isOver, context.channel.isActive else { return }
    isOver = true
    let isAnswering = exchange?.isRecorded ?? false
    switch error {
    case is HTTPParserError where !isAnswering:
      ledger.connectionMalformed()
      exchange = nil
      refuseMalformed(context: context)
    case is HTTPParserError, NIOSSLError.handshakeFailed:
      ledger.connectionMalformed()
      Hangup.abruptly(context.channel)
    default:
      // The peer reset, or left TLS without a goodbye: an open answer counts as abandoned.
      Hangup.abruptly(context.channel)
    }
  }

  private func refuseMalformed(context: ChannelHandlerContext) {
    let error = ErrorAnswer(
      vendor: ledger.behavior.vendor, endpoint: nil, status: 400, message: "Malformed request")
    let body = error.document
    let answer =
      "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n"
      + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n" + body
    let written = context.eventLoop.makePromise(of: Void.self)
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: written)
    written.futureResult.assumeIsolated().whenSuccess { self.linger(context: context) }
  }

  // MARK: Reading

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isOver else { return }
    let part = unwrapInboundIn(data)
    if exchange == nil || !(exchange?.bodyIsWhole ?? true), backlog.isEmpty {
      read(part, context: context)
    } else if backlog.count < Self.backlogLimit {
      backlog.append(part)
    } else {
      isOver = true
      ledger.connectionMalformed()
      Hangup.abruptly(context.channel)
    }
  }

  private func read(_ part: HTTPServerRequestPart, context: ChannelHandlerContext) {
    switch part {
    case .head(let head): headArrived(RequestFacts(head), context: context)
    case .body(let bytes): bodyArrived(bytes, context: context)
    case .end: requestEnded(context: context)
    }
  }

  private func headArrived(_ request: RequestFacts, context: ChannelHandlerContext) {
    var (serial, plan) = ledger.plan(now: context.eventLoop.now)
    if let length = request.contentLength, length > Self.bodyLimit { plan.fault = .earlyResponse }
    var exchange = OpenExchange(serial: serial, plan: plan, request: request)
    if let length = request.contentLength { exchange.body.reserveCapacity(min(max(0, length), 1 << 20)) }
    self.exchange = exchange
    if plan.fault == .earlyResponse {
      answer(context: context)
    } else if request.expectsContinue {
      let interim = ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")
      context.writeAndFlush(wrapOutboundOut(interim), promise: nil)
    }
  }

  private func bodyArrived(_ bytes: ByteBuffer, context: ChannelHandlerContext) {
    guard var exchange, player == nil else { return }
    self.exchange = nil
    exchange.body.writeImmutableBuffer(bytes)
    self.exchange = exchange
    if exchange.body.readableBytes > Self.bodyLimit { refuseBody(context: context) }
  }

  private func refuseBody(context: ChannelHandlerContext) {
    guard let exchange else { return }
    var plan = exchange.plan
    plan.fault = .earlyResponse
    self.exchange = OpenExchange(serial: exchange.serial, plan: plan, request: exchange.request)
    answer(context: context)
  }

  private func requestEnded(context: ChannelHandlerContext) {
    exchange?.bodyIsWhole = true
    if player == nil { answer(context: context) }
  }

  // MARK: Answering

  private func answer(context: ChannelHandlerContext) {
    guard let exchange else { return }
    record(exchange)
    var choice = AnswerChoice(plan: exchange.plan, serial: exchange.serial, request: exchange.request)
    let answer = choice.answer(body: exchange.body, desk: MediaDesk(ledger: ledger, now: context.eventLoop.now))
    let script = WireAssembly(answer: answer, plan: choice.plan, request: exchange.request).script()
    self.exchange?.isRecorded = true
    self.exchange?.answerIsWhole = script.isWhole
    self.exchange?.body = ByteBuffer()
    player = ScriptPlayer(script)
    play(context: context)
  }

  private func record(_ exchange: OpenExchange) {
    guard !exchange.isRecorded, let connection else { return }
    ledger.requestReceived(
      ReceivedRequest(
        serial: exchange.serial, connection: connection, method: exchange.request.method,
        target: exchange.request.target, headers: exchange.request.headers, body: exchange.body,
        bodyIsWhole: exchange.bodyIsWhole, fault: exchange.plan.fault, state: .pending))
  }

  private func play(context: ChannelHandlerContext) {
    guard !isPlaying else { return }
    isPlaying = true
    defer { isPlaying = false }
    while let action = player?.next() {
      switch action {
      case .write(let bytes):
        context.write(wrapOutboundOut(bytes), promise: nil)
        guard !context.channel.isWritable else { continue }
        context.flush()
        waitsForRoom = !context.channel.isWritable
        if waitsForRoom { return }
      case .wait(let duration):
        context.flush()
        resume(in: TimeAmount(duration), context: context)
        return
      case .end(let ending):
        end(ending, context: context)
        return
      }
    }
  }

  private func resume(in delay: TimeAmount, context: ChannelHandlerContext) {
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: delay) {
      self.timer = nil
      self.play(context: context)
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if waitsForRoom, context.channel.isWritable {
      waitsForRoom = false
      play(context: context)
    }
    context.fireChannelWritabilityChanged()
  }

  // MARK: Ending

  /// An answer has ended when the kernel took its last byte.
  private func end(_ ending: WireScript.Ending, context: ChannelHandlerContext) {
    guard ending != .hang else {
      context.flush()
      return
    }
    let written = context.eventLoop.makePromise(of: Void.self)
    context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
    written.futureResult.assumeIsolated().whenSuccess { self.answerWritten(ending, context: context) }
  }

  private func answerWritten(_ ending: WireScript.Ending, context: ChannelHandlerContext) {
    guard let exchange else { return }
    self.exchange = nil
    player = nil
    isOver = ending != .keepAlive || !exchange.bodyIsWhole || isDraining
    ledger.answerEnded(exchange.serial, exchange.answerIsWhole ? .complete : .cut)
    switch ending {
    case .keepAlive where isOver: context.close(promise: nil)
    case .keepAlive: drainBacklog(context: context)
    case .close where exchange.answerIsWhole: context.close(promise: nil)
    case .close: Hangup.abruptly(context.channel)
    case .reset: Hangup.reset(context.channel)
    case .linger: linger(context: context)
    case .hang: break
    }
  }

  private func linger(context: ChannelHandlerContext) {
    context.close(mode: .output, promise: nil)
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.lingerLimit) {
      context.close(promise: nil)
    }
  }

  private func drainBacklog(context: ChannelHandlerContext) {
    while !isOver, exchange.map({ !$0.bodyIsWhole }) ?? true, let part = backlog.popFirst() {
      read(part, context: context)
    }
  }
}

@available(*, unavailable)
extension ConnectionHandler: Sendable {}
