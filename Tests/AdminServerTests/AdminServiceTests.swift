import Logging
import NIOCore
import NIOPosix
import OperatorLog
import ServiceLifecycle
import Testing

@testable import AdminServer

@Suite("AdminService")
struct AdminServiceTests {
  /// Sends bytes and reads until the server closes.
  private func exchange(_ port: Int, _ request: String) async throws -> String {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(string: request))
      var text = ""
      for try await part in inbound { text += String(buffer: part) }
      return text
    }
  }

  private func withService(
    _ configuration: AdminConfiguration, sink: MemorySink = MemorySink(), body: (Int) async throws -> Void
  ) async throws {
    let log = EventLog(sink: sink, level: .trace, now: { Samples.noon })
    let (ports, bound) = AsyncStream.makeStream(of: Int.self)
    let service = AdminService(configuration: configuration, control: SampleControl(), log: log) { bound.yield($0) }
    let group = ServiceGroup(services: [service], logger: log.logger(label: "lifecycle"))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      let port = try #require(await ports.first { _ in true })
      try await body(port)
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }

  /// However long a busy machine takes.
  private func patient(places: Int = 64) throws -> AdminConfiguration {
    var configuration = try AdminConfiguration(port: 0, places: places)
    configuration.patience.head = .max
    return configuration
  }

  @Test("Unfinished connections, far more than there are places, keep neither a probe nor a rollback out")
  func crowd() async throws {
    try await withService(patient(places: 8)) { port in
      var idle: [any Channel] = []
      for number in 0..<40 {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
          .connect(host: "127.0.0.1", port: port).get()
        if number.isMultiple(of: 2) {
          channel.writeAndFlush(ByteBuffer(string: "GET /status HTTP/1.1\r\nHost: 127.0.0.1\r\n"), promise: nil)
        }
        idle.append(channel)
      }
      let probe = try await exchange(port, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
      #expect(probe.hasPrefix("HTTP/1.1 200 OK\r\n"))
      let command = try await exchange(
        port, "POST /rollback HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
      #expect(command.hasPrefix("HTTP/1.1 200 OK\r\n"))
      for channel in idle { try? await channel.close().get() }
    }
  }

  @Test("localhost is served in both families, where the machine has both")
  func bothFamilies() async throws {
    var configuration = try AdminConfiguration(host: "localhost", port: 0)
    configuration.patience.head = .max
    try await withService(configuration) { port in
      let answer = try await exchange(port, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
      #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
      #expect(answer.contains("\r\nDate: "))
    }
  }

  @Test("It listens on a free port, tells which, answers, and stops gracefully with an idle connection open")
  func lifetime() async throws {
    let sink = MemorySink()
    try await withService(patient(), sink: sink) { port in
      #expect(port > 0)
      #expect(sink.lines.contains { $0.contains(#""event":"listening""#) && $0.contains("\"port\":\(port)}") })
      let answer = try await exchange(port, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
      #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
      #expect(answer.hasSuffix("\r\n\r\n{\"status\":\"ok\"}\n"))
      let idle = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(host: "127.0.0.1", port: port).get()
      #expect(idle.isActive)
    }
  }

  @Test("Over a socket a foreign Host, a missing Host and a foreign page are turned away")
  func gate() async throws {
    try await withService(patient()) { port in
      let rebound = try await exchange(port, "GET /status HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
      #expect(rebound.hasPrefix("HTTP/1.1 403 "))
      let nameless = try await exchange(port, "GET /status HTTP/1.1\r\nConnection: close\r\n\r\n")
      #expect(nameless.hasPrefix("HTTP/1.1 40"))
      let forged = try await exchange(
        port,
        "POST /rollback HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nOrigin: https://evil.example\r\n"
          + "Content-Length: 0\r\nConnection: close\r\n\r\n")
      #expect(forged.hasPrefix("HTTP/1.1 403 "))
    }
  }

  @Test("A body of 64 KiB and more over a socket is refused without being kept")
  func largeBody() async throws {
    try await withService(patient()) { port in
      let answer = try await exchange(
        port,
        "POST /pause HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n"
          + "Connection: close\r\n\r\n" + String(repeating: " ", count: 100_000))
      #expect(answer.hasPrefix("HTTP/1.1 413 "))
    }
  }

  @Test("An address that is taken is an error that says what to do")
  func taken() async throws {
    try await withService(patient()) { port in
      let log = EventLog(sink: MemorySink(), now: { Samples.noon })
      let second = AdminService(
        configuration: try AdminConfiguration(port: port), control: SampleControl(), log: log)
      let error = await #expect(throws: AdminServerError.self) { try await second.run() }
      #expect(error?.description.hasPrefix("the admin endpoints cannot listen on 127.0.0.1:\(port): ") == true)
    }
  }
}
