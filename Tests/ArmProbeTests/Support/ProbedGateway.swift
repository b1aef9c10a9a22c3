/// A gateway on a real socket, and what a probe finds out about it.

import ArmProbe
import Foundation
import GatewayEmulation
import NIOCore
import NIOPosix
import RolloutJudge
import TrafficSplit

enum Probed {
  static let now = Instant(rfc3339: "2026-11-22T12:00:00Z") ?? Instant(nanoseconds: 0)
  static let key = Secret("sk-a-key-that-nobody-may-see")

  static func settings(_ change: (inout ProbeSettings) -> Void = { _ in }) -> ProbeSettings {
    var settings = ProbeSettings(
      requests: 3, connectTimeout: .seconds(10), timeout: .seconds(30), now: Self.now)
    change(&settings)
    return settings
  }

  static func target(
    port: Int, isTLS: Bool = false, host: String = "127.0.0.1", key: Secret? = Self.key,
    role: ProbeTarget.Role = .candidate, vendor: String = "litellm", models: [String] = ["claude-opus"]
  ) -> ProbeTarget {
    let url = ArmURL(isTLS: isTLS, host: host, port: port, basePath: "/v1")
    return ProbeTarget(
      arm: Arm(name: "litellm", vendor: vendor, url: url, key: key), role: role, models: models)
  }

  static func findings(
    _ behavior: GatewayBehavior, tls: GatewayTLS? = nil, settings: ProbeSettings = Self.settings(),
    target: (Int) -> ProbeTarget = { Self.target(port: $0) }
  ) async throws -> (ArmFindings, [ReceivedRequest]) {
    let gateway = try await EmulatedGateway.start(behavior: behavior, tls: tls)
    let outcome: Result<ArmFindings, any Error>
    do {
      outcome = .success(try await ArmProber(settings: settings).probe(target(gateway.port)))
    } catch {
      outcome = .failure(error)
    }
    let received = gateway.received
    await gateway.stop()
    return (try outcome.get(), received)
  }

  /// A port that nobody listens on.
  static func closedPort() async throws -> Int {
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    let port = listener.localAddress?.port ?? 0
    try await listener.close().get()
    return port
  }

  /// The text in a file for as long as `body` runs.
  static func withFile<Value>(_ text: String, _ body: (String) async throws -> Value) async throws -> Value {
    let file = FileManager.default.temporaryDirectory.appending(path: "authority-\(UUID().uuidString).pem")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try await body(file.path)
  }
}
