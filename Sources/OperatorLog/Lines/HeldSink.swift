/// A sink that keeps its lines until something else has been said first: the greeting of a terminal.

import Synchronization

/// Keeps at most 100 lines, and counts for its caller what it has no room for.
package final class HeldSink: LineSink {
  private let sink: any LineSink
  private let held: Mutex<[[UInt8]]?>
  private static let limit = 100

  package init(_ sink: any LineSink) {
    self.sink = sink
    held = Mutex([])
  }

  package var isTerminal: Bool { sink.isTerminal }

  package func write(_ line: [UInt8]) -> Bool {
    held.withLock { held in
      guard let count = held?.count else { return sink.write(line) }
      guard count < Self.limit else { return false }
      held?.append(line)
      return true
    }
  }

  /// - Parameter lines: written before all that was kept; from here on nothing is kept.
  package func release(after lines: [String] = []) {
    held.withLock { held in
      guard let kept = held else { return }
      for line in lines { _ = sink.write(Array("\(line)\n".utf8)) }
      for line in kept { _ = sink.write(line) }
      held = nil
    }
  }
}
