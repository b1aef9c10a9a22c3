/// Performs the demo: gateways, application and rollout on real sockets, stopped and cleared away at the end.

import AdminServer
import AsyncHTTPClient
import GatewayEmulation
import Foundation
import OperatorLog
import RolloutJudge
import SidecarProxy
import UnixSignals

struct DemoRun {
  let pace: DemoPace
  let seed: UInt64
  /// The journal's file, which stays; nil: a temporary one.
  let store: String?

  struct Interrupted: Error {}

  /// - Throws: `Interrupted` on SIGINT or SIGTERM; everything has been cleared away by then.
  func perform() async throws -> DemoResult {
    let gateways = try await DemoGateways.start(seed: seed)
    let client = ApplicationTraffic.client(pace)
    let folder = FileManager.default.temporaryDirectory.appending(path: "crossfade-demo-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let result = try await perform(gateways, client, store ?? folder.appending(path: "demo.db").path)
      try await clearAway(gateways, client, folder)
      return result
    } catch {
      try await clearAway(gateways, client, folder)
      throw error
    }
  }

  private func clearAway(_ gateways: DemoGateways, _ client: HTTPClient, _ folder: URL) async throws {
    try await client.shutdown()
    await gateways.stop()
    try? FileManager.default.removeItem(at: folder)
  }

  private enum Ending: Sendable {
    case told(DemoResult)
    /// The proxy was never there to tell a story of; its own error follows.
    case untold
    case stopped
  }

  private func perform(_ gateways: DemoGateways, _ client: HTTPClient, _ store: String) async throws -> DemoResult {
    let clock = ProcessClock()
    let startedAt = clock.now
    let playbook = pace.applied(
      to: try DemoPlaybook.reading(
        stable: "http://127.0.0.1:\(gateways.stable.port)/api/v1",
        challenger: "http://127.0.0.1:\(gateways.challenger.port)/v1", key: DemoGateways.challengerKey))
    let log = DemoLog(candidate: playbook.candidates[0].name, now: { clock.now })
    let (ready, announce) = AsyncStream<(proxy: Int, admin: Int)>.makeStream()
    let (end, endRollout) = AsyncStream<Never>.makeStream()
    let assembly = RolloutAssembly(
      playbook: playbook, proxy: ProxyConfiguration(port: 0), admin: try AdminConfiguration(port: 0),
      store: .file(store),
      sampling: 1, log: EventLog(sink: log, now: { clock.now }), clock: clock,
      onReady: { proxy, admin, _ in announce.yield((proxy, admin ?? 0)) })
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    return try await withThrowingTaskGroup(of: Ending.self) { group in
      group.addTask {
        defer { announce.finish() }
        try await assembly.run(stoppingOn: [], until: { for await _ in end {} })
        return .stopped
      }
      group.addTask {
        for await _ in signals { throw Interrupted() }
        return .stopped
      }
      group.addTask {
        guard let ports = await ready.first(where: { _ in true }) else { return .untold }
        let director = DemoDirector(
          pace: pace, seed: seed, playbook: playbook, clock: clock, log: log, gateways: gateways, client: client,
          proxyPort: ports.proxy, adminPort: ports.admin, startedAt: startedAt)
        return .told(try await director.direct())
      }
      return try await ending(of: &group) { endRollout.finish() }
    }
  }

  /// - Parameter endRollout: lets it drain and close its journal.
  private func ending(
    of group: inout ThrowingTaskGroup<Ending, any Error>, _ endRollout: () -> Void
  ) async throws -> DemoResult {
    defer { group.cancelAll() }
    var told: DemoResult?
    while let ending = try await group.next() {
      switch ending {
      case .told(let result):
        told = result
        endRollout()
      case .untold: break
      case .stopped:
        if let told { return told }
        throw DemoFailure("the proxy stopped before the story was told")
      }
    }
    throw DemoFailure("the story was not told")
  }
}
