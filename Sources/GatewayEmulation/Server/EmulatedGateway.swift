/// A real server on a real socket that behaves like an LLM gateway, for rehearsals, for the demo and for tests.
package import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

package struct EmulatedGateway: Sendable {
  private let ledger: GatewayLedger
  private let listener: any Channel
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
    let ledger = GatewayLedger(behavior: behavior, recordLimit: recordLimit, now: .now())
    let listener = try await ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try prepare(channel, ledger: ledger, tls: tlsContext)
        }
      }
      .bind(host: host, port: port).get()
    listener.closeFuture.whenComplete { _ in ledger.listenerClosed() }
    return EmulatedGateway(ledger: ledger, listener: listener, port: listener.localAddress?.port ?? port)
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
    listener.close(promise: nil)
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
    listener.close(promise: nil)
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
