/// One request before anything listens, so that every type on the data path has been met once, by one thread. Two loops that
/// make the metadata of the same type at the same moment have been seen to end the process.

import Listening
import NIOCore
import NIOPosix
import NIOSSL
import RolloutJudge
import TrafficSplit

enum FirstMeeting {
  /// A client asks for a path that there is not, on a pair of sockets of our own; nothing of it is counted anywhere. Where the
  /// system has no sockets to give, there is no rehearsal.
  static func rehearse(
    _ playbook: Playbook, _ configuration: ProxyConfiguration, on eventLoop: any EventLoop
  ) async throws {
    guard let client = SocketPair(), let arm = SocketPair() else { return }
    defer {
      client.closeOurs()
      arm.closeOurs()
    }
    let shared = ProxyShared(
      playbook: playbook, configuration: configuration, observer: ProxyObserver(batch: { _ in }, event: { _ in }),
      tls: try NIOSSLContext(configuration: .makeClientConfiguration()), epoch: 0)
    let bootstrap = ClientBootstrap(group: eventLoop)
    let served = try await bootstrap.channelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        let loop = LoopState(
          eventLoop: channel.eventLoop, number: 0, shared: shared, routing: Routing(table: .baselineOnly), seed: 0)
        try channel.pipeline.syncOperations.addHandler(ClientConnection(loop: loop))
      }
    }.withConnectedSocket(client.theirs).get()
    let reached = try await bootstrap.channelInitializer { channel in
      channel.eventLoop.makeCompletedFuture { try prepare(channel, shared) }
    }.withConnectedSocket(arm.theirs).get()
    client.send("GET / HTTP/1.1\r\nHost: rehearsal\r\nConnection: close\r\n\r\n")
    client.finish()
    try await served.closeFuture.get()
    try await reached.close().get()
  }

  private static func prepare(_ channel: any Channel, _ shared: ProxyShared) throws {
    let loop = LoopState(
      eventLoop: channel.eventLoop, number: 0, shared: shared, routing: Routing(table: .baselineOnly), seed: 0)
    let pipeline = channel.pipeline.syncOperations
    if let tls = shared.tls { try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: nil)) }
    let pool = UpstreamPool(target: shared.targets[0], loop: loop, tls: nil, isForCopies: false)
    let nowhere = try SocketAddress(ipAddress: "127.0.0.1", port: 0)
    try pipeline.addHandler(UpstreamConnection(pool: pool, loop: loop, connectTime: 0, address: nowhere, generation: 0))
  }
}
