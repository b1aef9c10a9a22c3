/// An upstream that a story plays by hand, byte by byte, where an emulated gateway would be too well-behaved.

import NIOCore
import NIOPosix
import Synchronization
import Testing

final class ScriptedArm: Sendable {
  private struct State {
    var waiting: [WirePeer] = []
    var taker: CheckedContinuation<WirePeer, Never>?
    var accepted = 0
  }

  private let state = Mutex(State())
  private let listener = Mutex<(any Channel)?>(nil)

  /// - Parameters:
  ///   - reads: whether its connections take what is sent to them, until a story says otherwise.
  ///   - port: where nobody answered before; nil for any free one.
  static func start(reads: Bool = true, at port: ReservedPort? = nil) async throws -> ScriptedArm {
    let arm = ScriptedArm()
    // One loop, so that connections are handed out in the order in which they came.
    let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton.any())
      .childChannelOption(.autoRead, value: reads)
      .childChannelInitializer { channel in
        let peer = WirePeer()
        return peer.prepare(channel).map { arm.accepted(peer) }
      }
    let listener =
      if let port {
        try await bootstrap.withBoundSocket(port.handOver()).get()
      } else {
        try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
      }
    arm.listener.withLock { $0 = listener }
    return arm
  }

  var port: Int { listener.withLock { $0 }?.localAddress?.port ?? 0 }
  var acceptedCount: Int { state.withLock { $0.accepted } }

  /// The next connection, in the order in which they came; one that is not connected where the test's time is up.
  func accept() async -> WirePeer {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let peer = state.withLock { state -> WirePeer? in
          if !state.waiting.isEmpty { return state.waiting.removeFirst() }
          if Task.isCancelled { return WirePeer() }
          state.taker = continuation
          return nil
        }
        if let peer { continuation.resume(returning: peer) }
      }
    } onCancel: {
      state.withLock { state in
        defer { state.taker = nil }
        return state.taker
      }?.resume(returning: WirePeer())
    }
  }

  /// Answers one request of this client on a connection of its own, which stays open.
  func serve(_ client: WirePeer) async -> WirePeer {
    client.send(Request.chat())
    let upstream = await accept()
    _ = await upstream.receiveMessage()
    upstream.send(scriptedAnswer())
    let answer = await client.receiveMessage()
    #expect(answer.status == 200)
    return upstream
  }

  private func accepted(_ peer: WirePeer) {
    let taker = state.withLock { state -> CheckedContinuation<WirePeer, Never>? in
      state.accepted += 1
      defer { state.taker = nil }
      if state.taker == nil { state.waiting.append(peer) }
      return state.taker
    }
    taker?.resume(returning: peer)
  }

  func stop() async throws {
    try await listener.withLock { $0 }?.close().get()
  }
}

/// What a hand that plays an arm answers.
func scriptedAnswer(_ body: String = "ok") -> String {
  "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
}
