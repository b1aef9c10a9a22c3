/// Looks at the playbook's file again on SIGHUP, and where that is asked for whenever it changes.

import ServiceLifecycle
import UnixSignals

struct PlaybookReloading: Service {
  let runner: RolloutRunner
  let source: PlaybookSource
  let watchesFile: Bool

  /// A file that is being written is left alone until it has stood still for one interval.
  private static let interval = Duration.milliseconds(200)

  func run() async throws {
    // Trapped before anything else is done: untrapped it would end the process.
    let signals = await UnixSignalsSequence(trapping: .sighup)
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for await _ in signals.cancelOnGracefulShutdown() { await runner.reload(because: "SIGHUP") }
      }
      if watchesFile { group.addTask { await watch() } }
    }
  }

  private func watch() async {
    var taken = source.stamp
    var seen = taken
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
      try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.interval) }
      let now = source.stamp
      if let now, now == seen, now != taken {
        taken = now
        await runner.reload(because: "--watch")
      }
      seen = now
    }
  }
}
