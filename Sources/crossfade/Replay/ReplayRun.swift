/// Carries a replay out: the real proxy on a loopback port, a stand-in for the baseline behind it, a sender before it.

import AsyncHTTPClient
import NIOCore
import OperatorLog
import RolloutJudge
import SidecarProxy
import UnixSignals

struct ReplayRun: Sendable {
  var playbook: Playbook
  /// Index of the candidate that gets the copies.
  var candidate: Int
  var recording: Recording
  var pace: ReplayPace
  /// USD.
  var budget: Double?
  var storePath: String
  /// For a baseline that has none in the playbook.
  var baselineKey: Secret?
  var certificateAuthorities: String?
  var log: EventLog
  var clock: ProcessClock

  private var timeout: Duration { playbook.traffic.timeouts.total }

  /// - Parameter progress: told the figures twice a second.
  /// - Throws: what the store, the proxy or the stand-in cannot do.
  func run(
    stoppingOn signals: [UnixSignal] = [.sigint, .sigterm],
    progress: @escaping @Sendable (ReplayFigures) -> Void = { _ in }
  ) async throws -> ReplayResult {
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.httpVersion = .http1Only
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = ReplayPace.inFlightLimit
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    let outcome: Result<ReplayResult, any Error>
    do { outcome = .success(try await run(client, signals, progress)) } catch { outcome = .failure(error) }
    try await client.shutdown()
    return try outcome.get()
  }

  private enum Ending: Sendable {
    case replayed(ReplayLedger.Stop?)
    case partEnded
  }

  private func run(
    _ client: HTTPClient, _ signals: [UnixSignal], _ progress: @escaping @Sendable (ReplayFigures) -> Void
  ) async throws -> ReplayResult {
    let ledger = ReplayLedger(budget: budget)
    let baseline = RecordedBaseline(
      requests: recording.requests, arm: playbook.baseline, key: baselineKey, client: client, timeout: timeout)
    let (ports, announce) = AsyncStream<Int>.makeStream()
    let (batches, inbox) = AsyncStream<LedgerBatch>.makeStream()
    return try await withThrowingTaskGroup(of: Ending.self) { group in
      group.addTask {
        try await baseline.serve { announce.yield($0) }
        return .partEnded
      }
      group.addTask {
        for await batch in batches { await ledger.receive(batch) }
        return .partEnded
      }
      group.addTask {
        while true {
          do { try await Task.sleep(for: .milliseconds(500)) } catch { return .partEnded }
          progress(await ledger.figures)
        }
      }
      group.addTask {
        guard let port = await ports.first(where: { _ in true }) else { return .partEnded }
        defer { inbox.finish() }
        return .replayed(try await replay(client, ledger, port, signals) { inbox.yield($0) })
      }
      while let ending = try await group.next() {
        guard case .replayed(let stop) = ending else { continue }
        let figures = await ledger.figures
        progress(figures)
        group.cancelAll()
        // The parts end by being cancelled, which they may report as an error.
        while let _ = await group.nextResult() {}
        return ReplayResult(figures: figures, stop: stop, planned: recording.requests.count)
      }
      throw CancellationError()
    }
  }

  private func replay(
    _ client: HTTPClient, _ ledger: ReplayLedger, _ baselinePort: Int, _ signals: [UnixSignal],
    _ receive: @escaping @Sendable (LedgerBatch) -> Void
  ) async throws -> ReplayLedger.Stop? {
    let (ready, announce) = AsyncStream<Int>.makeStream()
    let (stops, report) = AsyncStream<ReplayLedger.Stop?>.makeStream()
    let assembly = RolloutAssembly(
      playbook: playbook.replaying(candidate: candidate, baselinePort: baselinePort),
      proxy: ProxyConfiguration(port: 0, certificateAuthorities: certificateAuthorities), store: .file(storePath),
      log: log, clock: clock, onReady: { port, _, _ in announce.yield(port) }, onBatch: receive)
    let sender = ReplaySender(
      requests: recording.requests, candidate: playbook.candidates[candidate], pace: pace, hasBudget: budget != nil,
      timeout: timeout, client: client, ledger: ledger)
    defer { report.finish() }
    try await assembly.run(stoppingOn: signals) {
      guard let port = await ready.first(where: { _ in true }) else { return }
      report.yield(await sender.send(toPort: port))
    }
    report.finish()
    // None came where a signal ended it first.
    for await stop in stops { return stop }
    return .notReached("interrupted")
  }
}

struct ReplayResult: Sendable, Equatable {
  var figures: ReplayFigures
  /// Why not everything was sent.
  var stop: ReplayLedger.Stop?
  /// Requests that were to be sent.
  var planned: Int
}
