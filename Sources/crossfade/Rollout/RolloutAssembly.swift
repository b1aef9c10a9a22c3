/// Puts a rollout together, for `run` and for `demo`: proxy, runner, journal, admin endpoints, in the order they start and stop.

import AdminServer
import NIOCore
import NIOPosix
import OperatorLog
import RolloutJudge
import ServiceLifecycle
import SidecarProxy
import TrafficSplit
import UnixSignals

struct RolloutAssembly {
  var playbook: Playbook
  /// Where another playbook comes from while it runs; nil: it stays as it is.
  var source: PlaybookSource?
  /// Whether it is taken as soon as its file changes.
  var watchesFile = false
  var proxy = ProxyConfiguration()
  /// nil: no admin endpoints.
  var admin: AdminConfiguration?
  var store = StorePlace.file("crossfade.db")
  /// Whether each arm is asked for its catalogue at the start.
  var asksArms = false
  /// Share of exchanges that are logged.
  var sampling = 0.0
  var log: EventLog
  var clock: ProcessClock
  /// Told the ports once both listeners are up; the admin port is nil where there is none.
  var onReady: @Sendable (_ proxyPort: Int, _ adminPort: Int?, RolloutRunner) async -> Void = { _, _, _ in }
  /// Told every batch beside the runner, on the loops' threads; returns at once.
  var onBatch: @Sendable (LedgerBatch) -> Void = { _ in }

  /// Batches that may wait for the runner: minutes of them, so that only a stalled disk can fill it.
  private static let inboxLimit = 65_536

  /// Serves until the process is asked to stop, or until one part fails.
  ///
  /// - Parameters:
  ///   - signals: that ask it to stop.
  ///   - isOver: returns when it is to stop without a signal; nil: never.
  func run(
    stoppingOn signals: [UnixSignal] = [.sigterm, .sigint], until isOver: (@Sendable () async -> Void)? = nil
  ) async throws {
    let webhook = Webhook(log: log)
    let runner = RolloutRunner(
      playbook: playbook, source: source, store: store, log: log, clock: clock, sampling: sampling,
      threads: proxy.threads,
      notify: { decision, playbook in
        webhook.enqueue(decision, to: playbook.onDecision)
      })
    try await runner.openJournal()

    let comparison = try ComparisonService(
      playbook: playbook, storePath: store.path, log: log, clock: clock, sink: runner)
    await runner.count(by: comparison)
    let (events, inbox) = AsyncStream<RunnerEvent>.makeStream(bufferingPolicy: .bufferingNewest(Self.inboxLimit))
    let observer = observer(inbox, comparison)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: proxy.threads)
    let server = try await SidecarProxy.start(
      proxy.introduced, playbook: playbook, group: group, routing: Routing(table: .baselineOnly), observer: observer(0),
      clock: clock.now)
    try await attach(server, to: runner, observer)

    var services: [any Service] = [RunnerService(runner: runner, events: events), comparison, webhook]
    if let source {
      services.append(PlaybookReloading(runner: runner, source: source, watchesFile: watchesFile))
    }
    if let admin {
      let port = server.port
      services.append(
        AdminService(configuration: admin, control: runner, log: log) { [onReady] adminPort in
          webhook.dashboard.set(host: admin.host, port: adminPort)
          await onReady(port, adminPort, runner)
        })
    } else {
      await onReady(server.port, nil, runner)
    }
    if asksArms { services.append(ArmsAsked(playbook, authorities: proxy.certificateAuthorities, log: log)) }
    services.append(ProxyService(proxy: server, log: log))
    let serviceGroup = ServiceGroup(
      configuration: .init(services: services, gracefulShutdownSignals: signals, logger: log.logger(label: "services")))
    do {
      try await Self.run(serviceGroup, until: isOver)
    } catch {
      try await group.shutdownGracefully()
      throw error
    }
    try await group.shutdownGracefully()
  }

  /// From here on the runner steers the proxy; what an earlier process left at vendors is seen to.
  private func attach(
    _ server: SidecarProxy, to runner: RolloutRunner, _ observer: @escaping @Sendable (Int) -> ProxyObserver
  ) async throws {
    await runner.attach(
      RolloutRunner.ProxyControl(
        adopt: { try await server.adopt($0) },
        replace: { try await server.replace(playbook: $0, routing: $1, observer: observer($2)) },
        askBill: { server.askBill(of: $0, at: $1, told: $2) }))
    try await server.settle(await runner.leftJobs())
  }

  /// Tells the runner and the comparison, by the generation of the playbook under which it happened.
  private func observer(
    _ inbox: AsyncStream<RunnerEvent>.Continuation, _ comparison: ComparisonService
  ) -> @Sendable (_ generation: Int) -> ProxyObserver {
    { [log, onBatch] generation in
      ProxyObserver(
        batch: { batch in
          onBatch(batch)
          if case .dropped = inbox.yield(.batch(batch, generation)) {
            log.emit(.limitReached(name: "inbox", allowed: Self.inboxLimit, count: 1))
          }
        }, event: { inbox.yield(.proxy($0, generation)) },
        captured: { comparison.queue.offer($0, generation: generation) },
        job: { inbox.yield(.job($0, generation)) })
    }
  }

  private static func run(_ services: ServiceGroup, until isOver: (@Sendable () async -> Void)?) async throws {
    async let _: Void = {
      guard let isOver else { return }
      await isOver()
      if !Task.isCancelled { await services.triggerGracefulShutdown() }
    }()
    try await services.run()
  }
}

extension ProxyConfiguration {
  /// Tells candidates who asks.
  fileprivate var introduced: ProxyConfiguration {
    var configuration = self
    configuration.userAgent = "crossfade/\(Version.text)"
    return configuration
  }
}

/// The events that the runner is told, in the order in which they happened.
enum RunnerEvent: Sendable {
  case batch(LedgerBatch, _ generation: Int)
  case proxy(ProxyEvent, _ generation: Int)
  case job(JobEvent, _ generation: Int)
}

/// Feeds the runner until shutdown, then lets the last events in and closes the journal.
struct RunnerService: Service {
  let runner: RolloutRunner
  let events: AsyncStream<RunnerEvent>

  func run() async throws {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for await event in events.cancelOnGracefulShutdown() { await handle(event) }
      }
      group.addTask { await repeatedly(every: RolloutRunner.tick) { await runner.tick() } }
      group.addTask { await repeatedly(every: .seconds(1)) { await runner.keepAccounts() } }
      group.addTask { await repeatedly(every: FleetMembership.interval) { await runner.meet() } }
    }
    await runner.leave()
    await runner.closeJournal()
  }

  /// Until shutdown, which it does not hold up.
  private func repeatedly(every interval: Duration, _ work: @Sendable () async -> Void) async {
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
      await work()
      try? await cancelWhenGracefulShutdown { try await Task.sleep(for: interval) }
    }
  }

  private func handle(_ event: RunnerEvent) async {
    switch event {
    case .batch(let batch, let generation): await runner.receive(batch, generation: generation)
    case .proxy(let event, let generation): await runner.receive(event, generation: generation)
    case .job(let event, let generation): await runner.receive(event, generation: generation)
    }
  }
}

/// Waits for shutdown, then drains: services stop in the reverse of their order, so that the runner outlives the traffic.
struct ProxyService: Service {
  let proxy: SidecarProxy
  let log: EventLog

  func run() async throws {
    try? await gracefulShutdown()
    log.emit(.stopped(cutOff: try await proxy.stop()))
  }
}
