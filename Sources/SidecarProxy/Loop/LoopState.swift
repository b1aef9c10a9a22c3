/// Everything one event loop owns: its pools, its open calls and clients, its ledger. Touched on that loop only.

import Dialects
import NIOConcurrencyHelpers
import NIOCore
import RolloutJudge
import TrafficSplit

final class LoopState {
  let eventLoop: any EventLoop
  let shared: ProxyShared
  private(set) var routing: Routing
  var random: SplitMix64
  var ledger = LedgerBatch()
  private(set) var livePools: [UpstreamPool] = []
  private(set) var shadowPools: [UpstreamPool] = []
  private var shadows: ShadowBudget
  var retries = RetryMemory()
  let requestReader: RequestReader
  var labelTable: LabelTable
  var comparisons: ComparisonBudget
  /// Looks into requests that the split need not know.
  private var quietReads = Spacing(1_000_000)
  /// Exchanges of which is measured how long Crossfade itself holds them up.
  private var overheads = Spacing(10_000_000)
  /// Of the loop's monotonic clock, in nanoseconds: when what is being handled now began.
  private(set) var time: Int64
  private(set) var shadowPace = ShadowPace()
  private var owing: [Exchange] = []
  private var flushes = FlushQueue()
  private var restingShadows = CircularBuffer<ShadowCall>()
  private(set) var calls = OpenCalls()
  /// When calls will be checked next.
  private var sweepAt = Int64.max
  var clients: [ObjectIdentifier: ClientConnection] = [:]
  var isDraining = false
  var drained: EventLoopPromise<Void>?
  private var nextSerial: UInt64
  private var isHandOverScheduled = false
  /// Of batches where a candidate fails.
  private var urgentHandOvers = Spacing(5_000_000)
  var isHousekeepingScheduled = false

  /// How long ledger entries wait to be sent together; a decision has a tenth of a second to take effect.
  private static let handOverInterval = TimeAmount.milliseconds(25)
  /// How exact time-outs are.
  private static let sweepInterval: Int64 = 20_000_000
  static let housekeepingInterval = TimeAmount.seconds(1)

  /// - Parameter number: the loop's place among the loops; serials of different loops never meet.
  init(eventLoop: any EventLoop, number: Int, shared: ProxyShared, routing: Routing, seed: UInt64) {
    self.eventLoop = eventLoop
    self.shared = shared
    self.routing = routing
    random = SplitMix64(seed: seed)
    nextSerial = UInt64(number) << 56 + 1
    time = Int64(bitPattern: eventLoop.now.uptimeNanoseconds)
    shadows = ShadowBudget(inFlightLimit: shared.shadowInFlight, byteLimit: shared.limits.shadowBytes)
    requestReader = RequestReader(fields: shared.bodyFields)
    labelTable = LabelTable(tags: shared.tags, seed: random.next())
    comparisons = ComparisonBudget(
      perSecond: shared.comparisonsPerSecond, byteLimit: shared.limits.comparisonBytes)
    livePools = shared.targets.map { UpstreamPool(target: $0, loop: self, tls: shared.tls, isForCopies: false) }
    shadowPools = shared.targets.map { UpstreamPool(target: $0, loop: self, tls: shared.tls, isForCopies: true) }
  }

  // MARK: time and numbers

  /// Reads the clock; whatever enters the loop's code from outside begins with it.
  func tick() {
    time = Int64(bitPattern: eventLoop.now.uptimeNanoseconds)
    flushes.noteEntry(at: time)
  }

  func instant(_ nanoseconds: Int64) -> Instant { Instant(nanoseconds: shared.epoch + nanoseconds) }

  func now() -> Instant { instant(time) }

  func serial() -> UInt64 {
    defer { nextSerial += 1 }
    return nextSerial
  }

  // MARK: the control plane

  func adopt(_ routing: Routing) { self.routing = routing }

  /// Whether to look into a request that goes to the baseline whatever it says. Prices go by its model and tags by what it
  /// holds; else it is for the figures alone, and then one in a millisecond is enough.
  func readsQuietly(at now: Int64) -> Bool {
    guard !shared.needsFacts else { return true }
    return quietReads.take(at: now)
  }

  /// Reading the clock twice more is not for every exchange.
  func measuresOverhead(at now: Int64) -> Bool { overheads.take(at: now) }

  func record(_ entry: consuming LedgerEntry) {
    ledger.entries.append(entry)
    scheduleHandOver()
  }

  /// - Parameter transport: how the connection ended, as the proxy saw it.
  func record(endOf meter: AttemptMeter, _ transport: TransportEnd) -> Outcome {
    let end = meter.end(transport, at: now())
    let outcome = end.outcome
    if meter.isUnreadable { ledger.counters.unreadableAnswers += 1 }
    if outcome == .clientGone { ledger.counters.clientsGone += 1 }
    record(.ended(end))
    if outcome.countsAsError, !end.arm.isBaseline { handOverSoon() }
    return outcome
  }

  func admitShadow(bytes: Int) -> ShadowDrop? { isDraining ? .draining : shadows.admit(bytes: bytes) }

  func releaseShadow(bytes: Int) { shadows.release(bytes: bytes) }

  func scheduleHandOver() {
    guard !isHandOverScheduled else { return }
    isHandOverScheduled = true
    eventLoop.assumeIsolated().scheduleTask(in: Self.handOverInterval) {
      self.isHandOverScheduled = false
      self.tick()
      // What was there may have been urgent and gone already.
      if !self.ledger.isEmpty { self.handOver() }
    }
  }

  /// A candidate's failure may be the one that decides: it does not wait for others.
  private func handOverSoon() {
    guard urgentHandOvers.take(at: time) else { return }
    eventLoop.assumeIsolated().execute { self.handOver() }
  }

  /// Sends what the ledger holds to the control plane.
  func handOver() {
    let batch = ledger
    ledger = LedgerBatch()
    ledger.entries.reserveCapacity(batch.entries.count)
    shared.observer.batch(batch)
  }

  // MARK: writing

  /// Every flush goes this way. What waits is flushed before the turn is over, or with whatever closes its connection.
  func flush(_ context: ChannelHandlerContext) {
    switch flushes.add(context) {
    case .flushNow: context.flush()
    case .wait: break
    case .flushAtEndOfTurn: eventLoop.assumeIsolated().execute { self.flushWaiting() }
    case .flushAllNow: flushWaiting()
    }
  }

  /// Calls back with the time once all that was flushed so far is written: at once, or at the end of the turn.
  func whenWritten(_ body: @escaping (Instant) -> Void) {
    guard !flushes.isEmpty else { return body(clock()) }
    eventLoop.assumeIsolated().execute { body(self.clock()) }
  }

  private func clock() -> Instant { instant(Int64(bitPattern: eventLoop.now.uptimeNanoseconds)) }

  private func flushWaiting() {
    for context in flushes.take() { context.flush() }
  }

  // MARK: calls and their time-outs

  /// - Parameter deadline: before it the call cannot time out.
  func register(_ call: UpstreamCall, deadline: Int64) {
    calls.add(call, deadline: deadline)
    planSweep(deadline)
  }

  func unregister(_ call: UpstreamCall) { calls.remove(call) }

  /// What the call waits for now may take less time than what it waited for before.
  func deadlineMoved(of call: UpstreamCall, to deadline: Int64) {
    calls.setDeadline(deadline, of: call)
    planSweep(deadline)
  }

  private func planSweep(_ deadline: Int64) {
    let at = max(deadline, time + Self.sweepInterval)
    guard at < sweepAt else { return }
    sweepAt = at
    eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(at - time)) { self.sweep(plannedFor: at) }
  }

  private func sweep(plannedFor at: Int64) {
    // A sooner one was planned after it.
    guard at == sweepAt else { return }
    tick()
    sweepAt = .max
    // A call that times out takes itself off the list, and its receiver may put another one on.
    for call in calls.due(at: time) where call.slot >= 0 { calls.setDeadline(call.checkDeadline(at: time), of: call) }
    if let next = calls.nextDeadline { planSweep(next) }
  }

  // MARK: copies

  /// Copies leave once all that was ready with their request has been handled: no live request waits for them, and many that
  /// leave together cost the kernel, and whoever wakes up for them, less.
  func owe(_ exchange: Exchange) {
    owing.append(exchange)
    guard owing.count == 1 else { return }
    eventLoop.assumeIsolated().execute { self.sendOwed() }
  }

  func sendOwed() {
    tick()
    for exchange in owing { exchange.sendCopies(of: self) }
    owing.removeAll(keepingCapacity: true)
  }

  // MARK: copies that must wait

  /// - Returns: whether the shadow may read on; if not, it is told when it may.
  func mayReadOn(_ shadow: ShadowCall, after bytes: Int) -> Bool {
    guard !shadowPace.take(bytes: bytes, at: time) else { return true }
    restingShadows.append(shadow)
    if restingShadows.count == 1 { scheduleWaking() }
    return false
  }

  private func scheduleWaking() {
    eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(shadowPace.rest)) { self.wakeShadows() }
  }

  private func wakeShadows() {
    tick()
    for _ in 0..<shadowPace.readers(at: time) { restingShadows.popFirst()?.readOn() }
    if !restingShadows.isEmpty { scheduleWaking() }
  }
}
