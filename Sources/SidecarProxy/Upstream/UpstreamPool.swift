/// The sockets behind a `PoolMachine`: connects, keeps idle connections, notices when an arm goes down or comes back.

import NIOCore
import NIOPosix
import NIOSSL
import RolloutJudge

/// One per loop, arm and population.
final class UpstreamPool {
  enum Lease {
    case connected(UpstreamConnection)
    /// The call will be attached, or told that connecting failed.
    case connecting
    case refused
  }

  let target: ArmTarget
  private unowned let loop: LoopState
  private var machine: PoolMachine<UpstreamConnection>
  private let tls: NIOSSLContext?
  /// Connects in a row that failed; at `downAfter` the arm is called down, at the next success up again.
  private var failures = 0
  private static let downAfter = 3

  init(target: ArmTarget, loop: LoopState, tls: NIOSSLContext?) {
    self.target = target
    self.loop = loop
    self.tls = target.arm.url.isTLS ? tls : nil
    machine = PoolMachine(
      capacity: loop.shared.limits.upstreamConnections, idleLimit: loop.shared.limits.upstreamIdle.nanoseconds)
  }

  var openCount: Int { machine.open }

  /// - Parameter fresh: never an idle connection.
  func lease(fresh: Bool, for call: UpstreamCall) -> Lease {
    switch machine.lease(fresh: fresh) {
    case .reuse(let connection): return .connected(connection)
    case .refused: return .refused
    case .connect:
      connect(for: call)
      return .connecting
    }
  }

  func release(_ connection: UpstreamConnection) { machine.release(connection, at: loop.nanoseconds()) }

  /// A leased connection is gone.
  func closed() { machine.closed() }

  func idleClosed(_ connection: UpstreamConnection) { machine.idleClosed { $0 === connection } }

  func expireIdle(at now: Int64) {
    for connection in machine.expire(at: now) { connection.close() }
  }

  func closeIdle() {
    for connection in machine.drain() { connection.close() }
  }

  private func connect(for call: UpstreamCall) {
    loop.ledger.counters.upstreamConnections += 1
    let url = target.arm.url
    let bootstrap = ClientBootstrap(group: loop.eventLoop)
      .connectTimeout(.nanoseconds(loop.shared.timeouts.connect.nanoseconds))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
    let connected =
      if let address = try? SocketAddress(ipAddress: url.host, port: url.port) {
        bootstrap.connect(to: address)
      } else {
        bootstrap.connect(host: url.host, port: url.port)
      }
    connected.assumeIsolated().whenComplete { [weak call] result in
      switch result {
      case .success(let channel): self.connected(channel, for: call)
      case .failure(let error): self.connectFailed(String(describing: error), for: call)
      }
    }
  }

  private func connected(_ channel: any Channel, for call: UpstreamCall?) {
    let connection = UpstreamConnection(pool: self)
    do {
      let pipeline = channel.pipeline.syncOperations
      if let tls {
        // Server names are for host names; an address is verified as an address.
        let name = (try? SocketAddress(ipAddress: target.arm.url.host, port: 0)) == nil ? target.arm.url.host : nil
        try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
      }
      try pipeline.addHandler(connection)
    } catch {
      channel.close(promise: nil)
      return connectFailed(String(describing: error), for: call)
    }
    if failures >= Self.downAfter { loop.shared.observer.event(.upstreamUp(arm: target.index)) }
    failures = 0
    if let call { call.attach(connection) } else { connection.releaseUnused() }
  }

  private func connectFailed(_ reason: String, for call: UpstreamCall?) {
    machine.closed()
    failures += 1
    if failures == Self.downAfter {
      loop.shared.observer.event(.upstreamDown(arm: target.index, reason: reason))
    }
    call?.connectFailed(reason)
  }
}
