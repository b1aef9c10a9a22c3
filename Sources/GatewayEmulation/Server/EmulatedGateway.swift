/// A real server on a real socket that behaves like an LLM gateway, for rehearsals, for the demo and for tests.
import Listening
package import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

package struct EmulatedGateway: Sendable {
  private let ledger: GatewayLedger
  /// One for each address of the host.
  private let listeners: [any Channel]
  package let port: Int

  /// - Parameters:
  ///   - port: 0 takes a free one.
  ///   - recordLimit: how many of the latest requests `received` keeps; their bodies at most 256 MiB together.
  /// - Throws: `IOError` where the address cannot be bound, NIOSSL's errors for an unusable certificate or key.
  package static func start(
    host: String = "127.0.0.1", port: Int = 0, behavior: GatewayBehavior = GatewayBehavior(),
    group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, tls: GatewayTLS? = nil, recordLimit: Int = 1024
  ) async throws -> EmulatedGateway {
    let tlsContext = try tls?.context()
    let ledger = GatewayLedger(
      behavior: behavior, recordLimit: recordLimit, scheme: tls == nil ? "http" : "https", now: .now())
    try await rehearse(on: group.next())
    // Each of its connections takes one descriptor.
    let places = ConnectionPlaces(
      limit: DescriptorBudget(limit: DescriptorTable.limit, inUse: DescriptorTable.open).all)
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelOption(.maxMessagesPerRead, value: AcceptGate.burst)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(AcceptGate(places: places) { _ in })
        }
      }
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try prepare(channel, ledger: ledger, tls: tlsContext)
        }
      }
    let listeners = try await ListenHost.bind(host, port: port) {
      try await bootstrap.bind(to: $0).get()
    } close: {
      try? await $0.close().get()
    } boundPort: {
      $0.localAddress?.port
    }
    let closed = EventLoopFuture.andAllComplete(listeners.map(\.closeFuture), on: group.next())
    closed.whenComplete { _ in ledger.listenerClosed() }
    return EmulatedGateway(
      ledger: ledger, listeners: listeners, port: listeners.first?.localAddress?.port ?? port)
  }

  /// One request before anything listens: two event loops that make the metadata of the same handler's type at the same
  /// moment, for the first time, have been seen to end the process.
  private static func rehearse(on eventLoop: any EventLoop) async throws {
    guard let pair = SocketPair() else { return }
    defer { pair.closeOurs() }
    let ledger = GatewayLedger(behavior: GatewayBehavior(), recordLimit: 0, now: .now())
    let channel = try await ClientBootstrap(group: eventLoop).channelInitializer { channel in
      channel.eventLoop.makeCompletedFuture { try prepare(channel, ledger: ledger, tls: nil) }
    }.withConnectedSocket(pair.theirs).get()
    pair.send("GET /v1/models HTTP/1.1\r\nHost: rehearsal\r\nConnection: close\r\n\r\n")
    try await channel.closeFuture.get()
  }

  private static func prepare(_ channel: any Channel, ledger: GatewayLedger, tls: NIOSSLContext?) throws {
    let pipeline = channel.pipeline.syncOperations
    if let tls {
      try pipeline.addHandler(NIOSSLServerHandler(context: tls), name: Hangup.tlsHandlerName)
    }
    try pipeline.addHandlers([
      ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)),
      ConnectionHandler(ledger: ledger),
    ])
  }

  /// Closes the port and every connection, without waiting for open answers; returns when all are gone.
  package func stop() async {
    let connections = ledger.stop()
    for listener in listeners { listener.close(promise: nil) }
    for channel in connections {
      channel.eventLoop.execute { Hangup.abruptly(channel) }
    }
    _ = await ledger.wait { _ in false }
  }

  /// Closes the port, lets open answers end for so long, then closes what is left.
  ///
  /// - Returns: false where connections were still open a second later, which takes an event loop that is stuck.
  @discardableResult
  package func stop(within patience: Duration) async -> Bool {
    let connections = ledger.stop()
    for listener in listeners { listener.close(promise: nil) }
    for channel in connections {
      channel.pipeline.fireUserInboundEventTriggered(DrainEvent())
    }
    if await ledger.isGone(within: patience) { return true }
    for channel in connections {
      channel.eventLoop.execute { Hangup.abruptly(channel) }
    }
    return await ledger.isGone(within: .seconds(1))
  }

  // MARK: Behavior

  package var behavior: GatewayBehavior { ledger.behavior }

  /// Holds for the next request whose head arrives; script, first failures and schedule start over.
  package func set(_ behavior: GatewayBehavior) {
    ledger.set(behavior, now: .now())
  }

  // MARK: What it received

  /// The latest requests, oldest first.
  package var received: [ReceivedRequest] { ledger.received }
  /// The jobs it was given, oldest first; at most the latest 10,000.
  package var jobs: [EmulatedJob] { ledger.jobs(at: .now()) { jobs, _ in jobs.all } }
  package var counts: GatewayCounts { ledger.counts }
  package var requestCount: Int { ledger.counts.requests }
  package var openConnections: Int { ledger.counts.openConnections }

  /// Waits without polling.
  /// - Returns: false where the task was cancelled, or the gateway stopped, before the condition held.
  @discardableResult
  package func wait(until condition: @escaping @Sendable (GatewayCounts) -> Bool) async -> Bool {
    await ledger.wait(until: condition)
  }

  /// Until so many requests were read and began to be answered.
  @discardableResult
  package func waitForRequests(count: Int) async -> Bool {
    await wait { $0.requests >= count }
  }

  /// Until so many peers left before their answer was complete.
  @discardableResult
  package func waitForAbandoned(count: Int) async -> Bool {
    await wait { $0.abandoned >= count }
  }
}
