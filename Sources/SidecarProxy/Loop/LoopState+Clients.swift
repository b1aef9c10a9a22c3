/// The clients of a loop: how many there may be, how long they may idle, and how they leave when the process is to stop.

import Dialects
import Listening
import NIOConcurrencyHelpers
import NIOCore
import RolloutJudge

extension LoopState {
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

  // MARK: another playbook

  /// No further exchange begins here: idle clients go over at once, the others when their exchange is over.
  func retire(to next: LoopState) {
    tick()
    successor = next
    next.retries = retries
    if let guards { next.guards?.inherit(from: guards) }
    for client in Array(clients.values) { client.moveOn() }
    for pool in pools { pool.retire() }
  }

  /// Nothing is left of it.
  var isDone: Bool { clients.isEmpty && deadlines.all.isEmpty && jobs.isEmpty }

  /// The client counts as open all the while.
  func handClient(_ client: ClientConnection, to next: LoopState) {
    guard clients.removeValue(forKey: ObjectIdentifier(client)) != nil else { return }
    next.clients[ObjectIdentifier(client)] = client
    next.scheduleHousekeeping()
    if isDraining, clients.isEmpty { finishDraining() }
  }

  private func scheduleHousekeeping() {
    guard !isHousekeepingScheduled else { return }
    isHousekeepingScheduled = true
    eventLoop.assumeIsolated().scheduleTask(in: Self.housekeepingInterval) { self.housekeep() }
  }

  private func housekeep() {
    isHousekeepingScheduled = false
    tick()
    let now = time
    for client in Array(clients.values) {
      client.moveOn()
      if client.loop === self { client.checkDeadline(at: now) }
    }
    if shared.clientPlaces.isFull { closeIdleClients(at: now) }
    for pool in pools { pool.expireIdle(at: now) }
    guards?.forget(at: now)
    retries.forget(before: now)
    departures.forget(before: now)
    let isInUse = !clients.isEmpty || pools.contains { $0.openCount > 0 }
    if isInUse { scheduleHousekeeping() }
  }

  /// Others wait to be accepted: who has said nothing for a while makes room.
  private func closeIdleClients(at now: Int64) {
    for client in Array(clients.values) where client.hasIdled(for: Self.crowdedIdle, at: now) {
      ledger.counters.idleClientsClosed += 1
      client.close()
    }
  }

  /// How long a client may say nothing while others wait.
  private static let crowdedIdle = Duration.seconds(2)

  // MARK: what the process runs out of

  func ranShort(of shortage: Shortage) {
    ledger.counters.shortages += 1
    shared.observer.event(.ranShort(of: shortage))
    scheduleHandOver()
  }

  /// An idle connection to one arm makes room for a request to another.
  func makeRoom(isForCopies: Bool) {
    for pool in pools(isForCopies) where pool.closeOldestIdle() { return }
  }

  func hasIdle(isForCopies: Bool) -> Bool { pools(isForCopies).contains { $0.hasIdle } }

  private func pools(_ isForCopies: Bool) -> [UpstreamPool] { isForCopies ? shadowPools : livePools }

  /// An attempt that was none: nobody is to count it.
  func withdraw(_ meter: AttemptMeter) {
    record(.withdrawn(meter.end(.clientGone, at: now())))
  }

  // MARK: draining

  var openExchanges: Int { clients.values.count { $0.isInExchange } }

  /// No further exchange begins; done when the last client is gone.
  func drain() -> EventLoopFuture<Void> {
    tick()
    isDraining = true
    let promise = drained ?? eventLoop.makePromise()
    drained = promise
    for client in Array(clients.values) { client.drain() }
    if clients.isEmpty { finishDraining() }
    return promise.futureResult
  }

  /// Clients that have not finished in time are cut off.
  func abandonClients() {
    tick()
    for client in Array(clients.values) { client.close() }
  }

  private func finishDraining() {
    copies.sendOwed()
    // The clients are gone: what is left are copies, and every attempt that began must be seen to end.
    for job in jobs.all { job.abandon() }
    for call in deadlines.all { call.abandon() }
    for pool in pools { pool.closeIdle() }
    handOver()
    drained?.succeed()
    drained = nil
  }
}
