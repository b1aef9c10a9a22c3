import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Testing

@testable import Listening

@Suite(.timeLimit(.minutes(1))) struct AcceptGateTests {
  @Test("a listener whose places are taken leaves newcomers waiting, and takes them in when one leaves")
  func places() async throws {
    let places = ConnectionPlaces(limit: 2)
    let (events, seen) = AsyncStream.makeStream(of: AcceptGate.Event.self)
    let (children, accepted) = AsyncStream.makeStream(of: (any Channel).self)
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.maxMessagesPerRead, value: 1)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(AcceptGate(places: places) { seen.yield($0) })
        }
      }
      .childChannelInitializer { channel in
        accepted.yield(channel)
        return channel.eventLoop.makeSucceededVoidFuture()
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let address = try #require(listener.localAddress)
    var clients: [any Channel] = []
    // The kernel takes them all; two are accepted.
    for _ in 0..<4 { clients.append(try await ClientBootstrap(group: listener.eventLoop).connect(to: address).get()) }
    var arrived = children.makeAsyncIterator()
    let first = try #require(await arrived.next())
    _ = await arrived.next()
    let event = await events.first { _ in true }
    #expect(event == .full)
    #expect(places.open == 2)
    try await first.close().get()
    _ = await arrived.next()
    #expect(places.open == 2, "one came in for the one that left")
    for client in clients { try? await client.close().get() }
    try await listener.close().get()
  }

  @Test("what the process runs out of is told from what a peer does")
  func shortage() {
    #expect(Shortage(IOError(errnoCode: EMFILE, reason: "accept")) == .descriptors)
    #expect(Shortage(IOError(errnoCode: ENFILE, reason: "accept")) == .descriptors)
    #expect(Shortage(IOError(errnoCode: EADDRNOTAVAIL, reason: "connect")) == .ports)
    #expect(Shortage(IOError(errnoCode: ENOBUFS, reason: "connect")) == .memory)
    #expect(Shortage(IOError(errnoCode: ENOMEM, reason: "connect")) == .memory)
    for code in [ECONNREFUSED, ECONNRESET, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, EPIPE] {
      #expect(Shortage(IOError(errnoCode: code, reason: "connect")) == nil)
    }
    #expect(Shortage(ChannelError.connectTimeout(.seconds(1))) == nil)
  }
}
