/// A sink that keeps its lines, and can be told to take none.

import Synchronization

@testable import OperatorLog

final class MemorySink: LineSink {
  let isTerminal: Bool
  private let state = Mutex((lines: [String](), isFull: false))

  init(isTerminal: Bool = false) { self.isTerminal = isTerminal }

  var lines: [String] { state.withLock { $0.lines } }

  var isFull: Bool {
    get { state.withLock { $0.isFull } }
    set { state.withLock { $0.isFull = newValue } }
  }

  func write(_ line: [UInt8]) -> Bool {
    state.withLock { state in
      guard !state.isFull else { return false }
      state.lines.append(String(decoding: line, as: UTF8.self))
      return true
    }
  }
}
