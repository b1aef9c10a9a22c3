/// The three things that a job waits for: its next question, its deadline, and the next sign of life to its client.

import NIOCore

final class JobClock {
  enum Alarm: Hashable { case next, deadline, comment }

  private let loop: LoopState
  private var alarms: [Alarm: Scheduled<Void>] = [:]

  init(_ loop: LoopState) { self.loop = loop }

  /// In place of the one of its kind that was set before.
  func set(_ alarm: Alarm, after nanoseconds: Int64, _ body: @escaping () -> Void) {
    alarms[alarm]?.cancel()
    alarms[alarm] = loop.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(max(nanoseconds, 0))) { [loop] in
      loop.tick()
      body()
    }
  }

  func stop() {
    for alarm in alarms.values { alarm.cancel() }
    alarms = [:]
  }
}
