/// A connection to an arm that is being opened for a call: its name's addresses, a race between them, and one time limit for
/// all of it.

import Listening
import NIOCore
import NIOPosix
import RolloutJudge

/// Its closures keep it until it is over.
final class ConnectAttempt {
  private let pool: UpstreamPool
  private let loop: LoopState
  let call: UpstreamCall
  /// In nanoseconds of the loop's clock.
  let began: Int64
  private var addresses: [SocketAddress] = []
  private var race = ConnectRace(count: 0)
  /// The channels by their address's place, while they try.
  private var trying: [Int: any Channel] = [:]
  /// The connection to the arm's proxy, while that opens a tunnel.
  private var tunnelling: (any Channel)?
  private var deadline: Scheduled<Void>?
  private var headStart: Scheduled<Void>?
  private var reason = "no address"
  private var isShort: Shortage?
  /// Whether a part of its time went by without a place for a socket, which is no fault of the arm's.
  private var hasWaited = false
  private var isOver = false

  init(pool: UpstreamPool, loop: LoopState, call: UpstreamCall) {
    self.pool = pool
    self.loop = loop
    self.call = call
    began = loop.time
  }

  func start() {
    let limit = loop.shared.timeouts.connect.nanoseconds
    deadline = loop.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(limit)) { self.timedOut() }
    let (attempt, eventLoop) = (NIOLoopBound(self, eventLoop: loop.eventLoop), loop.eventLoop)
    let found = pool.target.addresses.find(at: began) { found in
      eventLoop.execute { attempt.value.lookedUp(found) }
    }
    if let found { learnt(found) } else { reason = "DNS: no answer for \(pool.target.arm.url.host) in time" }
  }

  private func lookedUp(_ found: ArmAddresses.Found) {
    loop.tick()
    learnt(found)
  }

  private func learnt(_ found: ArmAddresses.Found) {
    guard !isOver else { return }
    // A call that has ended waits for no connection.
    guard call.isConnecting else { return end { pool.closed() } }
    switch found {
    case .addresses(let addresses):
      self.addresses = addresses
      reason = "connect timed out"
      race = ConnectRace(count: addresses.count)
      obey(race.begin())
    case .failed(let reason): end { pool.connectFailed(reason, for: call) }
    case .shortage(let shortage): end { pool.ranShort(of: shortage, for: call) }
    }
  }

  private func obey(_ action: ConnectRace.Action) {
    switch action {
    case .connect(let index, let isLast):
      if !isLast { giveHeadStart() }
      connect(to: index)
    case .wait, .won, .close: break
    case .lost:
      // Where an address could not even be tried, its arm has not failed.
      if let isShort {
        end { pool.ranShort(of: isShort, for: call) }
      } else {
        end { pool.connectFailed(reason, for: call) }
      }
    }
  }

  private func giveHeadStart() {
    headStart?.cancel()
    headStart = loop.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(ConnectRace.headStart)) {
      self.loop.tick()
      self.obey(self.race.isSlow())
    }
  }

  private func connect(to index: Int) {
    let (attempt, eventLoop) = (NIOLoopBound(self, eventLoop: loop.eventLoop), loop.eventLoop)
    if pool.takePlace(orWait: { eventLoop.execute { attempt.value.placeGiven(for: index) } }) {
      open(index)
    } else {
      hasWaited = true
    }
  }

  private func placeGiven(for index: Int) {
    loop.tick()
    guard !isOver, call.isConnecting else {
      pool.givePlace()
      return isOver ? () : end { pool.closed() }
    }
    open(index)
  }

  private func open(_ index: Int) {
    loop.ledger.counters.upstreamConnections += 1
    let attempt = NIOLoopBound(self, eventLoop: loop.eventLoop)
    let connected = pool.bootstrap
      .channelInitializer { channel in
        attempt.value.opened(index, channel)
        return channel.eventLoop.makeSucceededVoidFuture()
      }
      .connect(to: addresses[index])
    connected.assumeIsolated().whenComplete { result in
      self.loop.tick()
      switch result {
      case .success(let channel): self.connected(index, channel)
      case .failure(let error): self.failed(index, with: error)
      }
    }
  }

  /// There is a socket: its place is free again when it closes, however that comes.
  private func opened(_ index: Int, _ channel: any Channel) {
    trying[index] = channel
    let pool = NIOLoopBound(pool, eventLoop: loop.eventLoop)
    channel.closeFuture.whenComplete { _ in pool.value.givePlace() }
  }

  private func connected(_ index: Int, _ channel: any Channel) {
    trying[index] = nil
    guard race.connected() == .won, !isOver else {
      loop.ledger.counters.upstreamConnectionsUnused += 1
      return channel.close(promise: nil)
    }
    pool.target.addresses.reached(addresses[index])
    guard let tunnel = pool.target.tunnel else {
      return end { pool.connected(channel, to: addresses[index], by: self) }
    }
    tunnelling = channel
    reason = "the proxy \(tunnel.proxy.authority) did not answer: timed out"
    do {
      try channel.pipeline.syncOperations.addHandler(
        TunnelHandler(tunnel) { self.tunnelled(channel, to: self.addresses[index], $0) })
    } catch {
      tunnelled(channel, to: addresses[index], connectReason(error))
    }
  }

  /// - Parameter failure: why there is no tunnel; nil: there is.
  private func tunnelled(_ channel: any Channel, to address: SocketAddress, _ failure: String?) {
    guard !isOver else { return }
    loop.tick()
    guard let failure else {
      tunnelling = nil
      return end { pool.connected(channel, to: address, by: self) }
    }
    end { pool.connectFailed(failure, for: call) }
  }

  private func failed(_ index: Int, with error: any Error) {
    // Without a socket nothing will ever close.
    if trying.removeValue(forKey: index) == nil { pool.givePlace() }
    guard !isOver else { return }
    if let shortage = Shortage(error) { return failed(index, by: shortage) }
    reason = connectReason(error)
    pool.target.addresses.unreachable(addresses[index], at: loop.time)
    obey(race.failed())
  }

  private func failed(_ index: Int, by shortage: Shortage) {
    // A family that this machine has no address of looks like one without ports: the others say what is the matter.
    if shortage != .ports || addresses.count == 1 { isShort = shortage }
    reason = "out of \(shortage.rawValue)"
    obey(race.failed())
  }

  private func timedOut() {
    guard !isOver else { return }
    loop.tick()
    end { hasWaited ? pool.ranShort(of: .descriptors, for: call) : pool.connectFailed(reason, for: call) }
  }

  /// Those that still try have lost: they are closed, and come last the next time.
  private func end(_ tell: () -> Void) {
    isOver = true
    race.abandon()
    deadline?.cancel()
    headStart?.cancel()
    tunnelling?.close(promise: nil)
    tunnelling = nil
    for (index, channel) in trying {
      pool.target.addresses.unreachable(addresses[index], at: loop.time)
      channel.close(promise: nil)
    }
    tell()
  }
}
