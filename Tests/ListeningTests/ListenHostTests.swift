import NIOCore
import NIOPosix
import Testing

@testable import Listening

@Suite struct ListenHostTests {
  private func listeners(_ host: String, port: Int = 0) async throws -> [any Channel] {
    let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    return try await ListenHost.bind(host, port: port) {
      try await bootstrap.bind(to: $0).get()
    } close: {
      try? await $0.close().get()
    } boundPort: {
      $0.localAddress?.port
    }
  }

  @Test("a literal is itself, localhost both families")
  func addresses() throws {
    #expect(try ListenHost.addresses(of: "::1", port: 5).map(\.ipAddress) == ["::1"])
    #expect(try ListenHost.addresses(of: "127.0.0.1", port: 5).map(\.port) == [5])
    #expect(try ListenHost.addresses(of: "LOCALHOST", port: 5).map(\.ipAddress) == ["127.0.0.1", "::1"])
  }

  @Test("localhost listens on one port in every family that the machine has")
  func bothFamilies() async throws {
    let listeners = try await listeners("localhost")
    #expect(!listeners.isEmpty && Set(listeners.map { $0.localAddress?.port }).count == 1)
    for listener in listeners { try await listener.close().get() }
  }

  @Test("a port that is taken says so, and what to look at")
  func taken() async throws {
    let first = try await listeners("127.0.0.1")
    let port = try #require(first.first?.localAddress?.port)
    let error = await #expect(throws: IOError.self) { _ = try await listeners("127.0.0.1", port: port) }
    let reason = ListenHost.reason(try #require(error), port: port)
    #expect(reason == "Address already in use; `ss -ltnp 'sport = :\(port)'` shows who holds port \(port)")
    for listener in first { try await listener.close().get() }
  }
}
