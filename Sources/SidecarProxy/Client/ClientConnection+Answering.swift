/// Answering: what the arm says reaches the client unchanged; where the arm fails, the safety net or Crossfade answers.

import Dialects
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import HTTPFraming
import NIOCore
import RolloutJudge
import TrafficSplit

extension ClientConnection: AttemptReceiver {
  var wantsPayloadOnly: Bool { exchange?.request.head.minorVersion == 0 }

  func attemptSent() {
    guard let exchange else { return }
    noteRequestSent(exchange)
    if exchange.owesCopies { loop.copies.owe(exchange) }
    if machine.phase == .streaming { process() }
  }

  func requestWritability(_ isWritable: Bool) {
    guard isWritable, machine.phase == .streaming else { return }
    lastActivity = loop.time
    process()
  }

  // MARK: the arm's answer

  func answerHead(_ head: ResponseHead, _ bytes: ByteBuffer) {
    guard let exchange else { return assertionFailure("an answer without an exchange") }
    // Where the answer came within the turn of its request; soon the body may be forgotten.
    exchange.sendCopies(of: loop)
    machine.answerHeadReceived()
    let isDechunked = wantsPayloadOnly && head.framing == .chunked
    exchange.endsByClosing = head.framing == .untilClose || isDechunked
    if exchange.endsByClosing || loop.isDraining { machine.closeAfterwards() }
    // The answer is this arm's now, unless it is only waited for. A short one needs no haste to forget its request.
    if case .length = head.framing {} else if exchange.waiting == nil { exchange.forgetBody() }
    var out = ByteBuffer()
    out.writeAnswerHead(head, bytes, marks: marks(exchange), dechunked: isDechunked)
    pendingHead = out
  }

  func answerBytes(_ bytes: ByteBuffer) {
    guard let context else { return }
    guard var head = pendingHead else { return write(bytes, context) }
    pendingHead = nil
    if bytes.readableBytes <= Self.joinedBytes {
      head.writeImmutableBuffer(bytes)
      write(head, context)
    } else {
      write(head, context)
      write(bytes, context)
    }
  }

  func answerPaused() {
    guard let context else { return }
    flush(context)
    if !isWritable { exchange?.attempt?.pauseReading() }
  }

  /// What has been written goes out.
  func flushAnswer() {
    guard let context else { return }
    lastActivity = loop.time
    flush(context)
  }

  func answerComplete() {
    guard let context else { return }
    flush(context)
    noteAnswerSent()
  }

  func answerEnded(_ outcome: Outcome?) {
    guard let context, let exchange else { return }
    if outcome?.countsAsError == true { rememberFailure(exchange) }
    finish(context)
  }

  func attemptFailed(_ failure: AttemptFailure, _ outcome: Outcome?) {
    guard let exchange else { return assertionFailure("a failure without an exchange") }
    if failure == .exhausted {
      return noRoom(exchange, on: exchange.arm, exchange.attempt?.meter?.start.population ?? .live)
    }
    answerFailed(failure, outcome)
  }

  func answerFailed(_ failure: AttemptFailure, _ outcome: Outcome?) {
    guard let exchange else { return assertionFailure("a failure without an exchange") }
    switch machine.attemptFailed(failure) {
    case .answerLocally(let status):
      rememberFailure(exchange)
      answerLocally(status: status, message(failure, exchange), exchange.id)
    case .abort:
      rememberFailure(exchange)
      abort(exchange)
    case .nothing: break
    }
  }

  private func message(_ failure: AttemptFailure, _ exchange: Exchange) -> String {
    let name = loop.shared.targets[exchange.arm.rawValue].arm.name
    switch failure {
    case .unreachable(let reason): return "\(name) cannot be reached: \(reason)"
    case .timedOut: return "\(name) did not answer in time"
    case .cut: return "\(name) broke off its answer"
    case .exhausted: return "too many connections to \(name)"
    case .refused(let status): return "\(name) answered \(status)"
    case .redirected(let status): return "\(name) answered with a redirect (\(status)), which is not passed on"
    }
  }

  /// No connection may be opened to an arm: that is Crossfade's own limit, and counts for no arm. The baseline answers in a
  /// candidate's place.
  func noRoom(_ exchange: Exchange, on arm: ArmIndex, _ population: Population) {
    loop.ledger.counters.upstreamConnectionsRefused += 1
    if !arm.isBaseline, population == .live {
      return send(exchange, to: .baseline, model: nil, .rescue)
    }
    if case .answerLocally(let status) = machine.attemptFailed(.exhausted) {
      answerLocally(status: status, message(.exhausted, exchange), exchange.id)
    }
  }

  // MARK: the safety net

  func attemptRescued(_ outcome: Outcome?) {
    guard let exchange else { return assertionFailure("a rescue without an exchange") }
    loop.rescue(exchange, outcome, for: self)
  }

  // MARK: Crossfade's own words

  /// Answers and closes; the rest of what the client sends is not a request any more.
  /// - Parameter toHead: the request was a `HEAD`, where no exchange says so.
  func refuse(
    status: Int, _ message: String, id: ExchangeID? = nil, toHead: Bool = false, retryAfter: Int? = nil
  ) {
    machine.closeAfterwards()
    let isAnswering = machine.phase == .answering
    guard let context, !isAnswering else { return closeWhenWritten() }
    answerLocally(
      status: status, message, id ?? exchange?.id ?? ExchangeID(random: &loop.random), toHead: toHead,
      retryAfter: retryAfter)
    if context.channel.isActive, machine.phase != .closed { closeWhenWritten() }
  }

  /// - Parameter retryAfter: in whole seconds.
  func answerLocally(
    status: Int, _ message: String, _ id: ExchangeID, toHead: Bool = false, retryAfter: Int? = nil
  ) {
    guard let context else { return }
    loop.ledger.counters.localAnswers += 1
    loop.scheduleHandOver()
    var out = ByteBuffer()
    let marks = AnswerMarks(
      exchange: id, armLine: nil, fallback: exchange?.fallback,
      keepsAlive: machine.keepsAlive && machine.requestComplete,
      clientMinorVersion: exchange?.request.head.minorVersion ?? 1)
    out.writeLocalAnswer(
      status: status, message: message, marks: marks, retryAfter: retryAfter,
      withoutBody: toHead || exchange?.request.head.method == .head)
    write(out, context)
    finish(context)
  }

  func sayContinue() {
    context?.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
  }

  // MARK: the end of an exchange

  private func finish(_ context: ChannelHandlerContext) {
    flush(context)
    exchange = nil
    lastActivity = loop.time
    switch machine.answerEnded() {
    case .awaitNextRequest:
      if loop.isDraining { closeWhenWritten() } else { process() }
    case .close: closeWhenWritten()
    }
  }

  /// The arm broke off after its head was forwarded: so does the answer, and in a way that the client can tell.
  private func abort(_ exchange: Exchange) {
    guard let context else { return }
    flush(context)
    self.exchange = nil
    guard exchange.endsByClosing, let options = context.channel as? any SocketOptionProvider else {
      return closeWhenWritten()
    }
    // Nothing but a reset says that a body without a length is not whole.
    whenWritten(context) {
      options.setSoLinger(onceClosedReset).assumeIsolated().whenComplete { _ in self.close() }
    }
  }

  private func write(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
    awaitsFlush = true
    context.write(wrapOutboundOut(bytes), promise: nil)
  }

  private func flush(_ context: ChannelHandlerContext) {
    if let head = pendingHead {
      pendingHead = nil
      write(head, context)
    }
    guard awaitsFlush else { return }
    awaitsFlush = false
    loop.flushes.flush(context)
  }

  /// Closes the sending side once all is written, and the whole when the client has read it or a second has passed.
  private func closeWhenWritten() {
    guard let context else { return }
    whenWritten(context) { context.close(mode: .output, promise: nil) }
  }

  func whenWritten(_ context: ChannelHandlerContext, then end: @escaping () -> Void) {
    discardInbound()
    let written = context.eventLoop.makePromise(of: Void.self)
    context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
    written.futureResult.assumeIsolated().whenComplete { _ in
      self.loop.tick()
      self.isFullyWritten = true
      self.lastActivity = self.loop.time
      end()
    }
  }

  private func marks(_ exchange: Exchange) -> AnswerMarks {
    AnswerMarks(
      exchange: exchange.guarded?.seat?.flight.exchange.id ?? exchange.id,
      armLine: loop.shared.targets[exchange.arm.rawValue].armLine,
      translatedFrom: exchange.translatedFrom, fallback: exchange.fallback,
      keepsAlive: machine.keepsAlive, clientMinorVersion: exchange.request.head.minorVersion)
  }

  /// Body pieces up to this many bytes are copied behind their head: one write is cheaper than two.
  private static var joinedBytes: Int { 16 << 10 }
}

/// Makes closing a socket send a reset at once.
private let onceClosedReset = linger(l_onoff: 1, l_linger: 0)
