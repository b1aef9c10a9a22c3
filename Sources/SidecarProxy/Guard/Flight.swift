/// One answer that several clients share: what has come of it is remembered, and each gets it at its own pace.

import Dialects
import Guards
import HTTPFraming
import NIOCore
import RolloutJudge
import TrafficSplit

/// The first one's exchange goes on for as long as anybody waits, whoever that is.
final class Flight: ExchangeOwner {
  private enum End {
    case answered(Outcome?)
    case failed(AttemptFailure, Outcome?)
    case turnedAway(GuardRefusal)
  }

  let loop: LoopState
  private let answers: SharedAnswers
  /// The first one's: it has the attempts, the copies and the place in the ledger.
  let exchange: Exchange
  private let ticket: JoinTable.Ticket
  private var head: ResponseHead?
  private var headBytes = ByteBuffer()
  /// What has come of the body from `logStart` on.
  private var log = ByteBuffer()
  private var logStart = 0
  private var isShareable = true
  private var hasAllBytes = false
  private var end: End?
  private var seats: [FlightSeat] = []
  private var isPaused = false
  /// Those who share it beside the first.
  private var shares = 0
  /// What goes to one client in one piece.
  private static let piece = 64 << 10

  init(_ exchange: Exchange, ticket: JoinTable.Ticket, among answers: SharedAnswers, loop: LoopState) {
    self.exchange = exchange
    self.ticket = ticket
    self.answers = answers
    self.loop = loop
  }

  // MARK: clients

  /// - Parameter own: this client's exchange; of the first one the flight's own.
  func board(_ client: ClientConnection, _ own: Exchange) {
    let seat = FlightSeat(self, client, own, isFirst: own === exchange)
    own.guarded?.seat = seat
    seats.append(seat)
    guard !seat.isFirst else { return }
    shares += 1
    if end != nil { noteSaved(1) }
    own.forgetBody()
    serve(seat)
  }

  func resume(_ seat: FlightSeat) {
    serve(seat)
    balance()
  }

  func left(_ seat: FlightSeat) {
    remove(seat)
    if !seat.isFirst { answers.joinerLeft(ticket) }
    guard seats.isEmpty, end == nil else { return balance() }
    exchange.abandon()
    conclude(isWhole: false)
  }

  private func remove(_ seat: FlightSeat) {
    seats.removeAll { $0 === seat }
    seat.exchange.guarded?.seat = nil
  }

  /// Everything that this client has not got, as far as it takes it.
  private func serve(_ seat: FlightSeat) {
    guard let client = seat.client, seat.exchange.guarded?.seat === seat else { return }
    if let head, !seat.hasHead {
      seat.hasHead = true
      (seat.exchange.arm, seat.exchange.fallback) = (exchange.arm, exchange.fallback)
      seat.exchange.translatedFrom = exchange.translatedFrom
      client.answerHead(head, headBytes)
    }
    while seat.offset < logStart + log.readableBytes, client.isWritable {
      guard let bytes = piece(from: seat.offset) else { break }
      seat.offset += bytes.readableBytes
      client.answerBytes(bytes)
    }
    finish(seat, client)
  }

  /// A copy: the log grows in place for as long as nobody else refers to it.
  private func piece(from offset: Int) -> ByteBuffer? {
    let at = log.readerIndex + offset - logStart
    let count = min(Self.piece, log.writerIndex - at)
    guard at >= log.readerIndex, count > 0, let bytes = log.getBytes(at: at, length: count) else { return nil }
    return ByteBuffer(bytes: bytes)
  }

  private func finish(_ seat: FlightSeat, _ client: ClientConnection) {
    guard seat.offset == logStart + log.readableBytes else { return client.flushAnswer() }
    if hasAllBytes, !seat.hasAll {
      seat.hasAll = true
      client.answerComplete()
    }
    guard let end else { return client.flushAnswer() }
    remove(seat)
    switch end {
    case .answered(let outcome): client.answerEnded(outcome)
    case .failed(let failure, let outcome): client.answerFailed(failure, outcome)
    case .turnedAway(let refusal): client.turnedAway(refusal)
    }
  }

  /// The arm is read for as long as somebody takes it; who is far behind is not waited for.
  private func balance() {
    guard end == nil else { return }
    let isWanted = seats.contains { $0.client?.isWritable ?? false }
    guard isPaused == isWanted else { return }
    isPaused = !isWanted
    if isPaused { exchange.attempt?.pauseReading() } else { exchange.attempt?.resumeReading() }
  }

  // MARK: what is kept

  private func keep(_ bytes: ByteBuffer) {
    log.writeImmutableBuffer(bytes)
    let limit = answers.table.bounds.answerBytes
    guard logStart + log.readableBytes > limit else { return }
    if isShareable {
      isShareable = false
      answers.outgrew(ticket)
      loop.noteGuard { $0.notKept += 1 }
    }
    for seat in seats where logStart + log.readableBytes - seat.offset > limit && seats.count > 1 {
      loop.noteGuard { $0.joinersCut += 1 }
      let client = seat.client
      remove(seat)
      client?.answerFailed(.cut, nil)
    }
    forgetFront()
  }

  /// What everybody has, once that is half of what is kept.
  private func forgetFront() {
    let had = (seats.map(\.offset).min() ?? logStart) - logStart
    guard had > log.readableBytes / 2, had > Self.piece else { return }
    let rest = log.getBytes(at: log.readerIndex + had, length: log.readableBytes - had) ?? []
    log = ByteBuffer(bytes: rest)
    logStart += had
  }

  private func conclude(isWhole: Bool) {
    answers.ended(
      ticket, isWhole: isWhole && isShareable, bytes: log.readableBytes + headBytes.readableBytes, at: loop.time)
    noteSaved(shares)
  }

  private func noteSaved(_ count: Int) {
    guard count > 0, let cost = exchange.attempt?.meter?.guarded?.cost else { return }
    loop.noteGuard { $0.dollarsSaved += cost * Double(count) }
  }

  private func over(_ end: End, isWhole: Bool) {
    self.end = end
    conclude(isWhole: isWhole)
    for seat in seats { serve(seat) }
  }

  // MARK: the arm's answer

  var wantsPayloadOnly: Bool { false }

  func attemptSent() { if exchange.owesCopies { loop.copies.owe(exchange) } }

  func answerHead(_ head: ResponseHead, _ bytes: ByteBuffer) {
    exchange.sendCopies(of: loop)
    if exchange.waiting == nil { exchange.forgetBody() }
    (self.head, headBytes) = (head, bytes)
    for seat in seats { serve(seat) }
  }

  func answerBytes(_ bytes: ByteBuffer) {
    let before = logStart + log.readableBytes
    keep(bytes)
    for seat in seats where seat.offset == before {
      guard let client = seat.client, client.isWritable else { continue }
      seat.offset += bytes.readableBytes
      client.answerBytes(bytes)
    }
  }

  func answerPaused() {
    for seat in seats { seat.client?.flushAnswer() }
    balance()
  }

  func answerComplete() {
    hasAllBytes = true
    for seat in seats { serve(seat) }
  }

  func answerEnded(_ outcome: Outcome?) {
    let isSuccess = head.map { (200..<300).contains($0.status) } ?? false
    over(.answered(outcome), isWhole: outcome == .ok && hasAllBytes && isSuccess)
  }

  func attemptFailed(_ failure: AttemptFailure, _ outcome: Outcome?) {
    if failure == .exhausted {
      return noRoom(exchange, on: exchange.arm, exchange.attempt?.meter?.start.population ?? .live)
    }
    over(.failed(failure, outcome), isWhole: false)
  }

  func attemptRescued(_ outcome: Outcome?) { loop.rescue(exchange, outcome, for: self) }

  func noRoom(_ exchange: Exchange, on arm: ArmIndex, _ population: Population) {
    loop.ledger.counters.upstreamConnectionsRefused += 1
    if !arm.isBaseline, population == .live {
      return loop.send(exchange, to: .baseline, model: nil, .rescue, for: self)
    }
    over(.failed(.exhausted, nil), isWhole: false)
  }

  func turnedAway(_ refusal: GuardRefusal) { over(.turnedAway(refusal), isWhole: false) }

  func requestWritability(_ isWritable: Bool) {}
}
