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
  private var calls: [UpstreamCall] = []
  private var clients: [ObjectIdentifier: ClientConnection] = [:]
  private(set) var isDraining = false
  private var drained: EventLoopPromise<Void>?
  private var nextSerial: UInt64
  private var isFlushScheduled = false
  private var isSweepScheduled = false
  private var isHousekeepingScheduled = false

  /// How long ledger entries wait to be sent together.
  private static let flushInterval = TimeAmount.milliseconds(10)
  /// How exact time-outs are.
  private static let sweepInterval = TimeAmount.milliseconds(20)
  private static let housekeepingInterval = TimeAmount.seconds(1)

  /// - Parameter number: the loop's place among the loops; serials of different loops never meet.
  init(eventLoop: any EventLoop, number: Int, shared: ProxyShared, routing: Routing, seed: UInt64) {
    self.eventLoop = eventLoop
    self.shared = shared
    self.routing = routing
    random = SplitMix64(seed: seed)
    nextSerial = UInt64(number) << 56 + 1
    shadows = ShadowBudget(inFlightLimit: shared.shadowInFlight, byteLimit: shared.limits.shadowBytes)
    requestReader = RequestReader(fields: shared.bodyFields)
    livePools = shared.targets.map { UpstreamPool(target: $0, loop: self, tls: shared.tls) }
    shadowPools = shared.targets.map { UpstreamPool(target: $0, loop: self, tls: shared.tls) }
  }

  // MARK: time and numbers

  /// Of the loop's monotonic clock.
  func nanoseconds() -> Int64 { Int64(bitPattern: eventLoop.now.uptimeNanoseconds) }

  func instant(_ nanoseconds: Int64) -> Instant { Instant(nanoseconds: shared.epoch + nanoseconds) }

  func now() -> Instant { instant(nanoseconds()) }

  func serial() -> UInt64 {
    defer { nextSerial += 1 }
    return nextSerial
  }

  // MARK: the control plane

  func adopt(_ routing: Routing) { self.routing = routing }

  func record(_ entry: LedgerEntry) {
    ledger.entries.append(entry)
    scheduleFlush()
  }

  func record(end: AttemptEnd, unreadable: Bool) {
    if unreadable { ledger.counters.unreadableAnswers += 1 }
    if end.outcome == .clientGone { ledger.counters.clientsGone += 1 }
    record(.ended(end))
  }

  func admitShadow(bytes: Int) -> ShadowDrop? { isDraining ? .draining : shadows.admit(bytes: bytes) }

  func releaseShadow(bytes: Int) { shadows.release(bytes: bytes) }

  func scheduleFlush() {
    guard !isFlushScheduled else { return }
    isFlushScheduled = true
    eventLoop.assumeIsolated().scheduleTask(in: Self.flushInterval) { self.flush() }
  }

  func flush() {
    isFlushScheduled = false
    let batch = ledger
    ledger = LedgerBatch()
    ledger.entries.reserveCapacity(batch.entries.count)
    shared.observer.batch(batch)
  }

  // MARK: calls and their time-outs

  func register(_ call: UpstreamCall) {
    call.slot = calls.count
    calls.append(call)
    guard !isSweepScheduled else { return }
    isSweepScheduled = true
    eventLoop.assumeIsolated().scheduleTask(in: Self.sweepInterval) { self.sweep() }
  }

  func unregister(_ call: UpstreamCall) {
    let last = calls.removeLast()
    guard last !== call else { return }
    calls[call.slot] = last
    last.slot = call.slot
  }

  private func sweep() {
    isSweepScheduled = false
    let now = nanoseconds()
    // A call that times out takes itself off the list, and its receiver may put another one on: walk a copy.
    for call in calls { call.checkDeadline(at: now) }
    guard !calls.isEmpty else { return }
    isSweepScheduled = true
    eventLoop.assumeIsolated().scheduleTask(in: Self.sweepInterval) { self.sweep() }
  }

  // MARK: clients

  /// - Returns: false where no more connections are allowed.
  func add(_ client: ClientConnection) -> Bool {
    ledger.counters.connectionsAccepted += 1
    let isAllowed = shared.openConnections.withLockedValue { open in
      open += 1
      return open <= shared.limits.clientConnections
    }
    clients[ObjectIdentifier(client)] = client
    if !isAllowed { ledger.counters.connectionsRefused += 1 }
    scheduleHousekeeping()
    return isAllowed
  }

  func remove(_ client: ClientConnection) {
    guard clients.removeValue(forKey: ObjectIdentifier(client)) != nil else { return }
    shared.openConnections.withLockedValue { $0 -= 1 }
    if isDraining, clients.isEmpty { finishDraining() }
  }

  private func scheduleHousekeeping() {
    guard !isHousekeepingScheduled else { return }
    isHousekeepingScheduled = true
    eventLoop.assumeIsolated().scheduleTask(in: Self.housekeepingInterval) { self.housekeep() }
  }

  private func housekeep() {
    isHousekeepingScheduled = false
    let now = nanoseconds()
    for client in Array(clients.values) { client.checkDeadline(at: now) }
    for pool in livePools + shadowPools { pool.expireIdle(at: now) }
    retries.forget(before: now)
    let isInUse = !clients.isEmpty || (livePools + shadowPools).contains { $0.openCount > 0 }
    if isInUse { scheduleHousekeeping() }
  }

  // MARK: draining

  var openExchanges: Int { clients.values.count { $0.isInExchange } }

  /// No further exchange begins; done when the last client is gone.
  func drain() -> EventLoopFuture<Void> {
    isDraining = true
    let promise = drained ?? eventLoop.makePromise()
    drained = promise
    for client in Array(clients.values) { client.drain() }
    if clients.isEmpty { finishDraining() }
    return promise.futureResult
  }

  /// What has not finished in time is cut off.
  func abandonClients() {
    for client in Array(clients.values) { client.close() }
  }

  private func finishDraining() {
    // The clients are gone: what is left are copies, and every attempt that began must be seen to end.
    for call in calls { call.cancel(.clientGone) }
    for pool in livePools + shadowPools { pool.closeIdle() }
    flush()
    drained?.succeed()
    drained = nil
  }
}
