/// The data path as a service: listens, gives each connection to an event loop, takes new routing, drains on shutdown.

import Listening
import NIOConcurrencyHelpers
import NIOCore
package import NIOPosix
import NIOSSL
package import RolloutJudge
import TrafficSplit

/// Why the proxy cannot start.
package enum ProxyStartError: Error, CustomStringConvertible {
  case cannotListen(host: String, port: Int, reason: String)
  case certificateAuthorities(path: String, reason: String)

  package var description: String {
    switch self {
    case .cannotListen(let host, let port, let reason):
      "cannot listen on \(ListenHost.text(host)):\(port): \(reason)"
    case .certificateAuthorities(let path, let reason):
      "cannot read certificate authorities from \(path): \(reason)"
    }
  }
}

/// The listening sockets, whose connections are handed round to the loops of `group`.
package final class SidecarProxy: Sendable {
  private let configuration: ProxyConfiguration
  private let shared: ProxyShared
  let loops: [NIOLoopBound<LoopSeat>]
  /// One for each address of the host.
  private let listeners: [any Channel]
  package let port: Int

  private init(
    configuration: ProxyConfiguration, shared: ProxyShared, loops: [NIOLoopBound<LoopSeat>], listeners: [any Channel]
  ) {
    self.configuration = configuration
    self.shared = shared
    self.loops = loops
    self.listeners = listeners
    port = listeners.first?.localAddress?.port ?? configuration.port
  }

  /// Binds and serves at once, all to the baseline until `adopt` says otherwise.
  ///
  /// - Parameters:
  ///   - group: its loops carry the connections; the caller shuts it down after `drain`.
  ///   - routing: from the first request on.
  ///   - clock: the instant that the loops' monotonic clock is tied to.
  package static func start(
    _ configuration: ProxyConfiguration, playbook: Playbook, group: MultiThreadedEventLoopGroup, routing: Routing,
    observer: ProxyObserver, clock: Instant
  ) async throws -> SidecarProxy {
    // Read before anything that takes its time: the two clocks are tied at the instant that the caller gave.
    let epoch = clock.nanoseconds - Int64(bitPattern: NIODeadline.now().uptimeNanoseconds)
    DescriptorTable.reserve(reservedDescriptors)
    let shared = ProxyShared(
      playbook: playbook, configuration: configuration, observer: observer, tls: try tlsContext(configuration),
      epoch: epoch)
    var loops: [NIOLoopBound<LoopSeat>] = []
    for (number, eventLoop) in group.makeIterator().enumerated() {
      let seed = UInt64.random(in: .min ... .max)
      loops.append(
        try await eventLoop.submit {
          let state = LoopState(
            eventLoop: eventLoop, number: number, shared: shared, routing: routing, seed: seed)
          return NIOLoopBound(LoopSeat(state), eventLoop: eventLoop)
        }.get())
    }
    try await FirstMeeting.rehearse(playbook, configuration, on: group.next())
    let listeners = try await listen(configuration, shared, group: group, loops: loops)
    let proxy = SidecarProxy(configuration: configuration, shared: shared, loops: loops, listeners: listeners)
    observer.event(.descriptors(shared.budget))
    observer.event(.listening(host: configuration.host, port: proxy.port))
    return proxy
  }

  private static let reservedDescriptors = 16_384

  private static func listen(
    _ configuration: ProxyConfiguration, _ shared: ProxyShared, group: MultiThreadedEventLoopGroup,
    loops: [NIOLoopBound<LoopSeat>]
  ) async throws -> [any Channel] {
    let seats = Dictionary(uniqueKeysWithValues: loops.map { (ObjectIdentifier($0.eventLoop), $0) })
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 4096)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelOption(.maxMessagesPerRead, value: AcceptGate.burst)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(gate(shared, seats[ObjectIdentifier(channel.eventLoop)]))
        }
      }
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard let seat = seats[ObjectIdentifier(channel.eventLoop)]?.value else { throw ChannelError.eof }
          try channel.pipeline.syncOperations.addHandler(ClientConnection(loop: seat.current))
        }
      }
    do {
      return try await ListenHost.bind(configuration.host, port: configuration.port) {
        try await bootstrap.bind(to: $0).get()
      } close: {
        try? await $0.close().get()
      } boundPort: {
        $0.localAddress?.port
      }
    } catch {
      throw ProxyStartError.cannotListen(
        host: configuration.host, port: configuration.port,
        reason: ListenHost.reason(error, port: configuration.port))
    }
  }

  /// On the listener's loop.
  private static func gate(_ shared: ProxyShared, _ loop: NIOLoopBound<LoopSeat>?) -> AcceptGate {
    AcceptGate(places: shared.clientPlaces) { event in
      switch event {
      case .full: shared.observer.event(.clientsFull(limit: shared.clientPlaces.limit))
      case .shortage(let shortage): loop?.value.current.ranShort(of: shortage)
      }
    }
  }

  private static func tlsContext(_ configuration: ProxyConfiguration) throws(ProxyStartError) -> NIOSSLContext? {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.applicationProtocols = ["http/1.1"]
    let path = configuration.certificateAuthorities ?? ""
    do {
      if !path.isEmpty {
        tls.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(path))]
      }
      return try NIOSSLContext(configuration: tls)
    } catch {
      throw .certificateAuthorities(path: path, reason: String(describing: error))
    }
  }

  /// Takes effect for the next request of every loop; done when all loops have it.
  package func adopt(_ routing: Routing) async throws {
    for loop in loops {
      try await loop.eventLoop.submit { loop.value.current.adopt(routing) }.get()
    }
  }

  /// Serves under another playbook from the next request of every loop on: no connection is closed, and exchanges under way
  /// finish with the arms and limits that they began with.
  ///
  /// - Parameters:
  ///   - routing: by the new playbook's candidates, under a generation of its own.
  ///   - observer: told what happens under it; the one before is still told of what began before.
  package func replace(playbook: Playbook, routing: Routing, observer: ProxyObserver) async throws {
    let next = ProxyShared(
      playbook: playbook, configuration: configuration, observer: observer, tls: shared.tls, epoch: shared.epoch,
      after: shared)
    for (number, loop) in loops.enumerated() {
      let seed = UInt64.random(in: .min ... .max)
      try await loop.eventLoop.submit {
        loop.value.replace(
          by: LoopState(eventLoop: loop.eventLoop, number: number, shared: next, routing: routing, seed: seed))
      }.get()
    }
  }

  /// Calls off what an earlier process has left at vendors, or sees it to its end; what becomes of it is told as job events.
  package func settle(_ jobs: [OpenJob]) async throws {
    guard let loop = loops.first, !jobs.isEmpty else { return }
    try await loop.eventLoop.submit {
      let state = loop.value.current
      state.tick()
      for job in jobs { LeftJob(job, loop: state)?.start() }
    }.get()
  }

  /// Stops accepting, lets open exchanges finish for as long as `ProxyLimits.drainTime`, then closes what is left.
  ///
  /// - Returns: how many exchanges had to be cut off.
  package func stop() async throws -> Int {
    var open = 0
    for listener in listeners { try await listener.close().get() }
    for loop in loops { open += try await loop.eventLoop.submit { loop.value.openExchanges }.get() }
    var drains: [EventLoopFuture<Void>] = []
    for loop in loops { drains += try await loop.eventLoop.submit { loop.value.all.map { $0.drain() } }.get() }
    // Said when it is so on every loop.
    shared.observer.event(.draining(open: open, limit: shared.limits.drainTime))
    let abandons = loops.map { loop in
      loop.eventLoop.scheduleTask(in: .nanoseconds(shared.limits.drainTime.nanoseconds)) {
        let open = loop.value.openExchanges
        for state in loop.value.all { state.abandonClients() }
        return open
      }
    }
    for drain in drains { try await drain.get() }
    var cutOff = 0
    for abandon in abandons {
      abandon.cancel()
      // One that was cancelled in time has cut off nothing.
      cutOff += (try? await abandon.futureResult.get()) ?? 0
    }
    return cutOff
  }

  package func drain() async throws { _ = try await stop() }
}
