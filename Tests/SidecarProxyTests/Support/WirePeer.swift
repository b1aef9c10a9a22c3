/// One end of a connection that sends and keeps bytes and nothing else: stories see exactly what was on the wire.

import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

final class WirePeer: Sendable {
  enum Ending: Sendable, Equatable {
    case open
    case closed
    case reset
  }

  private struct State {
    var bytes: [UInt8] = []
    var keepsBytes = true
    /// Of all that was ever received.
    var count = 0
    var ending = Ending.open
    var waiter: (condition: @Sendable (State) -> Bool, continuation: CheckedContinuation<Void, Never>)?
  }

  private let state = Mutex(State())
  private let channel = Mutex<(any Channel)?>(nil)

  /// - Parameter sendsOn: where the other side closes its half, this side goes on sending.
  static func connect(_ port: Int, sendsOn: Bool = false) async throws -> WirePeer {
    let peer = WirePeer()
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.allowRemoteHalfClosure, value: sendsOn)
      .channelInitializer { peer.prepare($0) }
      .connect(host: "127.0.0.1", port: port).get()
    peer.channel.withLock { $0 = channel }
    return peer
  }

  func prepare(_ channel: any Channel) -> EventLoopFuture<Void> {
    self.channel.withLock { $0 = channel }
    return channel.eventLoop.makeCompletedFuture {
      try channel.pipeline.syncOperations.addHandler(Collector(peer: self))
    }
  }

  // MARK: sending

  func send(_ text: String) { send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) {
    channel.withLock { $0 }?.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
  }

  /// Whether the kernel took all of it; false where the other side closed before.
  @discardableResult
  func sendAll(_ bytes: [UInt8]) async -> Bool {
    guard let channel = channel.withLock({ $0 }) else { return false }
    do {
      try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
      return true
    } catch {
      return false
    }
  }

  var isWritable: Bool { channel.withLock { $0 }?.isWritable ?? false }

  func close() { channel.withLock { $0 }?.close(promise: nil) }

  /// RST.
  func reset() {
    guard let channel = channel.withLock({ $0 }), let options = channel as? any SocketOptionProvider else { return }
    options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in channel.close(promise: nil) }
  }

  func stopReading() async throws {
    try await channel.withLock { $0 }?.setOption(.autoRead, value: false).get()
  }

  func startReading() async throws {
    try await channel.withLock { $0 }?.setOption(.autoRead, value: true).get()
  }

  // MARK: receiving

  /// What arrives from now on is counted and not kept.
  func onlyCount() { state.withLock { $0.keepsBytes = false } }

  var received: [UInt8] { state.withLock { $0.bytes } }
  var receivedCount: Int { state.withLock { $0.count } }
  var ending: Ending { state.withLock { $0.ending } }

  /// Until `count` bytes have arrived in all, or the connection has ended.
  func waitForBytes(_ count: Int) async { await wait { $0.count >= count } }

  /// Until the connection has ended; what is left of its bytes.
  func receiveAll() async -> [UInt8] {
    await wait { _ in false }
    return received
  }

  /// Until the text is there; all bytes up to its end are taken off.
  func receive(upTo text: String) async -> [UInt8] {
    let end = Array(text.utf8)
    await wait { $0.bytes.firstRange(of: end) != nil }
    return state.withLock { state in
      let count = state.bytes.firstRange(of: end)?.upperBound ?? state.bytes.count
      defer { state.bytes.removeFirst(count) }
      return Array(state.bytes[..<count])
    }
  }

  /// The next whole message, taken off what has arrived; cut short where the connection ends inside it.
  /// - Parameter toHead: the answer has no body whatever its head says.
  func receiveMessage(toHead: Bool = false) async -> WireMessage {
    await wait { WireMessage.length(of: $0.bytes, toHead: toHead) != nil }
    return state.withLock { state in
      let count = WireMessage.length(of: state.bytes, toHead: toHead) ?? state.bytes.count
      defer { state.bytes.removeFirst(count) }
      return WireMessage(Array(state.bytes[..<count]), ending: state.ending)
    }
  }

  /// Ends early where the test's time is up.
  private func wait(until condition: @escaping @Sendable (borrowing State) -> Bool) async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isReady = state.withLock { state in
          if state.ending != .open || condition(state) || Task.isCancelled { return true }
          state.waiter = ({ condition($0) }, continuation)
          return false
        }
        if isReady { continuation.resume() }
      }
    } onCancel: {
      state.withLock { state in
        defer { state.waiter = nil }
        return state.waiter?.continuation
      }?.resume()
    }
  }

  fileprivate func received(_ bytes: ByteBufferView) {
    update {
      if $0.keepsBytes { $0.bytes += bytes }
      $0.count += bytes.count
    }
  }

  fileprivate func ended(_ ending: Ending) {
    update { if $0.ending == .open { $0.ending = ending } }
  }

  private func update(_ change: (inout State) -> Void) {
    let woken = state.withLock { state -> CheckedContinuation<Void, Never>? in
      change(&state)
      guard let waiter = state.waiter, state.ending != .open || waiter.condition(state) else { return nil }
      state.waiter = nil
      return waiter.continuation
    }
    woken?.resume()
  }
}

private final class Collector: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let peer: WirePeer

  init(peer: WirePeer) { self.peer = peer }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    peer.received(unwrapInboundIn(data).readableBytesView)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // ECONNRESET on Linux and on Darwin.
    if let error = error as? IOError, [104, 54].contains(error.errnoCode) { peer.ended(.reset) }
    context.close(promise: nil)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed = event { peer.ended(.closed) }
  }

  func channelInactive(context: ChannelHandlerContext) { peer.ended(.closed) }
}
