/// The sockets of the admin endpoints: Hummingbird's HTTP/1.1 on listeners and connections of our own, so that a crowd cannot
/// take every place.

import Hummingbird
import HummingbirdCore
import Listening
import Logging
import NIOCore
import NIOPosix

struct AdminListener {
  typealias Socket = NIOAsyncChannel<HTTP1Channel.Value, Never>

  let responder: AdminResponder
  let crowd: AdminCrowd
  /// The connections accepted at all: a newcomer must get in for another to be closed.
  let places: ConnectionPlaces
  let onShortage: @Sendable (Shortage) -> Void

  private var http: HTTP1Channel {
    HTTP1Channel(
      responder: { [responder, crowd] request, writer, channel in
        let isReserved = Endpoint(rawValue: request.uri.path)?.isReserved ?? false
        let mayAnswer = crowd.headRead(channel, isReserved: isReserved)
        var response =
          mayAnswer
          ? await responder.response(to: request) : Response(.refusal(.crowded), isHead: request.method == .head)
        response.headers[.date] = HTTPDate.now
        try await writer.write(response: response.head, body: response.body)
        crowd.answered(channel)
      },
      configuration: .init(
        idleTimeout: .seconds(60),
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: AdminLimits.headerBytes, maxHeaderListSize: AdminLimits.headerBytes,
          maxHeaderFieldCount: 100)))
  }

  func bind(_ host: String, port: Int) async throws -> [Socket] {
    let http = http
    let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelOption(.maxMessagesPerRead, value: AcceptGate.burst)
      .serverChannelInitializer { [places, onShortage] channel in
        channel.eventLoop.makeCompletedFuture {
          let gate = AcceptGate(places: places) { event in
            if case .shortage(let shortage) = event { onShortage(shortage) }
          }
          try channel.pipeline.syncOperations.addHandler(gate)
        }
      }
      .childChannelOption(.allowRemoteHalfClosure, value: true)
    return try await ListenHost.bind(host, port: port) { address in
      try await bootstrap.bind(to: address) { prepare($0, http) }
    } close: {
      try? await $0.channel.close().get()
    } boundPort: {
      $0.channel.localAddress?.port
    }
  }

  private func prepare(_ channel: any Channel, _ http: HTTP1Channel) -> EventLoopFuture<HTTP1Channel.Value> {
    crowd.opened(channel)
    return channel.eventLoop.makeCompletedFuture {
      try channel.pipeline.syncOperations.addHandler(CrowdEar(crowd))
    }.flatMap { http.setup(channel: channel, logger: responder.logger) }
  }

  /// Accepts and answers until the listener is closed and the last connection has left.
  func serve(_ socket: Socket) async throws {
    let http = http
    try await socket.executeThenClose { connections in
      await withDiscardingTaskGroup { group in
        do {
          for try await connection in connections {
            group.addTask { await http.handle(value: connection, logger: responder.logger) }
          }
        } catch {
          responder.logger.error("the admin listener failed", error: error)
        }
      }
    }
  }

  /// One request on a pair of sockets of our own, before anything listens: every type of a connection has then been met once,
  /// by one thread.
  func rehearse() async throws {
    guard let pair = SocketPair() else { return }
    defer { pair.closeOurs() }
    let http = HTTP1Channel(responder: { _, writer, _ in
      try await writer.writeResponse(.init(status: .ok, headerFields: [.contentLength: "0"]))
    })
    let connection = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .withConnectedSocket(pair.theirs) { channel in http.setup(channel: channel, logger: responder.logger) }
    pair.send("GET / HTTP/1.1\r\nHost: rehearsal\r\nConnection: close\r\n\r\n")
    pair.finish()
    await http.handle(value: connection, logger: responder.logger)
  }
}
