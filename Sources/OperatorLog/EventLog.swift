/// The log an operator reads: events in, one line each out, on standard error.

package import Logging
package import RolloutJudge
import Synchronization

package struct EventLog: Sendable {
  /// No line is longer, whatever its values are.
  package static let maxLineBytes = 64 << 10

  package let level: Logger.Level
  private let format: LineFormat
  private let inColour: Bool
  private let now: @Sendable () -> Instant
  private let output: Output

  /// - Parameters:
  ///   - level: events below it are not written.
  ///   - colour: whether the text format may use colour; it does only where the sink is a terminal.
  ///   - now: the instant of events that come without one.
  package init(
    sink: any LineSink, format: LineFormat = .json, level: Logger.Level = .info, colour: Bool = true,
    now: @escaping @Sendable () -> Instant
  ) {
    self.level = level
    self.format = format
    self.inColour = colour && sink.isTerminal
    self.now = now
    self.output = Output(sink: sink)
  }

  /// On standard error.
  package static func standardError(
    format: LineFormat = .json, level: Logger.Level = .info, colour: Bool = true,
    now: @escaping @Sendable () -> Instant
  ) -> EventLog {
    EventLog(sink: DescriptorSink(descriptor: 2), format: format, level: level, colour: colour, now: now)
  }

  /// - Parameter at: when it happened; nil: now.
  package func emit(_ event: OperatorEvent, at: Instant? = nil) {
    emit(event.record, at: at)
  }

  /// A logger for libraries; its lines are `notice` events.
  package func logger(label: String) -> Logger {
    Logger(label: label, factory: { CrossfadeLogHandler(label: $0, log: self) })
  }

  /// Lines that the sink did not take, since the start.
  package var lostLines: Int { output.lost.withLock { $0.total } }

  func emit(_ record: EventRecord, at instant: Instant?) {
    let at = instant ?? now()
    guard record.level >= level else { return }
    let allowed = record.kind.row.linesPerSecond
    let verdict = output.budget.withLock { $0.lineArrived(record.kind, allowed: allowed, at: at) }
    guard case .allowed(let suppressed) = verdict else { return }
    guard output.write(render(Line(record: record, at: at, suppressed: suppressed))) else { return }
    if let lost = output.takeUnreported() {
      _ = output.write(render(Line(record: .linesDropped(lost), at: at)))
    }
  }

  private func render(_ line: Line) -> [UInt8] {
    switch format {
    case .json: line.json
    case .text: line.text(inColour: inColour)
    }
  }

  /// The output that all copies of a log share.
  private final class Output: Sendable {
    let sink: any LineSink
    let budget = Mutex(LineBudget())
    let lost = Mutex((total: 0, unreported: 0))

    init(sink: any LineSink) { self.sink = sink }

    func write(_ line: [UInt8]) -> Bool {
      if sink.write(line) { return true }
      lost.withLock { $0 = ($0.total + 1, $0.unreported + 1) }
      return false
    }

    func takeUnreported() -> Int? {
      lost.withLock { lost in
        defer { lost.unreported = 0 }
        return lost.unreported > 0 ? lost.unreported : nil
      }
    }
  }
}
