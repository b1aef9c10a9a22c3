/// A client that sends and keeps bytes and nothing else, so that tests see exactly what was on the wire.
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import TestCertificates

final class RawClient: Sendable {
  enum Ending: Sendable, Equatable {
    case open
    case closed
    case reset
  }

  struct Received: Sendable {
    var bytes: [UInt8] = []
    var ending = Ending.open

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Head and body of the one answer in `bytes`.
    var head: String {
      let end = bytes.firstRange(of: Array("\r\n\r\n".utf8))?.lowerBound ?? bytes.endIndex
      return String(decoding: bytes[..<end], as: UTF8.self)
    }
    var body: [UInt8] {
      guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return [] }
      return Array(bytes[end.upperBound...])
    }
    var bodyText: String { String(decoding: body, as: UTF8.self) }

    func header(_ name: String) -> String? {
      head.split("\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }
        .map { String($0.dropFirst(name.count + 2)) }
    }
  }

  private struct State {
    var received = Received()
    var waiter: (condition: @Sendable (Received) -> Bool, continuation: CheckedContinuation<Received, Never>)?
  }

  private let state = Mutex(State())
  private let channel = Mutex<(any Channel)?>(nil)

  static func connect(_ port: Int, tls: Bool = false) async throws -> RawClient {
    let client = RawClient()
    let context = tls ? try tlsContext() : nil
    let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let context {
            try channel.pipeline.syncOperations.addHandler(
              NIOSSLClientHandler(context: context, serverHostname: nil))
          }
          try channel.pipeline.syncOperations.addHandler(Collector(client: client))
        }
      }
    do {
      let channel = try await bootstrap.connect(host: "127.0.0.1", port: port).get()
      client.channel.withLock { $0 = channel }
    } catch let error as NIOConnectionError where error.connectionErrors.contains(where: { isReset($0.error) }) {
      // A reset that is quicker than the end of the connect.
      client.update { $0.ending = .reset }
    }
    return client
  }

  fileprivate static func isReset(_ error: any Error) -> Bool {
    // ECONNRESET on Linux and on Darwin.
    (error as? IOError).map { [104, 54].contains($0.errnoCode) } ?? false
  }

  private static func tlsContext() throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .certificates(
      try NIOSSLCertificate.fromPEMBytes(Array(TestCertificate.certificate.utf8)))
    configuration.certificateVerification = .noHostnameVerification
    return try NIOSSLContext(configuration: configuration)
  }

  func send(_ text: String) {
    send(Array(text.utf8))
  }

  func send(_ bytes: [UInt8]) {
    channel.withLock { $0 }?.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
  }

  func close() {
    channel.withLock { $0 }?.close(promise: nil)
  }

  /// What has arrived once the condition holds, or the connection has ended.
  func receive(until condition: @escaping @Sendable (Received) -> Bool) async -> Received {
    await withCheckedContinuation { continuation in
      let ready: Received? = state.withLock {
        if condition($0.received) || $0.received.ending != .open { return $0.received }
        $0.waiter = (condition, continuation)
        return nil
      }
      if let ready { continuation.resume(returning: ready) }
    }
  }

  func receive(upTo end: String) async -> Received {
    await receive { $0.text.hasSuffix(end) }
  }

  func receiveAll() async -> Received {
    await receive { _ in false }
  }

  /// One answer with a `Content-Length`, taken off what has arrived.
  func receiveAnswer() async -> Received {
    let all = await receive { received in
      guard let length = received.header("content-length").flatMap({ Int($0) }) else { return false }
      return received.body.count >= length
    }
    let count = all.bytes.count - all.body.count + (all.header("content-length").flatMap { Int($0) } ?? 0)
    state.withLock { $0.received.bytes.removeFirst(min(count, $0.received.bytes.count)) }
    return Received(bytes: Array(all.bytes.prefix(count)), ending: all.ending)
  }

  fileprivate func update(_ change: (inout Received) -> Void) {
    let woken: (CheckedContinuation<Received, Never>, Received)? = state.withLock {
      change(&$0.received)
      guard let waiter = $0.waiter, waiter.condition($0.received) || $0.received.ending != .open else { return nil }
      $0.waiter = nil
      return (waiter.continuation, $0.received)
    }
    woken?.0.resume(returning: woken!.1)
  }
}

private final class Collector: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let client: RawClient

  init(client: RawClient) {
    self.client = client
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    client.update { $0.bytes += Array(bytes.readableBytesView) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if RawClient.isReset(error) {
      client.update { $0.ending = .reset }
    }
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    client.update { if $0.ending == .open { $0.ending = .closed } }
  }
}

extension String {
  func split(_ separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
